"""The formats of copper's own numbers."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError

from extranet import numbers


@pytest.mark.parametrize(
    ("rule", "typed", "meant"),
    [
        (numbers.endpoint_ref, "01 43 34 00 43", "0143340043"),
        (numbers.endpoint_ref, "01.43.34.00-43", "0143340043"),
        (numbers.endpoint_ref, " FT-4711 ", "FT-4711"),
        (numbers.endpoint_ref, "75056-00123", "75056-00123"),
        (numbers.endpoint_ref, "33 143340043", "33 143340043"),
        (numbers.endpoint_ref, "٠١٤٣٣٤٠٠٤٣", "٠١٤٣٣٤٠٠٤٣"),
        (numbers.mandate, "01 23 45 67", "01234567"),
        (numbers.mandate, " M-2026/7 ", "M-2026/7"),
        (numbers.rio, "01 p2 q3ab c4de", "01P2Q3ABC4DE"),
        (numbers.rio, "01P123456+AB", "01P123456+AB"),
        (numbers.batch, " b180612_00001 ", "B180612_00001"),
    ],
)
def test_what_was_typed_becomes_what_is_meant(rule: Callable[[str], str], typed: str, meant: str) -> None:
    assert rule(typed) == meant
    assert rule(meant) == meant


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        (numbers.rio, "01P2Q3ABC4D"),
        (numbers.rio, "01P2Q3ABC4D!"),
        (numbers.batch, "B1"),
        (numbers.batch, "180612_00001"),
    ],
)
def test_what_is_none_is_refused_with_what_was_typed(rule: Callable[[str], str], typed: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(typed)):
        rule(typed)

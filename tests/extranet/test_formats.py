"""The formats of copper's own numbers, and the codes of options and references in words and back."""

import re
from collections.abc import Callable

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from extranet import formats
from extranet.fields import ORDER
from extranet.formats import option_words, reference_kind, reference_words


@pytest.mark.parametrize(
    ("rule", "typed", "meant"),
    [
        (formats.endpoint_ref, "01 43 34 00 43", "0143340043"),
        (formats.endpoint_ref, "01.43.34.00-43", "0143340043"),
        (formats.endpoint_ref, " FT-4711 ", "FT-4711"),
        (formats.endpoint_ref, "75056-00123", "75056-00123"),
        (formats.endpoint_ref, "33 143340043", "33 143340043"),
        (formats.endpoint_ref, "+33 1 43 34 00 43", "0143340043"),
        (formats.endpoint_ref, "+33 (0)1 43 34 00 43", "0143340043"),
        (formats.endpoint_ref, "0033143340043", "0143340043"),
        (formats.endpoint_ref, "+596 596 50 12 34", "0596501234"),
        (formats.endpoint_ref, "06 12 34 56 78", "0612345678"),
        (formats.endpoint_ref, "143340043", "143340043"),
        (formats.endpoint_ref, "٠١٤٣٣٤٠٠٤٣", "٠١٤٣٣٤٠٠٤٣"),
        (formats.mandate, "01 23 45 67", "01234567"),
        (formats.mandate, " M-2026/7 ", "M-2026/7"),
        (formats.rio, "01 p2 q3ab c4de", "01P2Q3ABC4DE"),
        (formats.rio, "01F123456+AB", "01F123456+AB"),
        (formats.rio, "01-P-EROY4P-4TR", "01PEROY4P4TR"),
        (formats.batch, " b180612_00001 ", "B180612_00001"),
    ],
)
def test_what_was_typed_becomes_what_is_meant(rule: Callable[[str], str], typed: str, meant: str) -> None:
    assert rule(typed) == meant
    assert rule(meant) == meant


@pytest.mark.parametrize(
    ("rule", "typed"),
    [
        (formats.rio, "01P2Q3ABC4D"),
        (formats.rio, "01P2Q3ABC4D!"),
        (formats.rio, "0101234564TR"),
        (formats.rio, "01P12345+4TR"),
        (formats.rio, "+1P1234564TR"),
        (formats.batch, "B1"),
        (formats.batch, "180612_00001"),
    ],
)
def test_what_is_none_is_refused_with_what_was_typed(rule: Callable[[str], str], typed: str) -> None:
    with pytest.raises(ValidationError, match=re.escape(typed)):
        rule(typed)


@pytest.mark.parametrize("number", ["0143340043", "0240000021", "0596501234", "0987654321"])
def test_a_line_has_a_fixed_number(number: str) -> None:
    """ARCEP's numbering plan (decision 2018-0881): 01 to 05 by place, 09 without one."""
    assert formats.is_line_number(number)
    assert not formats.is_mobile_or_special(number)


@pytest.mark.parametrize("number", ["0612345678", "0712345678", "0696201234", "0800123456", "0899123456"])
def test_a_line_has_no_mobile_or_special_number(number: str) -> None:
    """ARCEP's numbering plan (decision 2018-0881): 06 and 07 are mobile, 08 special."""
    assert not formats.is_line_number(number)
    assert formats.is_mobile_or_special(number)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("4h_bhbd", "4 h in business hours"),
        ("4h_24_7", "4 h 24/7"),
        ("8h", "8 h"),
        ("36_months", "36 months"),
        ("1_month", "1 month"),
        ("0-5m", "0 to 5 m"),
        ("60m+", "60 m or more"),
        ("active_standby", "active/standby"),
        ("by_balloon", "By balloon"),
        ("2 pigeons", "2 pigeons"),
    ],
)
def test_an_options_value_reads_as_words(code: str, words: str) -> None:
    assert option_words(code) == words


def test_an_options_value_reads_in_french() -> None:
    with translation.override("fr"):
        assert option_words("4h_bhbd") == "4\xa0h en heures ouvrées"
        assert option_words("36_months") == "36\xa0mois"


def test_the_pages_of_an_order_show_the_words() -> None:
    term = ORDER.field_at("options.contract_term.value")
    assert term
    assert (term.show("36_months"), term.type("36_months")) == ("36 months", "36_months")


def test_the_kind_of_a_reference_is_typed_and_shown_in_words() -> None:
    kind = ORDER.field_at("reference_endpoint.endpoint_ref_type")
    assert kind
    assert (kind.show("line_number"), kind.type("line_number")) == ("line number", "line number")
    for text in ("line number", "Line number", "line_number"):
        assert kind.parse(text) == "line_number"


def test_another_kind_of_reference_stays_exactly_as_eligibility_gave_it() -> None:
    assert reference_words("copper_pair") == "copper_pair"
    assert reference_kind("copper_pair") == "copper_pair"


def test_a_kind_of_reference_typed_in_french_is_understood() -> None:
    with translation.override("fr"):
        assert reference_words("line_number") == "numéro de ligne"
        assert reference_kind("Numéro de ligne") == "line_number"
        assert reference_kind("line number") == "line_number"

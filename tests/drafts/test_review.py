"""The digest of what a person reviews before they order it."""

import pytest

from drafts.actions import content_of, digest_of

SHOWN = {"note": "Ring twice", "sites": [{"city": "Lyon"}]}


@pytest.mark.parametrize(
    "other",
    [{}, SHOWN | {"note": "Ring once"}, SHOWN | {"sites": [{"city": "Paris"}]}, SHOWN | {"lift": True}],
)
def test_another_content_bears_another_mark(other: dict[str, object]) -> None:
    assert digest_of(content_of(other)) != digest_of(content_of(SHOWN))


@pytest.mark.parametrize(
    "same", [dict(reversed(SHOWN.items())), SHOWN | {"lift": False}, SHOWN | {"floor": ""}]
)
def test_the_same_content_has_the_same_digest_however_it_is_written(same: dict[str, object]) -> None:
    assert digest_of(content_of(same)) == digest_of(content_of(SHOWN))

"""Whether the vendor's document shows all that was sent."""

import pytest

from drafts.ingest import if_equal

SENT = {"to.person.name": "Ada", "goods": [{"name": "Ink"}], "note": None}


@pytest.mark.parametrize(
    "shown",
    [
        SENT,
        SENT | {"note": "", "state": "created"},
        {"to.person.name": "Ada", "note": None},
        {},
    ],
)
def test_a_document_that_shows_all_that_was_sent_or_does_not_speak_of_it_is_answered(
    shown: dict[str, object],
) -> None:
    assert if_equal(shown, SENT) == shown


@pytest.mark.parametrize(
    "shown",
    [
        SENT | {"to.person.name": "Eve"},
        SENT | {"note": "still there"},
        SENT | {"goods": []},
        SENT | {"goods": [{"name": "Ink", "count": 2}]},
    ],
)
def test_one_that_shows_something_else_is_not(shown: dict[str, object]) -> None:
    assert if_equal(shown, SENT) is None

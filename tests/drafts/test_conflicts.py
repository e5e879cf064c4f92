"""Changes on both sides, and the end of them."""

import pytest
from django.core.exceptions import BadRequest

from drafts.actions import settle
from drafts.pages import conflicts_of, decision, is_ours_to_keep
from tests.drafts.parcels import Parcel, a_parcel

pytestmark = pytest.mark.postgresql


def conflicted() -> Parcel:
    row = a_parcel(to__person__name="Ada", is_fragile=True)
    row.conflicts = {
        "to.person.name": {"was": "A", "theirs": "Eve"},
        "is_fragile": {"was": None, "theirs": False},
        "never_heard_of": {"was": None, "theirs": 7},
    }
    return row


@pytest.mark.parametrize(("ours", "holds"), [(True, "Ada"), (False, "Eve")])
def test_one_side_is_kept_and_what_was_here_before_is_returned(ours: bool, holds: str) -> None:
    row = conflicted()
    assert settle(row, "to.person.name", ours=ours) == {"to.person.name": ["Ada", holds]}
    assert row.flat_draft["to.person.name"] == holds
    assert "to.person.name" not in row.conflicts
    assert settle(row, "to.person.name", ours=not ours) == {}
    assert row.flat_draft["to.person.name"] == holds


def test_both_sides_are_shown_as_they_read() -> None:
    assert conflicts_of(conflicted()) == [
        {"path": "to.person.name", "label": "Addressee", "ours": "Ada", "theirs": "Eve"},
        {"path": "is_fragile", "label": "Fragile", "ours": "yes", "theirs": "no"},
        {"path": "never_heard_of", "label": "Never heard of", "ours": "", "theirs": "7"},
    ]


def test_a_button_says_which_side_and_where() -> None:
    assert decision("ours|to.person.name") == ("to.person.name", True)
    assert decision("theirs|goods.0.name") == ("goods.0.name", False)
    assert is_ours_to_keep("ours")
    for pressed in ("", "both|note", "note"):
        with pytest.raises(BadRequest):
            decision(pressed)

"""What a posted form does to a draft: what was typed, and the item of a list that is taken away."""

import json
from typing import Any

import pytest

from drafting.editing import as_seen, nothing_follows, texts_of
from drafting.saving import Posted, Removal, Saved, posted, take_posted
from tests.drafting.parcels import PARCEL, Parcel, a_parcel
from tests.drafting.parcels import posted as form

REMOVAL = Removal("remove-good", "goods")


def sent(row: Parcel, *, removed: str = "", **texts: str) -> Posted:
    """What the form of a parcel sends that shows it as it is."""
    post = form(**texts, seen=as_seen(texts_of(row)))
    if removed:
        post["remove-good"] = removed
    return posted(PARCEL, post, REMOVAL)


def take(row: Parcel, what: Posted) -> Saved:
    return take_posted(row, what, nothing_follows)


def two_goods(**more: Any) -> Parcel:
    return a_parcel(goods__0__name="Ink", goods__1__name="Paper", **more)


def test_a_form_says_what_was_typed_what_was_seen_and_what_is_to_go() -> None:
    what = sent(two_goods(), removed="1", note="Ring twice", unknown="x")
    assert (what.texts, what.removed) == ({"note": "Ring twice"}, ("goods", 1))
    assert json.loads(what.seen) == {"goods.0.name": "Ink", "goods.1.name": "Paper"}


@pytest.mark.parametrize("pressed", ["", "-1", "x", "1000"])
def test_a_button_that_names_no_item_takes_none_away(pressed: str) -> None:
    assert sent(two_goods(), removed=pressed).removed is None


def test_what_was_typed_goes_in_at_once_and_tells_what_it_changed() -> None:
    row = a_parcel(kind="box", note="old")
    saved = take(row, sent(row, note="new", weight="heavy"))
    assert (row.draft["note"], row.typed) == ("new", {"weight": "heavy"})
    assert (saved.changes, saved.is_item_kept) == ([{"note": ["old", "new"]}], False)
    assert saved.seen == {"kind": "box", "note": "old"}


def test_what_is_locked_stays() -> None:
    row = a_parcel(kind="box", upstream_id="1")
    saved = take(row, sent(row, kind="roll"))
    assert (row.draft["kind"], saved.edit.locked, saved.changes) == ("box", ["kind"], [{}])


def test_an_item_goes_after_what_was_typed_went_in_as_a_step_of_its_own() -> None:
    row = two_goods()
    saved = take(row, sent(row, removed="0", note="new"))
    assert row.draft == {"goods": [{"name": "Paper"}], "note": "new"}
    assert saved.changes == [
        {"note": [None, "new"]},
        {"goods.0.name": ["Ink", "Paper"], "goods.1.name": ["Paper", None]},
    ]


def test_an_item_that_is_another_by_now_stays() -> None:
    row = two_goods()
    what = sent(row, removed="0")
    row.edit({"goods.0.name": "Chalk"}, {})
    saved = take(row, what)
    assert (saved.is_item_kept, saved.changes) == (True, [{}])
    assert [good["name"] for good in row.draft["goods"]] == ["Chalk", "Paper"]

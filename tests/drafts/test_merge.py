"""Merging changes: what nobody changed stays, what one side changed wins, what both changed is a conflict."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.merge import Flat, differences, flatten, is_blank, merge, overlay, same, unflatten

pytestmark = pytest.mark.postgresql

CONTACTS = "related_contact_information"
BLANKS: list[Any] = [None, "", [], {}]

names = st.sampled_from(["note", "city", "siret", "enni", "x.y.z", "1.2"])
plain = st.one_of(st.text(max_size=3), st.integers(-9, 9), st.booleans(), st.none())
leaves = plain | st.lists(plain, max_size=3) | st.dictionaries(st.sampled_from("ab"), plain, max_size=2)
items = st.dictionaries(names, leaves, max_size=4)
documents = st.dictionaries(names, leaves, max_size=5).flatmap(
    lambda document: st.builds(lambda contacts: document | {CONTACTS: contacts}, st.lists(items, max_size=3))
)
flats = documents.map(flatten)
few = st.dictionaries(st.sampled_from("abcd"), st.sampled_from([1, 2, "", None]))


def without_blanks(document: Any) -> Any:
    """What `unflatten` may make of a document: the blanks and the empty items are gone."""
    kept = {name: value for name, value in document.items() if not is_blank(value)}
    if CONTACTS in kept:
        kept[CONTACTS] = [cleaned for item in kept[CONTACTS] if (cleaned := without_blanks(item))]
    return {name: value for name, value in kept.items() if not is_blank(value)}


def test_a_document_is_flattened_into_its_leaves_by_path() -> None:
    document = {
        "note": "by the door",
        "option_ids": ["7021", "1"],
        CONTACTS: [{"city": "Lyon", "option_ids": ["2"]}, {"city": "Brest"}],
    }
    assert flatten(document) == {
        "note": "by the door",
        "option_ids": ["7021", "1"],
        f"{CONTACTS}.0.city": "Lyon",
        f"{CONTACTS}.0.option_ids": ["2"],
        f"{CONTACTS}.1.city": "Brest",
    }


@pytest.mark.parametrize("blank", BLANKS)
def test_a_blank_says_as_much_as_nothing(blank: Any) -> None:
    assert is_blank(blank)
    assert flatten({"note": blank}) == {}
    assert unflatten({"note": blank}) == {}
    assert same(blank, None)
    assert differences({"note": blank}, {}) == []


@pytest.mark.parametrize("value", [0, False, 0.0, " ", [None], [""]])
def test_nought_and_no_are_not_blank(value: Any) -> None:
    assert not is_blank(value)
    assert flatten({"vlan": value}) == {"vlan": value}


def test_a_list_that_is_not_all_objects_is_one_value() -> None:
    assert flatten({"mixed": [{"a": 1}, 2]}) == {"mixed": [{"a": 1}, 2]}


def test_names_with_dots_are_kept_as_they_are() -> None:
    document = {"x.y": 1, "x.y.z": 2, CONTACTS: [{"x.y.z": 3}]}
    assert unflatten(flatten(document)) == document


def test_items_that_hold_nothing_are_dropped() -> None:
    assert unflatten({f"{CONTACTS}.0.city": "", f"{CONTACTS}.2.city": "Brest"}) == {
        CONTACTS: [{"city": "Brest"}]
    }


def test_more_than_ten_items_keep_their_order() -> None:
    document = {CONTACTS: [{"city": str(number)} for number in range(12)]}
    assert unflatten(flatten(document)) == document


@given(documents)
def test_unflatten_is_the_inverse_of_flatten(document: dict[str, Any]) -> None:
    assert unflatten(flatten(document)) == without_blanks(document)


@given(flats, flats)
def test_differences_are_symmetric_and_none_with_itself(one: Flat, other: Flat) -> None:
    assert differences(one, one) == []
    assert differences(one, other) == differences(other, one)


# Overlay


@given(documents)
def test_an_answer_that_shows_nothing_changes_nothing(known: dict[str, Any]) -> None:
    assert overlay(known, {}) == known
    assert overlay({}, known) == known
    assert overlay(known, known) == known


def test_a_field_absent_from_an_answer_is_unknown_not_emptied() -> None:
    known = {"note": "by the door", "state": "created", CONTACTS: [{"city": "Lyon", "siret_known": True}]}
    answer = {"state": "in_progress", CONTACTS: [{"city": "Brest"}]}
    assert overlay(known, answer) == {
        "note": "by the door",
        "state": "in_progress",
        CONTACTS: [{"city": "Brest", "siret_known": True}],
    }


def test_a_field_shown_empty_is_emptied() -> None:
    known = {"note": "by the door", CONTACTS: [{"city": "Lyon"}]}
    assert overlay(known, {"note": None, CONTACTS: []}) == {"note": None, CONTACTS: []}


def test_the_answer_says_how_many_items_there_are() -> None:
    two = {CONTACTS: [{"city": "Lyon", "siret_known": True}, {"city": "Brest"}]}
    assert overlay(two, {CONTACTS: [{"city": "Lyon"}]}) == {CONTACTS: [{"city": "Lyon", "siret_known": True}]}
    assert overlay({CONTACTS: [{"city": "Lyon"}]}, two) == two
    assert overlay({}, two) == two


def test_overlay_leaves_what_it_was_given_alone() -> None:
    known = {CONTACTS: [{"city": "Lyon"}]}
    overlay(known, {CONTACTS: [{"city": "Brest"}], "note": "new"})
    assert known == {CONTACTS: [{"city": "Lyon"}]}


# Merge


def test_each_side_s_changes_are_merged_field_by_field() -> None:
    base = {"note": "old", "city": "Lyon", "siret": "1", "enni": "CN1"}
    ours = {"note": "ours", "city": "Lyon", "siret": "2", "enni": "CN2"}
    theirs = {"note": "old", "city": "Brest", "siret": "3", "enni": "CN2"}
    merged = merge(ours, base, theirs)
    assert merged.draft == {"note": "ours", "city": "Brest", "siret": "2", "enni": "CN2"}
    assert merged.conflicts == {"siret": {"was": "1", "theirs": "3"}}


def test_emptied_on_one_side_and_changed_on_the_other_is_a_conflict() -> None:
    assert merge({}, {"note": "old"}, {"note": "theirs"}).conflicts == {
        "note": {"was": "old", "theirs": "theirs"}
    }
    assert merge({"note": "ours"}, {"note": "old"}, {}).conflicts == {"note": {"was": "old", "theirs": None}}


def test_emptied_on_both_sides_is_no_conflict() -> None:
    assert merge({"note": ""}, {"note": "old"}, {"note": None}) == ({}, {})


def test_an_item_removed_there_goes_here_too_except_for_what_was_changed_here() -> None:
    base = flatten({CONTACTS: [{"city": "Lyon"}, {"city": "Brest", "floor": "1"}]})
    theirs = flatten({CONTACTS: [{"city": "Lyon"}]})
    assert unflatten(merge(base, base, theirs).draft) == {CONTACTS: [{"city": "Lyon"}]}
    ours = base | {f"{CONTACTS}.1.floor": "2"}
    merged = merge(ours, base, theirs)
    assert merged.conflicts == {f"{CONTACTS}.1.floor": {"was": "1", "theirs": None}}
    assert merged.draft[f"{CONTACTS}.1.floor"] == "2"


def test_an_item_added_there_comes_here() -> None:
    base = flatten({CONTACTS: [{"city": "Lyon"}]})
    theirs = flatten({CONTACTS: [{"city": "Lyon"}, {"city": "Brest"}]})
    assert merge(base, base, theirs) == (theirs, {})


@given(flats, flats)
def test_what_only_they_changed_is_taken(base: Flat, theirs: Flat) -> None:
    assert merge(base, base, theirs) == (theirs, {})


@given(flats, flats)
def test_what_only_we_changed_is_kept(base: Flat, ours: Flat) -> None:
    assert merge(ours, base, base) == (ours, {})


@given(flats, flats)
def test_the_same_change_on_both_sides_is_agreement(base: Flat, both: Flat) -> None:
    assert merge(both, base, both) == (both, {})


@given(few, few, few)
def test_every_path_is_ours_or_theirs_and_a_conflict_when_both_changed_it(
    ours: Flat, base: Flat, theirs: Flat
) -> None:
    merged = merge(ours, base, theirs)
    for path in "abcd":
        mine, was, thine = ours.get(path), base.get(path), theirs.get(path)
        took_theirs = same(mine, was) and not same(was, thine)
        assert same(merged.draft.get(path), thine if took_theirs else mine)
        both = not same(mine, was) and not same(thine, was) and not same(mine, thine)
        assert (path in merged.conflicts) == both


@given(few, few, few)
def test_who_is_called_ours_makes_no_difference_to_what_is_in_conflict(
    ours: Flat, base: Flat, theirs: Flat
) -> None:
    here, there = merge(ours, base, theirs), merge(theirs, base, ours)
    assert here.conflicts.keys() == there.conflicts.keys()
    assert set(differences(here.draft, there.draft)) == set(here.conflicts)


@given(few, few, few)
def test_met_again_with_nothing_new_nothing_changes(ours: Flat, base: Flat, theirs: Flat) -> None:
    draft = merge(ours, base, theirs).draft
    assert merge(draft, theirs, theirs) == (draft, {})

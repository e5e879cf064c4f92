"""What a person typed against what they had before them: pure, but for the row itself."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from drafts import editing
from tests.drafts.parcels import PARCEL, Parcel, a_parcel, posted

pytestmark = pytest.mark.postgresql

NAME = "to.person.name"


def read(row: Parcel, texts: dict[str, str], seen: dict[str, str] | None = None) -> editing.Edit:
    return editing.read_edit(row, texts, editing.texts_of(row) if seen is None else seen)


# What is posted


def test_fields_are_read_by_path() -> None:
    form = posted(note="a", goods__3__name="Ink", to__person__name="Ada", csrfmiddlewaretoken="x", seen="{}")
    assert editing.posted_texts(PARCEL, form) == {"note": "a", "goods.3.name": "Ink", NAME: "Ada"}


def test_every_field_comes_back_under_the_path_that_its_name_was_made_of() -> None:
    paths = [*(PARCEL.names - {"goods"}), "goods.0.name", "goods.19.count"]
    query = QueryDict(mutable=True)
    query.update({editing.html_name(path): path for path in paths})
    assert editing.posted_texts(PARCEL, query) == {path: path for path in paths}


@pytest.mark.parametrize(
    "name",
    [
        "goods",
        "goods-20-name",
        "goods-999999-name",
        "goods--1-name",
        "goods-\u0661-name",
        "goods-0-nothing",
        "goods-0-name-1",
        "goods.0.name",
        "goods-TOTAL_FORMS",
        NAME,
        "note.0.a",
        "note-0-a",
        "to-person",
        "owner",
        "",
        "\0",
    ],
)
def test_what_is_no_declared_field_is_ignored(name: str) -> None:
    query = QueryDict(mutable=True)
    query[name] = "x"
    assert editing.posted_texts(PARCEL, query) == {}


def test_what_no_database_holds_and_browsers_differ_in_is_evened_out() -> None:
    assert editing.posted_texts(PARCEL, posted(note="a\0b\r\nc")) == {"note": "ab\nc"}


@given(st.text())
def test_any_seen_is_borne(text: str) -> None:
    seen = editing.seen_texts(text, Parcel())
    assert all(isinstance(each, str) for each in seen.values())


@pytest.mark.parametrize("text", ["", "[", "7", "null", "[]", "[" * 100_000, "9" * 5000])
def test_without_a_valid_seen_it_is_what_is_there_now(text: str) -> None:
    row = a_parcel(kind="box", to__person__name="Ada")
    assert editing.seen_texts(text, row) == {"kind": "box", NAME: "Ada"}


def test_what_was_seen_comes_back_as_it_went_but_for_what_is_no_field() -> None:
    texts = editing.texts_of(a_parcel(note="“é”</script>", goods__0__name="Ink"))
    seen = editing.seen_texts(editing.as_seen({**texts, "owner": "x"}), Parcel())
    assert seen == texts == {"note": "“é”</script>", "goods.0.name": "Ink"}


def test_what_a_form_carries_of_what_was_seen_is_plain_json() -> None:
    assert json.loads(editing.as_seen({"note": "é\ud800"})) == {"note": "é\ud800"}


# Reading


def test_nothing_typed_changes_nothing() -> None:
    row = a_parcel(kind="box", weight=5, stamps=["A"], goods__0__count=2)
    assert read(row, editing.texts_of(row)) == editing.Edit({}, {}, {}, [], [])


def test_a_changed_text_is_a_value_of_its_kind() -> None:
    texts = {"weight": " 1257 ", "stamps": "7021;7022", "is_fragile": "true", NAME: "", "goods.0.count": "2"}
    assert read(a_parcel(to__person__name="Ada"), texts).values == {
        "weight": 1257,
        "stamps": ["7021", "7022"],
        "is_fragile": True,
        NAME: None,
        "goods.0.count": 2,
    }


def test_a_text_that_is_no_value_is_kept_as_typed() -> None:
    edit = read(Parcel(), {"weight": " heavy ", "goods.0.count": "few"})
    assert (edit.values, edit.typed) == ({}, {"weight": "heavy", "goods.0.count": "few"})


def test_a_text_at_no_field_is_left_aside() -> None:
    assert read(Parcel(), {"owner": "me"}) == editing.Edit({}, {}, {}, [], [])


def test_somebody_elses_change_is_stale_only_where_one_typed() -> None:
    row = a_parcel(note="theirs", kind="roll")
    edit = read(row, {"note": "mine", "kind": ""}, seen={})
    assert (edit.values, edit.stale) == ({}, {"note": "theirs"})


def test_two_who_typed_the_same_do_not_disagree() -> None:
    row = a_parcel(stamps=["A", "B"])
    assert read(row, {"stamps": "A B"}, seen={}).stale == {}
    assert read(a_parcel(weight=5), {"weight": "five"}, seen={}).stale == {"weight": "5"}


def test_a_no_that_came_where_nobody_answered_is_nobodys_change() -> None:
    row = a_parcel(is_fragile=False)
    assert read(row, {"is_fragile": "true"}, seen={}).values == {"is_fragile": True}
    assert read(a_parcel(is_fragile=True), {"is_fragile": "false"}, seen={}).stale == {"is_fragile": "true"}


def test_what_is_locked_is_neither_a_value_nor_kept() -> None:
    row = a_parcel(kind="box", due="2026-11-30", upstream_id="1")
    edit = read(row, {"kind": "roll", "due": "tomorrow", "note": "z"})
    assert (edit.values, edit.typed) == ({"note": "z"}, {})
    assert set(edit.locked) == {"kind", "due"}


def test_a_locked_field_that_was_not_touched_is_not_mentioned() -> None:
    row = a_parcel(kind="box", upstream_id="1")
    assert read(row, editing.texts_of(row)).locked == []


def test_what_follows_from_what_was_typed_is_a_value_and_listed_as_filled() -> None:
    def completed(row: Parcel, edit: editing.Edit, texts: editing.Texts) -> Iterator[tuple[str, Any]]:
        if edit.values.get("kind") == "roll" and not texts.get("weight"):
            yield "weight", 900

    edit = editing.read_edit(Parcel(), {"kind": "roll"}, {}, completed)
    assert (edit.values, edit.filled) == ({"kind": "roll", "weight": 900}, ["weight"])
    edit = editing.read_edit(Parcel(), {"kind": "roll", "weight": "5"}, {}, completed)
    assert (edit.values["weight"], edit.filled) == (5, [])


PATHS = [*(PARCEL.names - {"goods"}), *(f"goods.{n}.{leaf}" for n in (0, 1) for leaf in ("name", "count"))]


@given(st.dictionaries(st.sampled_from(sorted(PATHS)), st.text(max_size=20), max_size=5))
def test_whatever_is_typed_is_there_afterwards(texts: dict[str, str]) -> None:
    row = Parcel()
    edit = read(row, texts)
    row.edit(edit.values, edit.typed)
    assert {path for path, text in texts.items() if text.replace("\0", "").strip()} == {
        *edit.values,
        *edit.typed,
    }
    again = editing.texts_of(row)
    assert read(row, again, seen=again) == editing.Edit({}, {}, {}, [], [])


# What the page has before it afterwards


def saved(row: Parcel, texts: dict[str, str], seen: dict[str, str]) -> dict[str, str]:
    edit = read(row, texts, seen)
    row.edit(edit.values, edit.typed)
    return editing.seen_after(seen, texts, edit, row)


def test_what_was_saved_is_seen_as_saved() -> None:
    row = a_parcel(note="old", to__person__name="Ada")
    seen = saved(row, {"note": " new ", "weight": "five", NAME: ""}, editing.texts_of(row))
    assert (seen["note"], seen["weight"], seen.get(NAME)) == ("new", "five", None)


def test_what_was_shown_as_stale_counts_as_seen_and_nothing_else_does() -> None:
    row = a_parcel(**{"note": "theirs", "kind": "theirs", "to__person__name": "theirs"})
    before = {"note": "n", "kind": "k", NAME: "t"}
    seen = saved(row, {"note": "mine", "kind": "k"}, before)
    assert seen == {"note": "theirs", "kind": "k", NAME: "t"}


def test_what_is_there_as_typed_counts_as_seen() -> None:
    row = a_parcel(note="both")
    assert saved(row, {"note": "both"}, {"note": "old"})["note"] == "both"


def test_what_came_too_late_is_listed_under_its_label_unless_it_is_stored() -> None:
    row = a_parcel(note="there", goods__0__name="Ink", goods__1__name="Glue")
    texts = {"note": "there", "goods.1.name": "Paper", NAME: "", "kind": "box"}
    assert editing.unsaved(row, texts) == [("What (good 2)", "Paper"), ("Kind", "box")]


# Items


def three_goods() -> Parcel:
    values = {f"goods__{n}__name": name for n, name in enumerate("ABC")}
    return a_parcel(typed={"goods.2.count": "none", "goods.0.count": "nor this"}, **values)


@pytest.mark.parametrize(
    ("index", "names", "typed"),
    [
        (0, ["B", "C"], {"goods.1.count": "none"}),
        (1, ["A", "C"], {"goods.0.count": "nor this", "goods.1.count": "none"}),
        (2, ["A", "B"], {"goods.0.count": "nor this"}),
        (3, ["A", "B", "C"], {"goods.0.count": "nor this", "goods.2.count": "none"}),
    ],
)
def test_an_item_goes_and_the_later_ones_move_up(index: int, names: list[str], typed: dict[str, str]) -> None:
    row = three_goods()
    row.edit(*editing.without_item(row, "goods", index))
    assert [good["name"] for good in row.draft["goods"]] == names
    assert row.typed == typed


def test_an_item_is_the_one_that_was_seen_until_it_changed() -> None:
    row = three_goods()
    seen = editing.texts_of(row)
    assert editing.is_item_as_seen(row, "goods", 1, seen)
    row.edit({"goods.1.name": "Ink"}, {})
    assert not editing.is_item_as_seen(row, "goods", 1, seen)
    assert editing.is_item_as_seen(row, "goods", 2, seen)


def test_items_have_moved_when_one_was_left_empty() -> None:
    for texts, moved in (({"goods.3.name": "Ink"}, False), ({"goods.5.name": "Ink"}, True)):
        row = three_goods()
        edit = read(row, texts)
        row.edit(edit.values, edit.typed)
        assert editing.has_moved(row, edit) is moved


def test_a_name_with_dots_is_no_item_that_could_move() -> None:
    row = a_parcel()
    assert not editing.has_moved(row, read(row, {NAME: "Ada"}))

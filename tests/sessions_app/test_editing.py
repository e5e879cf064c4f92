"""What a person typed against what they had before them: pure, but for the line itself."""

import json
from typing import Any

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from sessions_app import editing, fields
from sessions_app.models import Cart, Line
from tests.sessions_app.carts import ready_values

SITE = "related_contact_information"


def a_line(
    *, upstream: dict[str, Any] | None = None, typed: dict[str, str] | None = None, **values: Any
) -> Line:
    line = Line(cart=Cart(), upstream=upstream or {}, upstream_id="1" if upstream else None)
    line.edit(ready_values(**values), typed or {})
    return line


def read(line: Line, texts: dict[str, str], seen: dict[str, str] | None = None) -> editing.Edit:
    return editing.read_edit(line, texts, editing.texts_of(line) if seen is None else seen)


def posted(**fields_: str) -> QueryDict:
    query = QueryDict(mutable=True)
    query.update({name.replace("__", "-"): text for name, text in fields_.items()})
    return query


# What is posted


def test_fields_are_read_by_path() -> None:
    form = posted(note="a", related_contact_information__3__city="Lyon", csrfmiddlewaretoken="x", seen="{}")
    assert editing.posted_texts(form) == {"note": "a", f"{SITE}.3.city": "Lyon"}


@pytest.mark.parametrize(
    "name",
    [
        SITE,
        f"{SITE}-20-city",
        f"{SITE}-999999-city",
        f"{SITE}--1-city",
        f"{SITE}-\u0661-city",
        f"{SITE}-0-nothing",
        f"{SITE}-0-city-1",
        f"{SITE}.0.city",
        f"{SITE}-TOTAL_FORMS",
        "note.0.a",
        "owner",
        "",
        "\0",
    ],
)
def test_what_is_no_field_of_a_line_is_left_aside(name: str) -> None:
    query = QueryDict(mutable=True)
    query[name] = "x"
    assert editing.posted_texts(query) == {}


def test_what_no_database_holds_and_browsers_differ_in_is_evened_out() -> None:
    assert editing.posted_texts(posted(note="a\0b\r\nc")) == {"note": "ab\nc"}


@given(st.text())
def test_any_seen_is_borne(text: str) -> None:
    seen = editing.seen_texts(text, Line())
    assert all(isinstance(each, str) for each in seen.values())


@pytest.mark.parametrize("text", ["", "[", "7", "null", "[]", "[" * 100_000, "9" * 5000])
def test_without_a_sensible_seen_it_is_what_stands_there_now(text: str) -> None:
    line = a_line()
    assert editing.seen_texts(text, line) == editing.texts_of(line)


def test_what_was_seen_comes_back_as_it_went() -> None:
    texts = editing.texts_of(a_line(note="“é”</script>"))
    assert editing.seen_texts(editing.as_seen(texts), Line()) == texts


# Reading


def test_nothing_typed_changes_nothing() -> None:
    line = a_line()
    assert read(line, editing.texts_of(line)) == editing.Edit({}, {}, {}, [], [])


def test_a_changed_text_is_a_value_of_its_kind() -> None:
    texts = {"vlan_reference": " 1257 ", "option_ids": "7021;7022", "siret_known": "true", "enni": ""}
    assert read(a_line(), texts).values == {
        "vlan_reference": 1257,
        "option_ids": ["7021", "7022"],
        "siret_known": True,
        "enni": None,
    }


def test_a_text_that_is_no_value_is_kept_as_typed() -> None:
    edit = read(a_line(), {"vlan_reference": " five ", f"{SITE}.0.siret": "1"})
    assert (edit.values, edit.typed) == ({}, {"vlan_reference": "five", f"{SITE}.0.siret": "1"})


def test_somebody_elses_change_is_stale_only_where_one_typed() -> None:
    line = a_line(note="theirs", technical_note="theirs too")
    edit = read(line, {"note": "mine", "technical_note": ""}, seen={})
    assert (edit.values, edit.stale) == ({}, {"note": "theirs"})


def test_two_who_typed_the_same_do_not_disagree() -> None:
    line = a_line(related_contact_information__0__contact1_phone_number="0123456789")
    path = f"{SITE}.0.contact1_phone_number"
    assert read(line, {path: "01 23 45 67 89"}, seen={}).stale == {}


def test_what_is_locked_is_neither_a_value_nor_kept() -> None:
    line = a_line(upstream={"quote_item_id": "Q"})
    edit = read(line, {"end_customer_name": "X", "offer_family": "y" * 50, "note": "z"})
    assert (edit.values, edit.typed) == ({"note": "z"}, {})
    assert set(edit.locked) == {"end_customer_name", "offer_family"}


def test_a_locked_field_that_was_not_touched_is_not_mentioned() -> None:
    line = a_line(upstream={"quote_item_id": "Q"})
    assert read(line, editing.texts_of(line)).locked == []


def test_the_commune_completes_what_it_settles_and_nothing_that_was_typed() -> None:
    line = Line(cart=Cart())
    edit = read(line, {f"{SITE}.1.insee_code": "76451", f"{SITE}.1.postcode": "none"})
    assert edit.values == {f"{SITE}.1.insee_code": "76451", f"{SITE}.1.city": "Mont-Saint-Aignan"}
    assert edit.filled == [f"{SITE}.1.city"]
    assert edit.typed == {f"{SITE}.1.postcode": "none"}


def test_the_customer_is_taken_for_the_one_on_site_unless_another_stands_there() -> None:
    on_site = f"{SITE}.0.end_customer_name"
    assert read(Line(cart=Cart()), {"end_customer_name": "Martin"}).values[on_site] == "Martin"
    assert on_site not in read(a_line(), {"end_customer_name": "Dupont"}).values
    both = {"end_customer_name": "Martin", on_site: "Mairie"}
    assert read(Line(cart=Cart()), both).values[on_site] == "Mairie"


PATHS = [field.name for field in fields.LINE_FIELDS if field.name != SITE]
PATHS += [f"{SITE}.{n}.{field.name}" for n in (0, 1) for field in fields.SITE_CONTACT_FIELDS]


@given(st.dictionaries(st.sampled_from(PATHS), st.text(max_size=20), max_size=5))
def test_whatever_is_typed_stands_there_afterwards(texts: dict[str, str]) -> None:
    line = Line(cart=Cart())
    edit = read(line, texts)
    line.edit(edit.values, edit.typed)
    typed = {path for path, text in texts.items() if text.strip()}
    assert typed == {*edit.values, *edit.typed} - {*edit.filled}
    again = editing.texts_of(line)
    assert read(line, again, seen=again) == editing.Edit({}, {}, {}, [], [])


# What the page has before it afterwards


def saved(line: Line, texts: dict[str, str], seen: dict[str, str]) -> dict[str, str]:
    edit = read(line, texts, seen)
    line.edit(edit.values, edit.typed)
    return editing.seen_after(seen, texts, edit, line)


def test_what_was_saved_is_seen_as_saved() -> None:
    line = a_line(note="old")
    seen = saved(line, {"note": " new ", "vlan_reference": "five", "enni": ""}, editing.texts_of(line))
    assert (seen["note"], seen["vlan_reference"], seen.get("enni")) == ("new", "five", None)


def test_what_was_told_as_stale_is_seen_and_what_was_not_is_not() -> None:
    line = a_line(note="theirs", technical_note="theirs", enni="CN9")
    before = {"note": "n", "technical_note": "t", "enni": "CN1"}
    seen = saved(line, {"note": "mine", "technical_note": "t"}, before)
    assert seen == {"note": "theirs", "technical_note": "t", "enni": "CN1"}


def test_what_stands_there_as_typed_is_seen() -> None:
    line = a_line(note="both")
    assert saved(line, {"note": "both"}, {"note": "old"})["note"] == "both"


# Sites


def three_sites() -> Line:
    names: dict[str, Any] = {f"{SITE}.{n}.end_customer_name": name for n, name in enumerate("ABC")}
    return a_line(typed={f"{SITE}.2.siret": "none", f"{SITE}.0.siret": "nor this"}, **names)


@pytest.mark.parametrize(
    ("index", "names", "typed"),
    [
        (0, ["B", "C"], {f"{SITE}.1.siret": "none"}),
        (1, ["A", "C"], {f"{SITE}.0.siret": "nor this", f"{SITE}.1.siret": "none"}),
        (2, ["A", "B"], {f"{SITE}.0.siret": "nor this"}),
        (3, ["A", "B", "C"], {f"{SITE}.0.siret": "nor this", f"{SITE}.2.siret": "none"}),
    ],
)
def test_a_site_goes_and_the_later_ones_move_up(index: int, names: list[str], typed: dict[str, str]) -> None:
    line = three_sites()
    line.edit(*editing.without_site(line, index))
    assert [contact["end_customer_name"] for contact in line.draft[SITE]] == names
    assert line.typed == typed


def test_a_site_is_the_one_that_was_seen_until_it_changed() -> None:
    line = three_sites()
    seen = editing.texts_of(line)
    assert editing.is_as_seen(line, 1, seen)
    line.edit({f"{SITE}.1.city": "Lyon"}, {})
    assert not editing.is_as_seen(line, 1, seen)
    assert editing.is_as_seen(line, 2, seen)


def test_sites_have_moved_when_one_was_left_empty() -> None:
    for texts, moved in (({f"{SITE}.3.city": "Lyon"}, False), ({f"{SITE}.5.city": "Lyon"}, True)):
        line = three_sites()
        edit = read(line, texts)
        line.edit(edit.values, edit.typed)
        assert editing.has_moved(line, edit) is moved


def test_what_a_form_carries_of_what_was_seen_is_plain_json() -> None:
    assert json.loads(editing.as_seen({"note": "é\ud800"})) == {"note": "é\ud800"}

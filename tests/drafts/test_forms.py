"""How a draft is shown to be filled in."""

from typing import Any

import pytest
from django import forms

from drafts.forms import DraftForm, FieldInput, form_field
from tests.drafts.parcels import FIELDS, PARCEL, Parcel, a_parcel

NAME = "to.person.name"


def inputs(form: DraftForm) -> dict[str, FieldInput]:
    return {each.path: each for each in form.inputs}


def declared(name: str) -> Any:
    return PARCEL.field_at(name)


def attrs(field_input: FieldInput) -> dict[str, Any]:
    return field_input.field.field.widget.attrs


# One field


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.name)
def test_every_field_is_labelled_and_refuses_nothing(field: Any) -> None:
    shown = form_field(field)
    assert not shown.required
    assert shown.label == field.label


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("is_fragile", forms.Select),
        ("kind", forms.Select),
        ("note", forms.Textarea),
        ("due", forms.DateInput),
        (NAME, forms.TextInput),
    ],
)
def test_a_field_is_filled_in_as_its_kind_asks(name: str, kind: type[forms.Widget]) -> None:
    assert isinstance(form_field(declared(name)).widget, kind)


def test_numbers_get_the_keyboard_for_numbers() -> None:
    assert form_field(declared("weight")).widget.attrs["inputmode"] == "numeric"


def values(field: forms.Field) -> list[str]:
    return [value for value, _label in field.widget.choices]  # type: ignore[attr-defined]


def test_what_is_held_can_be_chosen_even_where_no_choice_names_it() -> None:
    assert values(form_field(declared("kind"))) == ["", "box", "roll"]
    assert values(form_field(declared("kind"), current="roll")) == ["", "box", "roll"]
    assert values(form_field(declared("kind"), current="barrel")) == ["", "box", "roll", "barrel"]
    assert values(form_field(declared("is_fragile"), current="perhaps")) == ["", "true", "false", "perhaps"]


def test_what_is_locked_can_neither_be_written_nor_chosen() -> None:
    assert form_field(declared("due"), locked=True).widget.attrs["readonly"]
    assert not form_field(declared("due"), locked=True).disabled
    assert form_field(declared("kind"), locked=True).disabled


# The whole form


def test_names_have_dashes_for_the_dots() -> None:
    shown = inputs(DraftForm(a_parcel(to__person__name="Ada", goods__0__name="Ink")))
    assert (shown[NAME].field.html_name, shown[NAME].field.value()) == ("to-person-name", "Ada")
    assert (shown[NAME].id, shown[NAME].note_id) == ("id_to-person-name", "note-id_to-person-name")
    assert (shown["goods.0.name"].id, shown["goods.0.name"].field.value()) == ("id_goods-0-name", "Ink")


def test_fields_are_shown_in_their_groups_and_an_empty_group_is_left_out() -> None:
    sections = {section.group: section for section in DraftForm(Parcel()).sections}
    assert list(sections) == ["parcel", "way", "goods"]
    assert [each.path for each in sections["way"].inputs] == [NAME, "to.person.phone_number", "due"]
    assert [each.path for each in sections["goods"].inputs] == ["note"]
    assert [each.declared.name for each in sections["goods"].lists] == ["goods"]


def test_some_groups_or_some_fields_alone_can_be_shown() -> None:
    assert [section.group for section in DraftForm(Parcel(), groups=["goods", "way"]).sections] == [
        "way",
        "goods",
    ]
    some = [declared("kind"), declared("note")]
    assert inputs(DraftForm(Parcel(), fields=some)).keys() == {"kind", "note"}


def test_an_input_has_its_text_and_whether_it_is_needed() -> None:
    shown = inputs(DraftForm(a_parcel(kind="box")))
    assert (shown["kind"].filled, shown[NAME].filled) == (True, False)
    assert (shown[NAME].needed, shown["note"].needed) == (True, False)
    assert (shown["kind"].is_needed_at_once, shown[NAME].is_needed_at_once) == (True, False)
    assert shown[NAME].error == ""


def test_what_is_wrong_is_said_at_its_field_and_what_is_missing_is_not() -> None:
    shown = inputs(DraftForm(a_parcel(typed={"weight": "heavy"})))
    assert shown["weight"].field.value() == "heavy"
    assert shown["weight"].error == "A weight is a whole number of grams."
    assert shown["kind"].error == ""


def test_each_section_counts_what_it_lacks() -> None:
    form = DraftForm(a_parcel(typed={"goods.1.count": "few", "weight": "heavy"}))
    assert [(section.group, section.missing_count) for section in form.sections] == [
        ("parcel", 2),
        ("way", 1),
        ("goods", 1),
    ]


def test_there_is_an_item_for_each_that_was_filled_or_typed_in_or_requested() -> None:
    row = a_parcel(goods__0__name="Ink", goods__1__name="Glue")
    assert [len(DraftForm(row, items={"goods": least}).items("goods")) for least in (0, 1, 5)] == [2, 2, 5]
    assert len(DraftForm(row, texts={"goods.3.name": "Paper"}).items("goods")) == 4
    assert [item.index for item in DraftForm(Parcel(), items={"goods": 0}).items("goods")] == [0]
    assert DraftForm(row, groups=["way"]).items("goods") == []


def test_items_pick_from_one_list_unless_each_has_its_own() -> None:
    shown = inputs(DraftForm(Parcel(), items={"goods": 2}, own_lists=["counts"]))
    assert attrs(shown["goods.1.name"])["list"] == "list-goods"
    assert attrs(shown["goods.1.count"])["list"] == "list-counts-1"


def test_texts_of_the_person_override_what_is_stored() -> None:
    form = DraftForm(a_parcel(note="stored"), texts={"note": "typed"}, stale={"note": "stored"})
    shown = inputs(form)["note"]
    assert (shown.field.value(), shown.stale) == ("typed", "stored")


def test_more_can_be_said_at_a_field() -> None:
    shown = inputs(DraftForm(Parcel(), hints={"stamps": "one a gram"}))
    assert (shown["stamps"].hint, shown["note"].hint) == ("one a gram", "")


def test_a_change_on_both_sides_shows_both() -> None:
    row = a_parcel(is_fragile=True)
    row.conflicts = {"is_fragile": {"was": None, "theirs": False}, "note": {"was": "n", "theirs": None}}
    shown = inputs(DraftForm(row))
    assert shown["is_fragile"].conflict == {"was": "empty", "theirs": "no", "ours": "yes"}
    assert shown["note"].conflict == {"was": "n", "theirs": "empty", "ours": "empty"}
    assert shown["is_fragile"].error == ""


def test_what_can_not_be_changed_is_locked() -> None:
    shown = inputs(DraftForm(a_parcel(kind="box", upstream_id="1")))
    assert {path for path, each in shown.items() if each.locked} == {"kind", "due"}
    assert attrs(shown["due"])["readonly"]

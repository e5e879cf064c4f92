"""Forms from the catalogue: how a line is shown to be filled in, and what the form of a cart accepts."""

import uuid
from typing import Any

import pytest
from pytest_django import Settings

from drafts.fields import Kind
from drafts.forms import FieldInput, form_field
from sessions_app import fields
from sessions_app.carts.forms import CartForm
from sessions_app.lines.forms import LineForm
from sessions_app.models import Cart, Line, Option
from tests.conftest import People
from tests.sessions_app.cart_factory import ready_values

SITE = fields.CONTACTS

pytestmark = pytest.mark.django_db


def a_line(**values: Any) -> Line:
    line = Line(cart=Cart())
    line.edit(ready_values(**values), {})
    return line


def inputs(form: LineForm) -> dict[str, FieldInput]:
    return {each.path: each for each in form.inputs}


@pytest.mark.parametrize("declared", [*fields.LINE_FIELDS, *fields.SITE_CONTACT_FIELDS], ids=lambda f: f.name)
def test_every_declared_field_has_a_form_field_that_refuses_nothing(declared: Any) -> None:
    shown = form_field(declared)
    assert not shown.required
    assert shown.label == declared.label


def test_phones_get_the_keyboard_for_phones() -> None:
    declared = fields.LINE.field_at(f"{SITE}.0.contact1_phone_number")
    assert declared is not None
    assert form_field(declared).widget.attrs["inputmode"] == "tel"


@pytest.mark.parametrize("edition", ["current", "tables", "earlier"])
def test_the_form_has_the_fields_of_the_edition(edition: str, settings: Settings) -> None:
    settings.COVAGE_EDITION = edition
    paths = inputs(LineForm(a_line())).keys()
    own = {field.name for field in fields.line_fields() if field.kind is not Kind.ITEMS}
    assert paths == own | {f"{SITE}.0.{field.name}" for field in fields.site_contact_fields()}


def test_each_section_counts_what_it_lacks() -> None:
    form = LineForm(a_line(enni=None, **{f"{SITE}.0.city": None, f"{SITE}.0.street_name": None}))
    assert {section.group: section.missing_count for section in form.sections if section.missing_count} == {
        "network": 1,
        "site": 2,
    }


def test_there_is_a_site_for_each_that_was_filled_or_typed_in_or_asked_for() -> None:
    line = a_line(**{f"{SITE}.1.city": "Lyon"})
    assert [len(LineForm(line, sites=sites).sites) for sites in (0, 1, 5)] == [2, 2, 5]
    assert len(LineForm(line, texts={f"{SITE}.3.city": "Brest"}).sites) == 4
    assert len(LineForm(Line(cart=Cart()), sites=0).sites) == 1


def test_a_site_is_asked_for_in_parts_that_leave_nothing_out() -> None:
    (site,) = LineForm(a_line()).sites
    assert [len(part) for _title, part in site.parts] == [12, 4, 4]
    assert [each for _title, part in site.parts for each in part] == site.inputs


def test_what_can_not_be_changed_is_read_only() -> None:
    line = a_line()
    line.upstream_id, line.upstream = "1", {"quote_item_id": "Q"}
    locked = {path for path, each in inputs(LineForm(line)).items() if each.locked}
    assert locked == fields.QUOTED | fields.ONLY_AT_CREATION
    assert inputs(LineForm(line))["offer_family"].field.field.widget.attrs["readonly"]


def test_options_are_named_where_their_labels_are_known() -> None:
    Option.objects.update_or_create(option_id="7021", defaults={"label": "CPE"})
    hint = inputs(LineForm(a_line(option_ids=["7021", "9999"])))["option_ids"].hint
    assert hint == "7021 CPE"


def test_the_first_groups_alone_can_be_shown() -> None:
    assert [section.group for section in LineForm(Line(cart=Cart()), groups=("offer",)).sections] == ["offer"]


# The cart's form


def filled(**changes: str) -> dict[str, str]:
    return {"external_id": "", "project_id": "", "team": ""} | changes


def test_a_new_cart_has_a_key_and_no_owner_to_choose(people: People) -> None:
    form = CartForm(user=people.sales)
    assert isinstance(form.initial["key"], uuid.UUID)
    assert "owner" not in form.fields


def test_only_ones_own_teams_are_offered(people: People) -> None:
    assert list(CartForm(user=people.sales).fields["team"].queryset) == [people.north]  # type: ignore[attr-defined]


def test_texts_are_taken_without_the_blanks_around_them(people: People) -> None:
    form = CartForm(filled(external_id=" A ", project_id=" P "), user=people.sales)
    assert form.is_valid()
    assert form.values == {"external_id": "A", "project_id": "P"}


@pytest.mark.parametrize(("name", "most"), [("external_id", 100), ("project_id", 250)])
def test_a_text_too_long_is_refused_at_its_field(people: People, name: str, most: int) -> None:
    assert CartForm(filled(**{name: "x" * most}), user=people.sales).is_valid()
    assert CartForm(filled(**{name: "x" * (most + 1)}), user=people.sales).errors.keys() == {name}


def test_no_two_carts_bear_one_reference_but_those_that_are_gone(people: People) -> None:
    other = Cart.objects.create(external_id="A")
    assert not CartForm(filled(external_id="A"), user=people.sales).is_valid()
    assert CartForm(filled(external_id="A"), user=people.sales, key=other.pk).is_valid()
    for column in ("deleted_at", "gone_at"):
        Cart.objects.update(deleted_at=None, gone_at=None)
        Cart.objects.update(**{column: other.created_at})
        assert CartForm(filled(external_id="A"), user=people.sales).is_valid()


def test_a_cart_is_handed_to_mates_and_by_administrators_to_anyone(people: People) -> None:
    cart = Cart.objects.create(owner=people.sales)
    mates = CartForm(user=people.sales, cart=cart).fields["owner"].queryset  # type: ignore[attr-defined]
    everybody = CartForm(user=people.administrator, cart=cart).fields["owner"].queryset  # type: ignore[attr-defined]
    assert set(mates) == {people.sales, people.back_office}
    assert people.other_sales in everybody

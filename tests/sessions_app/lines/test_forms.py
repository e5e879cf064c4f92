"""The form of a line: how it is shown to be filled in."""

from typing import Any

import pytest
from pytest_django import Settings

from drafts.fields import Kind
from drafts.forms import FieldInput, form_field
from sessions_app import fields
from sessions_app.lines.forms import LineForm
from sessions_app.models import Cart, Line, Option
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


def test_there_is_a_site_for_each_that_was_filled_or_typed_in_or_requested() -> None:
    line = a_line(**{f"{SITE}.1.city": "Lyon"})
    assert [len(LineForm(line, sites=sites).sites) for sites in (0, 1, 5)] == [2, 2, 5]
    assert len(LineForm(line, texts={f"{SITE}.3.city": "Brest"}).sites) == 4
    assert len(LineForm(Line(cart=Cart()), sites=0).sites) == 1


def test_a_site_is_filled_in_by_parts_that_leave_nothing_out() -> None:
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


def test_a_city_that_may_be_a_part_of_the_commune_gets_a_hint() -> None:
    """INSEE's Code officiel géographique has 73257 as Les Belleville, which Val Thorens is a part of."""
    place = {"city": "Val Thorens", "postcode": "73440", "insee_code": "73257"}
    form = LineForm(a_line(**{f"{SITE}.0.{name}": value for name, value in place.items()}))
    city = inputs(form)[f"{SITE}.0.city"]
    assert city.hint == "INSEE code 73257 belongs to Les Belleville: check that Val Thorens is part of it."
    assert not city.error
    assert inputs(LineForm(a_line()))[f"{SITE}.0.city"].hint == ""

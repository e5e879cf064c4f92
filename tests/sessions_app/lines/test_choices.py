"""What the pickers offer."""

from typing import Any

import pytest

from drafts.choices import Choice
from sessions_app.lines import choices
from sessions_app.lines.forms import LineForm
from sessions_app.models import Cart, Line, Option, Reference

SITE = "related_contact_information"

pytestmark = pytest.mark.django_db


def reference(kind: str, code: str, **columns: Any) -> Reference:
    return Reference.objects.create(
        key=f"{kind}:{code}", kind=kind, code=code, label=f"Label {code}", **columns
    )


def places(**texts: str) -> dict[str, list[Choice]]:
    form = LineForm(Line(cart=Cart()), texts={f"{SITE}.0.{name}": text for name, text in texts.items()})
    return choices.place_lists(form)


def test_every_list_that_a_field_suggests_from_is_there() -> None:
    form = LineForm(Line(cart=Cart()))
    lists = choices.static_lists() | choices.place_lists(form)
    bound = [each.field for section in form.sections for each in section.inputs]
    bound += [each.field for site in form.sites for each in site.inputs]
    suggested = {field.field.widget.attrs["list"] for field in bound if "list" in field.field.widget.attrs}
    assert suggested == {f"list-{name}" for name in lists}


def test_active_references_are_offered_by_kind_in_order() -> None:
    for code in ("DC20", "DC17"):
        reference("project", code)
    reference("enni", "CN012345")
    reference("project", "OLD", active=False)
    lists = choices.static_lists()
    assert lists["projects"] == [("DC17", "Label DC17"), ("DC20", "Label DC20")]
    assert lists["ennis"] == [("CN012345", "Label CN012345")]


def test_a_reference_gone_at_covage_is_not_offered() -> None:
    some = reference("enni", "CN1")
    Reference.objects.filter(pk=some.pk).update(gone_at="2026-11-21T00:00:00Z")
    assert choices.static_lists()["ennis"] == []


def test_without_reference_data_the_documented_codes_are_offered_still() -> None:
    lists = choices.static_lists()
    assert [choice.value for choice in lists["offer_families"]] == ["BPE", "BPEA", "DIA"]
    assert [choice.value for choice in lists["offer_technologies"]] == ["FIBDE", "FON"]


def test_options_are_offered_with_their_labels() -> None:
    Option.objects.update_or_create(option_id="9001", defaults={"label": "Managed CPE"})
    assert Choice("9001", "Managed CPE") in choices.static_lists()["options"]


def test_a_very_long_list_is_cut_off() -> None:
    Reference.objects.bulk_create(
        Reference(key=f"enni:{n}", kind="enni", code=f"CN{n:06}") for n in range(choices.MOST + 1)
    )
    assert len(choices.static_lists()["ennis"]) == choices.MOST


def test_the_lists_cost_a_query_each(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        choices.static_lists()


def test_the_communes_that_agree_with_the_fields_are_offered() -> None:
    lists = places(postcode="76130")
    assert "Mont-Saint-Aignan" in [choice.value for choice in lists["cities-0"]]
    assert "76451" in [choice.value for choice in lists["insee_codes-0"]]
    assert [choice.value for choice in lists["postcodes-0"]] == ["76130"]


def test_nothing_is_offered_where_all_is_empty_or_nothing_agrees() -> None:
    for texts in ({}, {"city": "Nowhere at all"}, {"insee_code": "nonsense"}):
        assert not any(places(**texts).values())


def test_each_site_has_lists_of_its_own() -> None:
    line = Line(cart=Cart())
    line.edit({f"{SITE}.0.city": "Brest", f"{SITE}.1.postcode": "69001"}, {})
    lists = choices.place_lists(LineForm(line))
    assert {name.rpartition("-")[2] for name in lists} == {"0", "1"}
    assert lists["cities-0"] != lists["cities-1"]

"""The form of a copper order: it shows what the order calls for, and hides nothing that holds a value."""

from typing import Any

import pytest

from drafts.forms import FieldInput
from extranet.drafts import choices
from extranet.drafts.forms import OrderForm, first_form, shown_fields
from extranet.drafts.ownership import TeamForm
from extranet.fields import CONTACT, DOOR, FIELDS
from extranet.models import CopperOrder, Product
from tests.conftest import People
from tests.extranet.order_factory import line_to_build, ready_values
from tests.extranet.products import known_contact, read_products

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _products() -> None:
    read_products()


def an_order(values: dict[str, Any] | None = None, **changes: Any) -> CopperOrder:
    order = CopperOrder()
    order.edit({"type": "activate"} | (ready_values(**changes) if values is None else values), {})
    return order


def slots(order: CopperOrder, **more: Any) -> dict[str, FieldInput]:
    return {slot.path: slot for slot in OrderForm(order, **more).inputs}


def asks_for(order: CopperOrder, beginning: str) -> bool:
    return any(path.startswith(beginning) for path in slots(order))


@pytest.mark.parametrize(
    ("how", "called_for"),
    [
        ("activate", {"endpoints.", "activation_info.", "address.street", "address.floor"}),
        ("create", {"reference_endpoint.", "address.floor"}),
        ("create_nearby", {"reference_endpoint.", "address.street", "address.floor"}),
        ("create_neighbour", {"reference_endpoint.", "address.street", "address.floor"}),
        ("", set()),
    ],
)
def test_each_kind_of_activation_asks_for_its_own_lines_and_address(how: str, called_for: set[str]) -> None:
    order = an_order({"activation_type": how, "product.code": "AM01"})
    beginnings = ("endpoints.", "reference_endpoint.", "activation_info.", "address.street", "address.floor")
    assert {beginning for beginning in beginnings if asks_for(order, beginning)} == called_for


@pytest.mark.parametrize(
    ("product", "has_enni", "has_portability"),
    [("SD01", True, False), ("AM01", False, True)],
)
def test_the_product_decides_about_the_enni_and_the_options(
    product: str, has_enni: bool, has_portability: bool
) -> None:
    order = an_order({"product.code": product})
    assert asks_for(order, "enni.") is has_enni
    assert asks_for(order, "options.portability.") is has_portability
    assert asks_for(order, "options.grt.")


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("registrated", {"owner.name", "owner.siret"}),
        ("unregistrated", {"owner.name"}),
        ("individual", {"owner.first_name", "owner.last_name"}),
        (None, {"owner.name"}),
    ],
)
def test_each_type_of_customer_has_its_own_fields(kind: str | None, names: set[str]) -> None:
    order = an_order({"owner.type": kind})
    assert {path for path in slots(order) if path.startswith("owner.")} == names | {"owner.type"}


def test_a_field_with_a_value_is_shown_even_if_it_does_not_apply() -> None:
    order = an_order(line_to_build("create", enni__enni_vlan="12", options__grt__enabled=False))
    assert {"enni.enni_vlan", "address.city", "options.grt.enabled"} <= slots(order).keys()


def test_what_was_typed_wrongly_is_in_conflict_or_refused_is_shown_too() -> None:
    order = an_order({"activation_type": "create", "product.code": "AM01"})
    order.typed = {"enni.enni_vlan": "5000"}
    order.conflicts = {"address.city": {"was": None, "theirs": "Lyon"}}
    order.refusals = [{"path": "service_uuid", "code": "x", "held": None}]
    assert {"enni.enni_vlan", "address.city", "service_uuid"} <= slots(order).keys()
    assert slots(order)["enni.enni_vlan"].field.value() == "5000"


def test_a_termination_asks_for_little_and_for_nothing_known_of_its_service() -> None:
    values = {"type": "terminate", "service_alias": "S1", "product.code": "SD01", "owner.name": "Martin"}
    assert slots(an_order(values)).keys() == {
        "operator_order_ref",
        "operator_order_name",
        CONTACT,
        "batch_alias",
        "comment",
    }


def test_only_what_this_very_order_needs_is_marked_as_needed() -> None:
    existing, new = an_order({"activation_type": "activate"}), an_order({"activation_type": "create_nearby"})
    for path in ("address.city", "contacts.owner.phone_number"):
        assert not slots(existing)[path].needed
        assert slots(new)[path].needed
    assert slots(new)["address.city"].is_needed_at_once
    portability = an_order({"product.code": "AM01"})
    assert not slots(portability)["options.portability.prefix_code"].needed
    portability.edit({"options.portability.enabled": True}, {})
    assert slots(portability)["options.portability.prefix_code"].needed


def test_contacts_are_chosen_by_name_and_one_that_nobody_knows_stays_chosen() -> None:
    known_contact("bp5nkkcx")
    widget = slots(an_order(contacts__operator__contact_uuid="unknown"))[CONTACT].field.field.widget
    assert dict(widget.choices) == {  # type: ignore[attr-defined]
        "": "—",
        "bp5nkkcx": "Léa Fournier · lea@operateur.example",
        "unknown": "unknown",
    }


def test_a_contact_is_typed_where_none_was_ever_read() -> None:
    assert not hasattr(slots(an_order())[CONTACT].field.field.widget, "choices")


def test_contacts_too_many_to_choose_from_are_typed_and_the_current_one_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(choices, "MOST", 1)
    known_contact("bp5nkkcx")
    assert hasattr(slots(an_order())[CONTACT].field.field.widget, "choices")
    known_contact("k2nlerox", last_name="Castaing")
    slot = slots(an_order(contacts__operator__contact_uuid="k2nlerox"))[CONTACT]
    assert not hasattr(slot.field.field.widget, "choices")
    assert slot.field.field.widget.attrs["list"] == "list-contacts"
    assert slot.hint == "Léa Castaing · lea@operateur.example"
    hint = slots(an_order(contacts__operator__contact_uuid="Castaing"))[CONTACT].hint
    assert hint == "Type part of the name, then choose one of the suggestions."


def test_the_product_is_named_and_the_default_of_an_option_is_shown() -> None:
    order = an_order()
    assert slots(order)["product.code"].hint == "SDSL-4M · SDSL-4M line"
    assert slots(order)["options.grt.value"].hint == "Default: 4 h in business hours."
    assert slots(order)["options.contract_term.value"].hint == ""
    order.raw = {"options": {"grt": {"default_value": "8h"}, "contract_term": "nonsense"}}
    assert slots(order)["options.grt.value"].hint == "Default: 8 h."


def test_an_enni_service_is_named_and_one_that_nobody_knows_is_pointed_out_once_any_is_known() -> None:
    order = an_order(enni__enni_service_ref="S1")
    assert slots(order)[DOOR].hint == ""
    columns = {"service": "enni", "type": "activate", "status": "completed", "operator_order_name": "Paris"}
    CopperOrder.objects.create(service_alias="S2", **columns)
    assert slots(order)[DOOR].hint.startswith("None of your ENNI services has this reference")
    CopperOrder.objects.create(service_alias="S1", **columns)
    assert slots(order)[DOOR].hint == "Paris"
    assert slots(an_order(enni__enni_service_ref=None))[DOOR].hint == ""


def test_an_unknown_product_has_no_name_and_hides_no_option_nor_the_enni() -> None:
    Product.objects.all().delete()
    found = slots(an_order({"product.code": "XX01"}))
    assert found["product.code"].hint == ""
    may_be_wanted = {field.name for field in FIELDS if field.name.startswith(("options.", "enni."))}
    assert may_be_wanted <= found.keys()
    assert not any(name.startswith("enni.") for name in slots(an_order({"product.code": None})))


def test_there_are_fields_for_each_line_with_a_value_or_requested() -> None:
    order = an_order(endpoints__1__endpoint_ref="0143340044")
    assert [len(OrderForm(order, lines=count).lines) for count in (0, 1, 4)] == [2, 2, 4]


def test_the_first_few_fields_begin_an_order() -> None:
    form = first_form({"owner.name": "Martin"})
    assert [slot.path for slot in form.inputs] == [
        "product.code",
        "activation_type",
        "owner.name",
        "operator_order_name",
    ]
    assert form.inputs[2].field.value() == "Martin"


def test_the_fields_shown_change_with_those_that_apply() -> None:
    order = an_order()
    before = shown_fields(order)
    order.edit({"comment": "nothing else"}, {})
    assert shown_fields(order) == before
    order.edit({"owner.type": "registrated"}, {})
    assert [field.name for field in shown_fields(order) if field not in before] == ["owner.siret"]


def test_ones_own_teams_are_offered_and_the_only_one_is_chosen(people: People) -> None:
    form = TeamForm(user=people.sales)
    assert list(form.fields["team"].queryset) == [people.north]  # type: ignore[attr-defined]
    assert form.initial["team"] == people.north
    assert not TeamForm({"team": str(people.south.pk)}, user=people.sales).is_valid()


def test_a_city_that_may_be_a_part_of_the_commune_gets_a_hint() -> None:
    """INSEE's Code officiel géographique has 73257 as Les Belleville, which Val Thorens is a part of."""
    city = slots(an_order(address__city="Val Thorens", address__insee_code="73257"))["address.city"]
    assert city.hint == "INSEE code 73257 belongs to Les Belleville: check that Val Thorens is part of it."
    assert not city.error

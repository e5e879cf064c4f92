"""What a draft still lacks for its submission."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from drafts.fields import Need
from extranet.drafts import actions
from extranet.drafts.readiness import need_of
from extranet.fields import ORDER
from extranet.ingest import ingest_contacts, ingest_products
from extranet.models import CopperOrder, Product
from sandbox.extranet import products
from tests.extranet.order_factory import edit, example, ingested, line_to_build, ready_values
from tests.sandbox.copper import termination

pytestmark = pytest.mark.django_db

RAW = example("create-order-answer")


@pytest.fixture(autouse=True)
def _products() -> None:
    """Products and contacts as the stand-in has them."""
    ingest_products(products.products(), timezone.now())
    ingest_contacts([{"contact_uuid": "bp5nkkcx", "first_name": "Camille"}], timezone.now())


def _lacks(order: CopperOrder) -> dict[str, str]:
    return {item.path: item.message for item in order.missing()}


def _order(by: User, values: dict[str, Any]) -> CopperOrder:
    return actions.create_order(by, values)


def test_what_is_complete_lacks_nothing(sales: User) -> None:
    order = _order(sales, ready_values())
    assert (_lacks(order), order.is_ready, order.is_creatable) == ({}, True, True)


@pytest.mark.parametrize("how", ["create", "create_nearby", "create_neighbour"])
def test_a_line_to_be_built_is_complete_with_its_neighbour_and_somebody_to_meet(
    sales: User, how: str
) -> None:
    values = line_to_build(how)
    if how == "create":
        values = {path: value for path, value in values.items() if not path.startswith("address.")}
    assert _lacks(_order(sales, values)) == {}


def test_nothing_but_a_type_lacks_a_product_and_what_is_to_be_activated(sales: User) -> None:
    order = _order(sales, {})
    assert list(_lacks(order)) == [
        "product.code", "activation_type", "owner.type", "owner.name", "contacts.operator.contact_uuid",
    ]  # fmt: skip
    assert not order.is_creatable
    assert "type" in {item.path for item in CopperOrder().missing()}


@pytest.mark.parametrize(
    ("path", "is_creatable"),
    [
        ("product.code", False),
        ("activation_type", False),
        ("endpoints.0.endpoint_ref", False),
        ("endpoints.0.endpoint_ref_type", False),
        ("activation_info.mandate_id", False),
        ("owner.type", True),
        ("owner.name", True),
        ("contacts.operator.contact_uuid", True),
        ("enni.enni_service_ref", True),
        ("enni.enni_vlan", True),
    ],
)
def test_each_thing_that_is_needed_is_asked_for_at_its_field(
    sales: User, path: str, is_creatable: bool
) -> None:
    values = {name: value for name, value in ready_values().items() if name != path}
    order = _order(sales, values)
    assert path in _lacks(order)
    assert order.is_creatable is is_creatable


@pytest.mark.parametrize(
    "path",
    [
        "reference_endpoint.endpoint_ref", "reference_endpoint.endpoint_ref_type", "address.street_number",
        "address.street_name", "address.city", "address.insee_code", "contacts.owner.first_name",
        "contacts.owner.last_name", "contacts.owner.phone_number",
    ],
)  # fmt: skip
def test_each_thing_that_a_line_to_be_built_needs_is_asked_for(sales: User, path: str) -> None:
    values = {name: value for name, value in line_to_build().items() if name != path}
    assert path in _lacks(_order(sales, values))


def test_no_order_without_any_endpoint_is_complete(sales: User) -> None:
    values = {name: value for name, value in ready_values().items() if not name.startswith("endpoints")}
    assert {"endpoints.0.endpoint_ref", "endpoints.0.endpoint_ref_type"} <= _lacks(
        _order(sales, values)
    ).keys()


def test_a_missing_mandate_and_contact_are_asked_for_in_their_own_words(sales: User) -> None:
    order = _order(sales, {"activation_type": "activate"})
    lacks = _lacks(order)
    assert (
        lacks["activation_info.mandate_id"]
        == "Enter the mandate number. Covage can't take over a line without it."
    )
    assert (
        lacks["contacts.operator.contact_uuid"] == "Choose the contact Covage should call about this order."
    )


@pytest.mark.parametrize(
    ("changes", "path", "said"),
    [
        ({"product.code": "XX99"}, "product.code", "Covage's catalogue has no product “XX99”"),
        ({"product.code": "NB01"}, "product.code", "ENNIs are ordered from Covage directly"),
        ({"contacts.operator.contact_uuid": "zz"}, "contacts.operator.contact_uuid", "has no contact “zz”"),
        ({"product.code": "AM01"}, "enni.enni_vlan", "doesn't apply to this kind of order: clear the field."),
        (
            {"activation_type": "create"},
            "endpoints.0.endpoint_ref",
            "doesn't apply to this kind of order: clear the field.",
        ),
        ({"reference_endpoint.endpoint_ref": "x"}, "reference_endpoint.endpoint_ref", "doesn't apply"),
        ({"options.portability.enabled": True}, "options.portability.enabled", "doesn't have this option"),
        (
            {"options.grt.value": "never"},
            "options.grt.value",
            "one of the possible values: 4 h in business hours, 4 h 24/7.",
        ),
        ({"address.city": "Lille", "address.insee_code": "92026"}, "address.city", "92026"),
        (
            {"product.code": "AM01", "options.portability.enabled": True},
            "options.portability.prefix_code",
            "Needed for portability.",
        ),
    ],
)
def test_what_does_not_go_together_is_said_at_its_field(
    sales: User, changes: dict[str, Any], path: str, said: str
) -> None:
    assert said in _lacks(_order(sales, ready_values() | changes))[path]


def test_an_option_that_was_answered_with_no_is_not_ordered(sales: User) -> None:
    assert _lacks(_order(sales, ready_values() | {"options.portability.enabled": False})) == {}


def test_of_a_kind_that_nobody_knows_nothing_is_said_not_to_belong(sales: User) -> None:
    order = _order(sales, ready_values(activation_type="create_far_away"))
    assert not {path for path in _lacks(order) if path.startswith("endpoints")}


def test_of_a_product_that_nobody_knows_nothing_is_said_not_to_belong(sales: User) -> None:
    order = _order(sales, ready_values(product__code="XX99"))
    assert list(_lacks(order)) == ["product.code"]


def test_without_a_list_of_products_no_product_and_no_contact_is_called_unknown(sales: User) -> None:
    ingest_products([], timezone.now())
    ingest_contacts([], timezone.now())
    order = _order(sales, ready_values(product__code="XX99", contacts__operator__contact_uuid="zz"))
    assert not {"product.code", "contacts.operator.contact_uuid"} & _lacks(order).keys()


def test_no_two_orders_share_a_reference(sales: User) -> None:
    first, second = (_order(sales, ready_values(operator_order_ref="IS-1")) for _ in range(2))
    assert "already has this reference" in _lacks(second)["operator_order_ref"]
    assert not second.is_creatable
    CopperOrder.objects.filter(pk=first.pk).update(deleted_at=timezone.now())
    assert _lacks(second) == {}


def test_a_text_that_is_no_value_is_said_where_it_was_typed(sales: User) -> None:
    order = actions.create_order(sales, ready_values(), {"enni.enni_vlan": "many"})
    assert "from 1 to 4094" in _lacks(order)["enni.enni_vlan"]


def test_a_refusal_remains_until_the_value_changes(sales: User) -> None:
    order = _order(sales, ready_values())
    order.refusals = [
        {"path": "comment", "code": "", "message": "Too short.", "value": None, "held": "STRAIGHT"}
    ]
    order.save()
    assert _lacks(order) == {"comment": "Covage refused this value: Too short."}
    assert _lacks(edit(order, sales, comment="Longer")) == {}


def test_a_service_is_not_ended_twice(sales: User) -> None:
    raw = termination(service_uuid="s1")
    ingested({**raw, "order_uuid": "t1", "status": "running", "alias": "O1"})
    draft = ingested({**raw, "order_uuid": "t2", "status": "draft", "operator_order_ref": "END-2"})
    assert _lacks(draft) == {"": "Order O1 is already ending this service: delete this draft."}
    assert [item.label for item in draft.missing()] == ["Draft"]


@pytest.mark.parametrize(
    ("reference", "kind", "said"),
    [
        ("01433", "line_number", "A line number has ten digits"),
        ("33 143340043", "", "A line number has ten digits"),
        ("0612345678", "line_number", "No copper line has the number 0612345678"),
        ("0800123456", "", "No copper line has the number 0800123456"),
        ("75056-00123", "building", None),
        ("0043", "nra", None),
    ],
)
@pytest.mark.parametrize("end", ["endpoints.0", "reference_endpoint"])
def test_only_what_is_to_be_a_lines_number_has_its_ten_digits(
    sales: User, end: str, reference: str, kind: str, said: str | None
) -> None:
    values = ready_values() if end == "endpoints.0" else line_to_build()
    order = _order(sales, values | {f"{end}.endpoint_ref": reference, f"{end}.endpoint_ref_type": kind})
    lacks = _lacks(order).get(f"{end}.endpoint_ref", "")
    assert lacks.startswith(said) if said else not lacks
    assert order.is_creatable is not bool(said)


def test_an_enni_is_needed_by_sdsl_alone_and_possible_for_sdsl_max_too(sales: User) -> None:
    bare = {"enni.enni_service_ref": None, "enni.enni_vlan": None}
    assert set(_lacks(_order(sales, ready_values(**bare)))) == set(bare)
    assert _lacks(_order(sales, ready_values(product__code="MA01"))) == {}
    assert _lacks(_order(sales, ready_values(product__code="MA01", **bare))) == {}


def test_without_a_list_of_products_the_family_is_the_one_in_the_order(sales: User) -> None:
    order = ingested(RAW | {"enni": {}})
    Product.objects.all().delete()
    assert {"enni.enni_service_ref", "enni.enni_vlan"} <= _lacks(order).keys()


def test_a_termination_needs_a_contact_alone(sales: User) -> None:
    draft = ingested({"order_uuid": "t2", "status": "draft", "type": "terminate", "service_uuid": "s1"})
    assert list(_lacks(draft)) == ["contacts.operator.contact_uuid"]
    assert draft.is_creatable
    assert not CopperOrder(draft={"type": "terminate"}).is_creatable


def test_a_form_knows_by_when_this_very_order_needs_a_field(sales: User) -> None:
    order = _order(sales, ready_values(product__code="AM01"))

    def need(path: str) -> Need:
        field = ORDER.field_at(path)
        assert field is not None
        return need_of(field, order.draft, order.product_known)

    assert need("activation_info.mandate_id") is Need.CREATION
    assert need("contacts.operator.contact_uuid") is Need.CONFIRMATION
    assert need("enni.enni_vlan") is Need.NEVER
    assert need("address.city") is Need.NEVER
    assert need("comment") is Need.NEVER

"""Drafts of copper orders: created, read, listed, replaced, deleted."""

from typing import Any

import pytest

from sandbox.extranet.rules import NOBODYS_LINE
from tests.sandbox.copper import (
    ENDPOINT,
    OPERATOR,
    activation,
    copper_order,
    drafted,
    line_to_build,
    refused_fields,
    seen,
    submitted,
)
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

ADDED = {
    "model",
    "order_uuid",
    "alias",
    "operator_uuid",
    "creation_date",
    "modification_date",
    "status",
    "origin",
}


def test_the_page_s_example_becomes_a_draft(sandbox: SandboxProcess) -> None:
    sent = activation()

    order = drafted(sandbox, sent)

    assert order.keys() - sent.keys() == ADDED
    assert (order["model"], order["status"], order["origin"]) == ("order", "draft", "standard")
    assert order["alias"][0] == "O"
    assert {name: order[name] for name in sent.keys() - {"product", "options"}} == {
        name: value for name, value in sent.items() if name not in ("product", "options")
    }
    assert order["product"]["name"] == "SDSL-4M-PREMIUM-G-1P-KOSC"
    assert order["product"]["line"]["family"]["code"] == "S"
    assert order["options"]["grt"] == {"value": "4h_bhbd", "enabled": True, "default_value": "4h_bhbd"}
    assert copper_order(sandbox, order["order_uuid"]) == order


def test_a_draft_may_hold_next_to_nothing(sandbox: SandboxProcess) -> None:
    little = {"type": "activate", "activation_type": "create", "product": {"code": "AM01"}}

    assert drafted(sandbox, little)["status"] == "draft"


def test_creations_are_counted_by_the_operator_s_reference(sandbox: SandboxProcess) -> None:
    drafted(sandbox, activation())
    drafted(sandbox, activation())
    sandbox.extranet("POST", "orders/", activation(product={"code": "none"}))

    assert sandbox.counters()["extranet_orders_created"] == {"UNTEL02-1": 2}


def test_a_line_to_be_built_has_the_address_of_its_neighbour_unless_given_another(
    sandbox: SandboxProcess,
) -> None:
    assert drafted(sandbox, line_to_build(address=None))["address"]["city"]
    upstairs = drafted(sandbox, line_to_build(address={"floor": "3"}))["address"]
    assert upstairs["city"]
    assert upstairs["floor"] == "3"
    assert drafted(sandbox, line_to_build(address={"city": "CAEN"}))["address"] == {"city": "CAEN"}
    assert "address" not in drafted(sandbox, activation(address=None))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"type": None}, "type"),
        ({"type": "suspend"}, "type"),
        ({"product": None}, "product.code"),
        ({"product": {"code": "XX99"}}, "product.code"),
        ({"product": {"code": "NA01"}}, "product.code"),
        ({"activation_type": None}, "activation_type"),
        ({"activation_type": "move"}, "activation_type"),
        ({"contacts": {"operator": {"contact_uuid": "nobody00"}}}, "contacts.operator.contact_uuid"),
        ({"enni": {"enni_vlan": "4095"}}, "enni.enni_vlan"),
        ({"enni": {"enni_vlan": 0}}, "enni.enni_vlan"),
        ({"endpoints": [ENDPOINT, ENDPOINT | {"endpoint_ref": "12"}]}, "endpoints.1.endpoint_ref"),
        ({"endpoints": [ENDPOINT | {"endpoint_ref": NOBODYS_LINE}]}, "endpoints.0.endpoint_ref"),
        ({"endpoints": [{"endpoint_ref": "0143340043"}]}, "endpoints.0.endpoint_ref_type"),
        ({"endpoints": ["0143340043"]}, "endpoints.0"),
        ({"endpoints": ENDPOINT}, "endpoints"),
        ({"reference_endpoint": {"endpoint_ref_type": "line_number"}}, "reference_endpoint.endpoint_ref"),
        ({"options": {"sauna": {"enabled": True}}}, "options.sauna"),
        ({"options": {"grt": True}}, "options.grt"),
        ({"options": {"grt": {"value": "1h", "enabled": True}}}, "options.grt.value"),
        ({"options": {"contract_term": {"value": "99_months"}}}, "options.contract_term.value"),
        ({"batch_alias": "B1"}, "batch_alias"),
        ({"comment": 5}, "comment"),
        ({"owner": "Untel"}, "owner"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(
    sandbox: SandboxProcess, changes: dict[str, Any], field: str
) -> None:
    assert refused_fields(sandbox, "POST", "orders/", activation(**changes)) == {field}


def test_everything_that_is_wrong_is_reported_at_once(sandbox: SandboxProcess) -> None:
    wrong = activation(product={"code": "XX99"}, enni={"enni_vlan": "x"}, comment=[])

    assert refused_fields(sandbox, "POST", "orders/", wrong) == {"product.code", "enni.enni_vlan", "comment"}


def test_an_order_nobody_knows_is_not_found(sandbox: SandboxProcess) -> None:
    answer = sandbox.extranet("GET", "orders/zzzzzzzz/")

    assert answer.status_code == 404
    assert answer.json()["apirequest_uuid"].startswith("KOSC_")


def test_a_put_removes_what_it_leaves_out(sandbox: SandboxProcess) -> None:
    order = drafted(sandbox, activation())
    document = {name: value for name, value in order.items() if name not in ("comment", "enni", "options")}

    answer = sandbox.extranet("PUT", f"orders/{order['order_uuid']}/", document)

    assert answer.status_code == 200
    after = copper_order(sandbox, order["order_uuid"])
    assert after.keys() == order.keys() - {"comment", "enni", "options"}
    assert after == answer.json()


def test_a_put_of_what_was_read_changes_nothing(sandbox: SandboxProcess) -> None:
    order = drafted(sandbox, activation())

    sandbox.extranet("PUT", f"orders/{order['order_uuid']}/", order)

    after = copper_order(sandbox, order["order_uuid"])
    assert after.pop("modification_date") >= order.pop("modification_date")
    assert after == order


def test_a_put_changes_only_what_may_change(sandbox: SandboxProcess) -> None:
    order = drafted(sandbox, line_to_build())
    changes = {
        "operator_order_name": "Autre nom",
        "batch_alias": "B261121_00001",
        "owner": {"type": "unregistrated", "name": "Autre"},
        "product": {"code": "MA01"},
        "activation_type": "activate",
        "activation_info": {"mandate_id": "9"},
        "endpoints": [ENDPOINT],
        "address": {"city": "CAEN"},
        "status": "completed",
    }

    sandbox.extranet("PUT", f"orders/{order['order_uuid']}/", order | changes)

    after = copper_order(sandbox, order["order_uuid"])
    changed = {name for name in after if after[name] != order.get(name)} - {"modification_date"}
    assert changed == {"operator_order_name", "batch_alias", "owner", "origin"}
    assert after["origin"] == "mass_migration"


def test_the_endpoints_of_a_line_that_is_there_can_be_put(sandbox: SandboxProcess) -> None:
    order = drafted(sandbox, activation())
    endpoints = [ENDPOINT | {"endpoint_ref": "0235000000"}]

    sandbox.extranet("PUT", f"orders/{order['order_uuid']}/", order | {"endpoints": endpoints})

    assert copper_order(sandbox, order["order_uuid"])["endpoints"] == endpoints


def test_a_put_is_validated_as_a_creation_is(sandbox: SandboxProcess) -> None:
    order = drafted(sandbox, activation())
    wrong = order | {"enni": {"enni_vlan": 5000}, "contacts": {"operator": {"contact_uuid": "gone"}}}

    fields = refused_fields(sandbox, "PUT", f"orders/{order['order_uuid']}/", wrong)

    assert fields == {"enni.enni_vlan", "contacts.operator.contact_uuid"}
    assert copper_order(sandbox, order["order_uuid"]) == order


@pytest.mark.parametrize(("method", "rest"), [("PUT", ""), ("DELETE", ""), ("POST", "submit/")])
def test_only_a_draft_can_be_changed(sandbox: SandboxProcess, method: str, rest: str) -> None:
    order_uuid = submitted(sandbox, activation())

    answer = sandbox.extranet(method, f"orders/{order_uuid}/{rest}", activation())

    assert answer.status_code == 409
    assert answer.json()["details"] is None
    assert "submitted" in answer.json()["error"]


def test_a_draft_can_be_deleted(sandbox: SandboxProcess) -> None:
    order_uuid = drafted(sandbox, activation())["order_uuid"]

    answer = sandbox.extranet("DELETE", f"orders/{order_uuid}/")

    assert (answer.status_code, answer.json()) == (200, {})
    assert sandbox.extranet("GET", f"orders/{order_uuid}/").status_code == 404
    assert order_uuid not in {order["order_uuid"] for order in seen(sandbox, "orders/")}


def test_the_list_can_be_narrowed(sandbox: SandboxProcess) -> None:
    old = drafted(sandbox, activation())
    sandbox.advance(60)
    new = drafted(sandbox, activation())

    assert [order["order_uuid"] for order in seen(sandbox, "orders/", status="draft")] == [
        old["order_uuid"],
        new["order_uuid"],
    ]
    assert seen(sandbox, "orders/", type="terminate") == []
    after = seen(sandbox, "orders/", modification_date_gt=old["modification_date"], status="draft")
    assert after == [new]
    answer = sandbox.extranet("GET", "orders/", params={"modification_date_gt": "lately"})
    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, "modification_date_gt")


def test_the_list_comes_in_three_shapes() -> None:
    for shape, name in (("results", "results"), ("items", "items")):
        with SandboxProcess("--page-shape", shape, "--page-size", "3") as process:
            page = seen(process, "orders/")
        assert len(page[name]) == 3
        assert page["count"] == 4


def test_the_doors_are_covage_s_own(sandbox: SandboxProcess) -> None:
    doors = seen(sandbox, "orders/")

    assert {order["product"]["line"]["family"]["code"] for order in doors} == {"N"}
    assert {order["status"] for order in doors} == {"completed", "running"}
    assert doors[0]["service_alias"] == "S20181102_12001"
    assert doors[0]["pop"].keys() == {"address", "code", "housing", "interface"}
    answer = sandbox.extranet("PUT", f"orders/{doors[0]['order_uuid']}/", doors[0])
    assert answer.status_code == 409


def test_a_body_is_json(sandbox: SandboxProcess) -> None:
    answer = sandbox.extranet("POST", "orders/", data="type=activate")

    assert answer.status_code == 415
    assert answer.json()["apirequest_uuid"]


def test_an_operator_s_contact_is_enough_for_contacts(sandbox: SandboxProcess) -> None:
    assert drafted(sandbox, activation(contacts={"operator": OPERATOR}))["contacts"] == {"operator": OPERATOR}

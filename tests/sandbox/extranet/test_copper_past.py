"""The copper orders of the past, and what tests can do to them."""

from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.sandbox.copper import (
    activation,
    copper_order,
    drafted,
    event_types,
    refused_fields,
    seen,
    status_of,
    submitted,
    termination,
)
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

DOORS = 4
STATUSES = {
    "draft", "submitted", "acknowledged", "running", "pending", "held", "rejected", "canceled", "completed",
}  # fmt: skip


def _past(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    orders: list[dict[str, Any]] = seen(sandbox, "orders/")
    return orders


def test_the_past_has_orders_of_every_kind(copper: SandboxProcess) -> None:
    orders = _past(copper)

    assert len(orders) == 300 + DOORS
    assert {order["status"] for order in orders} == STATUSES
    assert {order["type"] for order in orders} == {"activate", "terminate"}
    kinds = {order.get("activation_type") for order in orders[DOORS:] if order["type"] == "activate"}
    assert kinds == {"activate", "create", "create_nearby", "create_neighbour"}
    assert Counter(order["status"] for order in orders).most_common(1)[0][0] == "completed"


def test_the_past_is_the_same_for_the_same_seed_and_seen_one_by_one(copper: SandboxProcess) -> None:
    orders = _past(copper)
    copper.reset()

    assert _past(copper) == orders
    for order in orders[::30]:
        assert copper_order(copper, order["order_uuid"]) == order


def test_nothing_of_the_past_lies_ahead(copper: SandboxProcess) -> None:
    now = datetime.now().isoformat()

    for order in _past(copper):
        dates = [value for name, value in order.items() if name.endswith("_date")]
        assert all(value < now for value in dates)
        assert min(dates) == order["creation_date"]
        assert max(dates) == order["modification_date"]


def test_events_show_the_statuses_of_the_past(copper: SandboxProcess) -> None:
    for order in [*_past(copper)[::40], *_past(copper)[-5:]]:
        types = event_types(copper, order["order_uuid"])
        last = types[-1].removeprefix("order-")
        assert types[0] == "order-created"
        assert last.replace("created", "draft") == order["status"]


def test_terminations_of_the_past_end_services_that_were(copper: SandboxProcess) -> None:
    orders = _past(copper)
    services = {
        order["service_uuid"]: order
        for order in orders
        if order["type"] == "activate" and order["status"] == "completed"
    }
    ends = [order for order in orders if order["type"] == "terminate"]

    assert len({order["service_uuid"] for order in ends}) == len(ends) > 5
    for end in ends:
        service = services[end["service_uuid"]]
        assert service["completion_date"] < end["creation_date"]
        assert (service["service_alias"], service["owner"]) == (end["service_alias"], end["owner"])
        if end["status"] == "completed":
            assert refused_fields(
                copper, "POST", "orders/", termination(service_uuid=end["service_uuid"])
            ) == {"service_uuid"}


def test_a_service_of_the_past_can_be_terminated(copper: SandboxProcess) -> None:
    orders = _past(copper)
    ended = {order["service_uuid"] for order in orders if order["type"] == "terminate"}
    service = next(
        order["service_alias"]
        for order in orders[DOORS:]
        if order["status"] == "completed" and order["service_uuid"] not in ended
    )

    order_uuid = submitted(copper, termination(service_alias=service))

    copper.on_copper(order_uuid, "advance", {"steps": 9})
    assert status_of(copper, order_uuid) == "completed"


def test_a_pending_order_of_the_past_takes_an_answer(copper: SandboxProcess) -> None:
    [order] = copper.copper("pending")

    assert copper.extranet("POST", f"orders/{order['order_uuid']}/confirm/").status_code == 200
    assert status_of(copper, order["order_uuid"]) == "running"


def test_a_draft_of_the_past_can_be_submitted(copper: SandboxProcess) -> None:
    [order] = copper.copper("draft")

    assert copper.extranet("POST", f"orders/{order['order_uuid']}/submit/").status_code == 200


def test_an_order_can_be_advanced(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation(comment="PENDING STRAIGHT"))

    after = sandbox.on_copper(order_uuid, "advance", {"steps": 9})

    assert after["order"]["status"] == "pending"
    assert [event["type"] for event in after["events"]][-1] == "order-pending"


@pytest.mark.parametrize("status", sorted(STATUSES))
def test_an_order_can_be_put_into_any_status(sandbox: SandboxProcess, status: str) -> None:
    order_uuid = drafted(sandbox, activation())["order_uuid"]

    sandbox.on_copper(order_uuid, "status", {"status": status})

    assert status_of(sandbox, order_uuid) == status
    assert event_types(sandbox, order_uuid)[-1] == f"order-{status}"
    sandbox.on_copper(order_uuid, "advance", {"steps": 9})
    going_on = status in ("submitted", "acknowledged", "running", "held")
    assert status_of(sandbox, order_uuid) == ("completed" if going_on else status)


def test_an_order_can_be_changed_elsewhere_whatever_its_status(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation())

    sandbox.on_copper(
        order_uuid, "change", {"batch_alias": "B261121_00001", "new_field": [1], "comment": None}
    )

    order = copper_order(sandbox, order_uuid)
    assert (order["batch_alias"], order["new_field"]) == ("B261121_00001", [1])
    assert "comment" not in order
    assert event_types(sandbox, order_uuid)[-1] == "order-modified"


def test_an_order_can_vanish(copper: SandboxProcess) -> None:
    [order] = copper.copper("completed")

    copper.remove_copper(order["order_uuid"])

    assert copper.extranet("GET", f"orders/{order['order_uuid']}/").status_code == 404
    assert len(_past(copper)) == 300 + DOORS - 1


@pytest.mark.parametrize(
    ("call", "document", "status"),
    [
        ("advance", {"steps": 0}, 400),
        ("status", {"status": "lost"}, 400),
        ("status", [], 400),
        ("dance", {}, 404),
    ],
)
def test_control_says_what_it_wants(sandbox: SandboxProcess, call: str, document: Any, status: int) -> None:
    order_uuid = drafted(sandbox, activation())["order_uuid"]
    url = f"{sandbox.url}/_sandbox/copper/{order_uuid}/{call}"

    assert requests.post(url, json=document, timeout=10).status_code == status


def test_control_knows_no_other_order(sandbox: SandboxProcess) -> None:
    url = f"{sandbox.url}/_sandbox/copper"

    assert requests.post(f"{url}/zzzzzzzz/advance", json={}, timeout=10).status_code == 404
    assert requests.get(url, params={"limit": "many"}, timeout=10).status_code == 400


def test_a_restart_finds_copper_again(tmp_path: Path) -> None:
    state = str(tmp_path / "sandbox.json")
    with SandboxProcess("--copper", "20", "--pace", "3600", "--state", state) as process:
        kept = submitted(process, activation())
        gone = drafted(process, activation())["order_uuid"]
        process.extranet("DELETE", f"orders/{gone}/")
        process.extranet("POST", "contacts/", {"first_name": "A", "last_name": "B", "email": "a@b.example"})
        orders, contacts, events = (seen(process, path) for path in ("orders/", "contacts/", "events/"))
        process.stop()

        process.start()

        assert [seen(process, path) for path in ("orders/", "contacts/", "events/")] == [
            orders,
            contacts,
            events,
        ]
        process.advance(4 * 3600)
        assert status_of(process, kept) == "completed"


def test_a_reset_brings_back_the_start(copper: SandboxProcess) -> None:
    before = (_past(copper), seen(copper, "contacts/"), seen(copper, "events/"))
    order_uuid = submitted(copper, activation())
    copper.extranet("DELETE", "contacts/bp5nkkcx/")

    copper.reset()

    assert (_past(copper), seen(copper, "contacts/"), seen(copper, "events/")) == before
    assert copper.extranet("GET", f"orders/{order_uuid}/").status_code == 404

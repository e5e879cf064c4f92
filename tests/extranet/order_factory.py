"""Copper orders as users create them and as the vendor has them; short functions to send, sync and refresh them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.utils import timezone

from accounts.models import User
from covage import Extranet
from extranet import ingest, sync
from extranet.drafts import actions
from extranet.drafts.operations import review_digest
from extranet.models import CopperOrder
from outbox import clients, delivery
from outbox.models import Operation
from sync import runs
from sync.models import SyncRun
from tests.sandbox_process import ACCOUNTS, SandboxProcess

EXAMPLES = Path(__file__).parent.parent / "fixtures" / "spec"


def example(name: str) -> Any:
    """An example of the vendor's page extranet-orders.txt."""
    return json.loads((EXAMPLES / f"extranet-{name}.json").read_text())


def ready_values(**changes: Any) -> dict[str, Any]:
    """What an activation of an SDSL line needs to be submitted, by path; `__` for the dots of a change."""
    values = {
        "product.code": "SD01",
        "activation_type": "activate",
        "endpoints.0.endpoint_ref": "0143340043",
        "endpoints.0.endpoint_ref_type": "line_number",
        "activation_info.mandate_id": "01234567",
        "owner.type": "unregistrated",
        "owner.name": "Untel",
        "contacts.operator.contact_uuid": "bp5nkkcx",
        "enni.enni_service_ref": "S20181102_12001",
        "enni.enni_vlan": "111",
        "comment": "STRAIGHT",
    }
    return values | {path.replace("__", "."): value for path, value in changes.items()}


def line_to_build(how: str = "create_nearby", **changes: Any) -> dict[str, Any]:
    """What an activation needs whose line is located by another one nearby."""
    values = ready_values(product__code="AM01", activation_type=how)
    away = ("endpoints.", "activation_info.", "enni.")
    kept = {path: value for path, value in values.items() if not path.startswith(away)}
    near = {
        "reference_endpoint.endpoint_ref": "0143340043",
        "reference_endpoint.endpoint_ref_type": "line_number",
        "address.street_number": "4",
        "address.street_name": "Rue Andrei Sakharov",
        "address.city": "Mont-Saint-Aignan",
        "address.insee_code": "76451",
        "contacts.owner.first_name": "Jeanne",
        "contacts.owner.last_name": "Martin",
        "contacts.owner.phone_number": "0123456789",
    }
    return kept | near | {path.replace("__", "."): value for path, value in changes.items()}


def open_order(by: User, **changes: Any) -> CopperOrder:
    """A draft that is ready and at the vendor."""
    return send(actions.create_order(by, ready_values(**changes)))


def submitted_order(by: User, **changes: Any) -> CopperOrder:
    return submit(open_order(by, **changes), by)


def pending_order(sandbox: SandboxProcess, by: User) -> CopperOrder:
    """An order at which the vendor waits for an answer."""
    order = submitted_order(by, comment="PENDING STRAIGHT")
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 3})
    return refreshed(order)


def completed_order(sandbox: SandboxProcess, by: User) -> CopperOrder:
    order = submitted_order(by)
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 3})
    return refreshed(order)


def refreshed(order: CopperOrder) -> CopperOrder:
    """Read the order again at the vendor. Returns it as it is then."""
    sync.refresh(fresh(order), clients.extranet())
    return fresh(order)


def fresh(order: CopperOrder) -> CopperOrder:
    return CopperOrder.objects.get(pk=order.pk)


def send(order: CopperOrder, client: Extranet | None = None) -> CopperOrder:
    """Send what is pending of an order, once. Returns the order as it is then."""
    Operation.objects.unfinished().filter(subject_id=order.uuid).update(due_at=timezone.now())
    delivery.deliver(order.uuid, client or clients.interactive_extranet())
    return fresh(order)


def send_all(order: CopperOrder) -> CopperOrder:
    """Send until nothing is pending any more, even if that takes several tries."""
    for _ in range(8):
        order = send(order)
        if not pending_kinds(order):
            break
    return order


def pending_kinds(order: CopperOrder) -> list[str]:
    """The kinds of an order's pending operations, in order."""
    mine = Operation.objects.unfinished().filter(subject_id=order.uuid)
    return list(mine.order_by("id").values_list("kind", flat=True))


def newest_operation(order: CopperOrder, kind: str = "") -> Operation:
    mine = Operation.objects.filter(subject_id=order.uuid)
    return (mine.filter(kind=kind) if kind else mine).latest("id")


def edit(order: CopperOrder, by: User, **values: Any) -> CopperOrder:
    """Change a draft by path, with `__` for the dots."""
    by_path = {path.replace("__", "."): value for path, value in values.items()}
    return actions.edit_order(order.uuid, by, by_path, {})[0]


def reviewed(order: CopperOrder) -> str:
    """The digest of what a user sees of a draft right now."""
    return review_digest(fresh(order))


def submit(order: CopperOrder, by: User) -> CopperOrder:
    """Review and submit at once, and send it."""
    actions.submit_order(order.uuid, by, reviewed(order))
    return send(order)


def answer(order: CopperOrder, by: User, how: str) -> CopperOrder:
    actions.answer_order(order.uuid, by, how)
    return send(order)


def ingested(raw: Mapping[str, Any], owner: User | None = None, **more: Any) -> CopperOrder:
    """An order as ingested from the vendor's document, with an owner."""
    ingest.ingest_orders([dict(raw)], timezone.now(), silent=True, **more)
    orders = CopperOrder.objects.filter(upstream_id=raw["order_uuid"])
    if owner:
        orders.update(owner=owner)
    return orders.get()


def run_sync(*, full: bool = False) -> SyncRun:
    return runs.run(sync.EXTRANET, sync.sync_extranet, full=full)


def read_products() -> SyncRun:
    return runs.run(sync.PRODUCTS, sync.sync_products)


def elsewhere(sandbox: SandboxProcess) -> Extranet:
    """The operator's other system, which works on the same orders."""
    email, password = ACCOUNTS["extranet"]
    return Extranet(api_url=sandbox.url, email=email, password=password)


def upstream_id(order: CopperOrder) -> str:
    assert order.upstream_id
    return order.upstream_id


def upstream(sandbox: SandboxProcess, order: CopperOrder) -> dict[str, Any]:
    """What the vendor has of an order."""
    return elsewhere(sandbox).order(upstream_id(order))


def all_upstream(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    """Every copper order that users created, as the vendor has them, without those of the past."""
    return [order for order in sandbox.copper(limit=1000) if not order.get("pop")]


def requests(sandbox: SandboxProcess, method: str, path: str = "/api/orders/") -> list[dict[str, Any]]:
    """The requests sent to the vendor since the start, in order, without those of the other system."""
    username, _password = ACCOUNTS["extranet"]
    log = [entry for entry in sandbox.log() if entry["account"] != username]
    return [entry for entry in log if entry["method"] == method and entry["path"].startswith(path)]

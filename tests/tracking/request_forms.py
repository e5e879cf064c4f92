"""Orders of the sandbox as ingested, requests made on them, and their outcomes."""

import uuid
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from covage import Covage
from outbox import clients, delivery
from outbox.models import Operation
from tests.sandbox_process import SandboxProcess
from tracking.ingest import store, sync
from tracking.models import Order, Request, TerminationReason
from tracking.requests.actions import ACTIONS, RequestData, make_request

REASONS = (
    "Cessation d'activité",
    "Changement d'Operateur d'Infrastructure",
    "Déménagement sans reprise de lien COVAGE",
    "Déménagement avec reprise de lien COVAGE",
    "Autres motifs, précisez en commentaire",
)
TERMINATION = ACTIONS["terminate"]


def in_a_year() -> date:
    return timezone.localdate() + timedelta(days=365)


def orders_at(sandbox: SandboxProcess, state: str, number: int = 1) -> list[Order]:
    """This many orders in a state, as the vendor shows them: list and own page."""
    listed = sandbox.control("GET", f"orders?state={state}&limit={number}")
    store.ingest_page(listed, timezone.now(), silent=True)
    orders = list(
        Order.objects.filter(reference__in=[one["order_reference"] for one in listed]).order_by("pk")
    )
    for order in orders:
        sync.refresh(order, clients.client())
    return [again(order) for order in orders]


def order_at(sandbox: SandboxProcess, state: str = "active") -> Order:
    return orders_at(sandbox, state)[0]


def again(order: Order) -> Order:
    return Order.objects.select_related("details").get(pk=order.pk)


def know_reasons() -> None:
    TerminationReason.objects.bulk_create(
        TerminationReason(label=label, position=position) for position, label in enumerate(REASONS)
    )


def request_data(**changes: Any) -> RequestData:
    fields: dict[str, Any] = {"reason": REASONS[0], "message": "Fin du bail", "effective": in_a_year()}
    return RequestData(**fields | changes)


def ask(order: Order, by: User, word: str = "terminate", *, key: str = "", **changes: Any) -> Operation:
    """Enqueue a request, not sent yet."""
    return make_request(order, ACTIONS[word], by, request_data(**changes), key=key or str(uuid.uuid4()))


def send(operation: Operation, client: Covage | None = None) -> Operation:
    """Try once to send what is pending. Returns the operation as it is then."""
    Operation.objects.unfinished().update(due_at=timezone.now(), held_until=timezone.now())
    delivery.deliver(operation.subject_id, client or clients.interactive_client())
    return Operation.objects.get(pk=operation.pk)


def send_all(operation: Operation) -> Operation:
    """Send until nothing is pending any more, with up to six tries."""
    for _ in range(6):
        operation = send(operation)
        if operation.is_finished:
            break
    return operation


def requests_at(sandbox: SandboxProcess, order: Order) -> list[dict[str, Any]]:
    """What the vendor lists for an order."""
    answer = sandbox.call("GET", "order_request/", params={"order_reference": order.reference}).json()
    listed: list[dict[str, Any]] = (
        answer if isinstance(answer, list) else answer.get("results", answer.get("items"))
    )
    return listed


def made(sandbox: SandboxProcess) -> dict[str, int]:
    """How often a request took effect at the vendor, by order."""
    return sandbox.counters()["requests_made"]


def rows(order: Order) -> list[Request]:
    return list(Request.objects.filter(order_reference=order.reference))

"""Rows → vendor: requests on orders, as operations of the outbox."""

from typing import Any

from django.utils import timezone

from covage import Covage
from mirror.history import record
from mirror.models import Operation
from mirror.outbox import Handler, Refused
from tracking.models import Order, Request
from tracking.requests import ACTIONS, MAKE_REQUEST, Action, action_told
from tracking.sync import take_requests

Told = dict[str, Any]


class MakeRequest:
    """Ask for something on an order: its termination, or what else the vendor opens."""

    def prepare(self, operation: Operation, client: Covage) -> Told | None:
        """Look that the order is still in a state for it, and note the requests that there are: ours is another."""
        reference, action = _of(operation)
        state = str(client.order(reference).get("state") or "")
        if not action.is_possible(state):
            Order.objects.filter(reference=reference).update(due_at=timezone.now())
            raise Refused("NotInState")
        known = [str(told["id"]) for told in _made(client, reference, action)]
        return {"known": known, "document": operation.payload["document"]}

    def send(self, operation: Operation, client: Covage) -> Told:
        reference, action = _of(operation)
        return client.request_order(reference, action.word, (operation.sent or {})["document"])

    def verify(self, operation: Operation, client: Covage) -> Told | None:
        """The request that wasn't there before ours was sent: an order takes only one of a kind at a time."""
        reference, action = _of(operation)
        known = (operation.sent or {})["known"]
        return next((told for told in _made(client, reference, action) if str(told["id"]) not in known), None)

    def apply(self, operation: Operation, answer: Told) -> None:
        reference, _action = _of(operation)
        # What an answer leaves out, the next sync of the requests shows.
        if answer.get("id"):
            take_requests([{"order_reference": reference} | answer])
            Request.objects.filter(upstream_id=str(answer["id"])).update(asked_by=operation.actor)
        Order.objects.filter(reference=reference).update(due_at=timezone.now())
        record("request-made", operation.subject_id, actor=operation.actor, label=operation.label)

    def refused(self, operation: Operation) -> None:
        """Nothing was changed there; the form shows what the vendor said, at its field."""
        record("request-refused", operation.subject_id, actor=operation.actor, label=operation.label)


HANDLERS: dict[str, Handler] = {MAKE_REQUEST: MakeRequest()}


def _of(operation: Operation) -> tuple[str, Action]:
    return operation.payload["reference"], ACTIONS[operation.payload["action"]]


def _made(client: Covage, reference: str, action: Action) -> list[Told]:
    """The requests of a kind on an order, by the list of requests; of a kind that nobody knows counts as this."""
    pages = client.request_pages(order_reference=reference)
    made = [told for page in pages for told in page if told.get("id")]
    made = [told for told in made if told.get("order_reference") in (None, "", reference)]
    return [told for told in made if action_told(str(told.get("action") or "")) in (None, action)]

"""Rows → vendor: requests on orders, as operations of the outbox.

The vendor knows no key by which a repeated request would be recognised. So a request is told from others by the list
of requests: whoever asks is shown those that there are, nothing is sent while there are more, and after a lost
answer one that was not there before, with what was typed here, is ours.
"""

from typing import Any

from django.utils import timezone

from covage import Covage, NotFound
from drafts.history import record
from lists.search import normalised
from outbox.handlers import Handler, Postponed, Refused
from outbox.models import Operation
from tracking.ingest.sync import ingest_requests
from tracking.models import Order, Request
from tracking.orders.dates import day_of
from tracking.requests.actions import MAKE_REQUEST, action_labelled, action_of

Raw = dict[str, Any]


class MakeRequest:
    """Ask for something on an order: its termination, or what else the vendor opens."""

    def describe(self, operation: Operation) -> str:
        return str(action_of(operation).verb)

    def prepare(self, operation: Operation, client: Covage) -> Raw | None:
        """Look that the order is still in a state for it, and that no request is there which nobody was shown."""
        if operation.attempted_at and (late := self.verify(operation, client)) is not None:
            # An earlier try took effect after all.
            self.apply(operation, late)
            return None
        if not action_of(operation).is_possible(_state(operation, client)):
            raise Refused("NotInState")
        if unseen := _unseen(operation, client):
            ingest_requests(unseen)
            raise Refused("AskedElsewhere")
        return {"document": operation.payload["document"]}

    def send(self, operation: Operation, client: Covage) -> Raw:
        document = (operation.sent or {})["document"]
        try:
            return client.request_order(_reference(operation), action_of(operation).word, document)
        except NotFound as error:
            said = {"path": "", "code": "", "message": error.message, "value": None}
            raise Refused("NoSuchOrder", [said]) from error

    def verify(self, operation: Operation, client: Covage) -> Raw | None:
        """The request with what was typed here that was not there before, or what else tells that ours was taken.

        Where the list doesn't show it yet, the order's state does: before the sending it was another. A request of
        the kind that says something else is somebody else's; beside it ours must not be sent.
        """
        unseen = _unseen(operation, client)
        for told in unseen:
            if _says(told, operation.payload["document"]):
                return told
        if unseen:
            ingest_requests(unseen)
            raise Refused("MadeOtherwise")
        try:
            state = _state(operation, client)
        except Refused:
            return None
        return {} if state in action_of(operation).leads_to else None

    def apply(self, operation: Operation, answer: Raw) -> None:
        # What an answer leaves out is as it was sent; without an id the next sync of the requests shows it.
        if answer.get("id"):
            told = {name: value for name, value in answer.items() if value not in (None, "")}
            sent = operation.payload["document"] | {"action": action_of(operation).vendor_label}
            ingest_requests([sent | told | {"order_reference": _reference(operation)}])
            Request.objects.filter(upstream_id=str(answer["id"])).update(requested_by=operation.actor)
        _read_again(operation)
        record("request-made", operation.subject_id, actor=operation.actor, label=operation.label)

    def refused(self, operation: Operation) -> None:
        """Nothing was changed there; the form shows what the vendor said, at its field."""
        _read_again(operation)
        record("request-refused", operation.subject_id, actor=operation.actor, label=operation.label)


HANDLERS: dict[str, Handler[Covage]] = {MAKE_REQUEST: MakeRequest()}


def _reference(operation: Operation) -> str:
    reference: str = operation.payload["reference"]
    return reference


def _read_again(operation: Operation) -> None:
    Order.objects.filter(uuid=operation.subject_id).update(due_at=timezone.now())


def _state(operation: Operation, client: Covage) -> str:
    """The order's state at the vendor's. Raises Refused when they don't know the order."""
    try:
        return str(client.order(_reference(operation)).get("state") or "")
    except NotFound as error:
        raise Refused("NoSuchOrder") from error


def _unseen(operation: Operation, client: Covage) -> list[Raw]:
    """The requests of the kind on the order beyond those that the person was shown; of no known kind counts, too."""
    order = Order.objects.only("reference", "upstream_id").get(uuid=operation.subject_id)
    names = {None, "", order.reference, order.upstream_id}
    seen = operation.payload["seen"]
    return [
        told
        for told in _listed(operation, client)
        if told.get("id")
        and str(told["id"]) not in seen
        and told.get("order_reference") in names
        and action_labelled(str(told.get("action") or "")) in (None, action_of(operation))
    ]


def _listed(operation: Operation, client: Covage) -> list[Raw]:
    """The vendor's requests on the order. Raises Postponed where there is no list of them for our account."""
    try:
        pages = client.request_pages(order_reference=_reference(operation))
        return [told for page in pages for told in page]
    except NotFound as error:
        # Without the list nothing can be looked up: then nothing may be sent, and the absence says nothing either.
        raise Postponed("Forbidden", error.message) from error


def _says(told: Raw, document: Raw) -> bool:
    """Whether a request says what was typed, as far as it says anything; a vendor may tidy texts and set the day."""
    texts = all(
        normalised(str(told[name])) == normalised(str(document[name] or ""))
        for name in ("reason", "message")
        if told.get(name)
    )
    shown, typed = day_of(told.get("request_effective_date")), day_of(document["request_effective_date"])
    return texts and (not shown or not typed or shown == typed)

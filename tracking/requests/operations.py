"""The outbox operation that makes a request on an order.

The vendor has no idempotency key that would recognise a repeated request. So requests are compared with the list of
requests: people are shown those that exist, nothing is sent while there are others, and after a lost answer one that
was not there before, with the same data, is ours.
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
    """A request on an order: its termination, or another kind that the vendor offers."""

    def describe(self, operation: Operation) -> str:
        return str(action_of(operation).verb)

    def prepare(self, operation: Operation, client: Covage) -> Raw | None:
        """Check that the order's state still allows it, and that there is no request that the person wasn't shown.

        Raises Refused otherwise.
        """
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
            problem = {"path": "", "code": "", "message": error.message, "value": None}
            raise Refused("NoSuchOrder", [problem]) from error

    def verify(self, operation: Operation, client: Covage) -> Raw | None:
        """The new request with the same data, or {} when only the order's state shows that ours was accepted.

        The list may not show it yet, but the order's state was another before sending. Raises Refused for a request
        of the kind with other data: it is somebody else's, and ours must not be sent beside it.
        """
        unseen = _unseen(operation, client)
        for raw in unseen:
            if _matches(raw, operation.payload["document"]):
                return raw
        if unseen:
            ingest_requests(unseen)
            raise Refused("MadeOtherwise")
        try:
            state = _state(operation, client)
        except Refused:
            return None
        return {} if state in action_of(operation).leads_to else None

    def apply(self, operation: Operation, answer: Raw) -> None:
        # Fields missing from the answer are as sent; without an id the next sync of the requests shows it.
        if answer.get("id"):
            answered = {name: value for name, value in answer.items() if value not in (None, "")}
            sent = operation.payload["document"] | {"action": action_of(operation).vendor_label}
            ingest_requests([sent | answered | {"order_reference": _reference(operation)}])
            Request.objects.filter(upstream_id=str(answer["id"])).update(requested_by=operation.actor)
        _read_again(operation)
        record("request-made", operation.subject_id, actor=operation.actor, label=operation.label)

    def refused(self, operation: Operation) -> None:
        """Nothing was changed at the vendor's; the form shows their errors at its fields."""
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
    """The requests of the kind, or of unknown kinds, on the order that the person wasn't shown."""
    order = Order.objects.only("reference", "upstream_id").get(uuid=operation.subject_id)
    names = {None, "", order.reference, order.upstream_id}
    seen = operation.payload["seen"]
    return [
        raw
        for raw in _listed(operation, client)
        if raw.get("id")
        and str(raw["id"]) not in seen
        and raw.get("order_reference") in names
        and action_labelled(str(raw.get("action") or "")) in (None, action_of(operation))
    ]


def _listed(operation: Operation, client: Covage) -> list[Raw]:
    """The vendor's requests on the order. Raises Postponed where our account has no list of them."""
    try:
        pages = client.request_pages(order_reference=_reference(operation))
        return [raw for page in pages for raw in page]
    except NotFound as error:
        # Without the list nothing can be looked up: nothing may be sent, and a missing request proves nothing.
        raise Postponed("Forbidden", error.message) from error


def _matches(raw: Raw, document: Raw) -> bool:
    """Whether a request's values, where given, are those typed; the vendor may tidy texts and set the day."""
    texts = all(
        normalised(str(raw[name])) == normalised(str(document[name] or ""))
        for name in ("reason", "message")
        if raw.get(name)
    )
    shown, typed = day_of(raw.get("request_effective_date")), day_of(document["request_effective_date"])
    return texts and (not shown or not typed or shown == typed)

"""The requests that people may make on an order: their names, when each is possible, and their operations."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from drafts.history import record
from lists.search import normalised
from outbox.models import Operation, OperationQuerySet
from outbox.queue import NewOperation, enqueue, withdraw
from tracking.models import Order, Request
from tracking.states import OrderState, in_production, state_label

MAKE_REQUEST = "order-request"
# For this long after a request the order may still be in the state before it.
SETTLING = timedelta(minutes=10)
# The reason that requires a comment (order-tracking.txt, termination reasons).
OTHER_REASONS = "Autres motifs"


@dataclass(frozen=True)
class RequestAction:
    """A kind of request: `word` in paths, `vendor_label` in the list of requests (docs/vendor-readings.md, 20).

    `leads_to` are the states that an order only has after such a request was accepted.
    """

    word: str
    vendor_label: str
    title: Promise | str
    verb: Promise | str
    leads_to: tuple[str, ...]

    def is_possible(self, state: str) -> bool:
        """Whether it can be made on an order in this state (order-tracking.txt, phase 2)."""
        return in_production(state) if self.word == "cancel" else state == OrderState.ACTIVE

    @property
    def is_termination(self) -> bool:
        return self.word == "terminate"


ACTIONS = {
    action.word: action
    for action in (
        RequestAction(
            "terminate",
            "Résiliation",
            gettext_lazy("Termination"),
            gettext_lazy("Terminate"),
            (OrderState.TERMINATE_IN_PROGRESS, OrderState.TERMINATED),
        ),
        RequestAction(
            "change",
            "Modification",
            pgettext_lazy("request", "Change"),
            gettext_lazy("Request a change"),
            (OrderState.CHANGE_IN_PROGRESS,),
        ),
        RequestAction(
            "cancel",
            "Annulation",
            gettext_lazy("Cancellation"),
            gettext_lazy("Request cancellation"),
            (OrderState.CANCELLED,),
        ),
    )
}
_BY_NAME = {
    normalised(name): action for action in ACTIONS.values() for name in (action.word, action.vendor_label)
}


@dataclass(frozen=True)
class RequestData:
    """What somebody requests, and the ids of the earlier requests of the kind that the review showed them."""

    reason: str
    message: str
    effective: date | None
    seen: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """The document to send to the vendor (docs/vendor-readings.md, 22)."""
        return {
            "reason": self.reason,
            "message": self.message,
            "request_effective_date": self.effective.isoformat() if self.effective else None,
        }


class NotPossible(Exception):
    """The request can't be made on the order now; the message says why. Nothing was sent."""


class Unseen(Exception):
    """The vendor lists requests of this kind that the review did not show. Nothing was sent."""


def open_actions() -> list[RequestAction]:
    """The kinds of request enabled by the setting ORDER_ACTIONS."""
    return [ACTIONS[word] for word in settings.ORDER_ACTIONS]


def possible_actions(order: Order) -> list[RequestAction]:
    """The enabled kinds that are possible on an order now."""
    return [action for action in open_actions() if not obstacle(order, action)]


def is_other_reasons(reason: str) -> bool:
    """Whether this reason requires a comment."""
    return normalised(reason).startswith(normalised(OTHER_REASONS))


def action_labelled(label: str) -> RequestAction | None:
    """The action for a word of the path or of the list of requests, however spelt; None when unknown."""
    return _BY_NAME.get(normalised(label))


def action_title(label: str) -> str:
    """The title of an action by its word in the list of requests; an unknown one as it came."""
    action = action_labelled(label)
    return str(action.title) if action else label


def obstacle(order: Order, action: RequestAction) -> str:
    """Why this can't be requested on an order now, in a sentence; blank when it can."""
    if order.gone_at:
        return _("Covage no longer has this order.")
    if pending_on(order).exists():
        return _("A request on this order is already on its way to Covage: see its progress on the order.")
    if not action.is_possible(order.state):
        return _wrong_state(order, action)
    if _made_recently(order, action):
        return _(
            "The same request was sent to Covage a few minutes ago. Their answer will appear on the order "
            "soon."
        )
    return ""


def _wrong_state(order: Order, action: RequestAction) -> str:
    if order.state in action.leads_to:
        return _("This has already been requested from Covage: the order is “%(state)s”.") % {
            "state": state_label(order.state)
        }
    if action.word == "cancel":
        sentence = _("Only an order in production can be cancelled. This one is “%(state)s”.")
    elif action.is_termination:
        sentence = _("Only an active order can be terminated. This one is “%(state)s”.")
    else:
        sentence = _("Only an active order can be changed. This one is “%(state)s”.")
    return sentence % {"state": state_label(order.state)}


def _made_recently(order: Order, action: RequestAction) -> bool:
    """Whether one was made so recently that the order may not show it yet."""
    known_at = order.read_at or timezone.now()
    return any(
        made.creation_date and made.creation_date > known_at - SETTLING
        for made in earlier_requests(order, action)
    )


def earlier_requests(order: Order, action: RequestAction) -> list[Request]:
    """The requests of a kind that the vendor lists on an order, newest first; those of unknown kinds included."""
    references = [reference for reference in (order.reference, order.upstream_id) if reference]
    made = Request.objects.filter(order_reference__in=references, gone_at=None).order_by("-creation_date")
    return [request for request in made if action_labelled(request.action) in (None, action)]


@transaction.atomic
def make_request(
    order: Order, action: RequestAction, actor: Any, data: RequestData, *, key: str
) -> Operation:
    """Enqueue a request on an order, once. Posted again with the form's `key`, it returns the first operation.

    Raises NotPossible when the order's state doesn't allow it or a request is under way, Unseen when the vendor
    lists requests of this kind that the person wasn't shown.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if earlier := requests_of(order).filter(payload__key=key).first():
        return earlier
    if why_not := obstacle(order, action):
        raise NotPossible(why_not)
    if {made.upstream_id for made in earlier_requests(order, action)} - set(data.seen):
        raise Unseen
    payload = {
        "reference": order.reference,
        "action": action.word,
        "key": key,
        "seen": list(data.seen),
        "document": data.document,
    }
    url = reverse("tracking:order", args=[order.reference])
    label = f"{action.vendor_label} {order.reference}"
    pending = NewOperation(
        MAKE_REQUEST, order.uuid, order.uuid, label, url, payload=payload, once=f"request:{key}"
    )
    operation = enqueue(pending, actor)
    if operation is None:
        raise RuntimeError("An operation with a payload is never joined to another.")
    label = f"{action.vendor_label}: {data.reason}" if data.reason else action.vendor_label
    record("request-asked", order.uuid, actor=actor, label=label)
    return operation


@transaction.atomic
def take_back(operation: Operation, actor: Any) -> bool:
    """Withdraw a request that was not sent yet. Returns whether that was still possible."""
    if not withdraw(operation):
        return False
    record("withdrawn", operation.subject_id, actor=actor, label=operation.label)
    return True


def action_of(operation: Operation) -> RequestAction:
    return ACTIONS[operation.payload["action"]]


def requests_of(order: Order) -> OperationQuerySet:
    """All requests made in Carnet on an order, whatever their outcome."""
    return Operation.objects.about(order.uuid).filter(kind=MAKE_REQUEST)


def pending_on(order: Order) -> OperationQuerySet:
    """The requests on an order that are still to be sent, or whose outcome isn't known."""
    return requests_of(order).unfinished()


def newest_refusal(order: Order) -> Operation | None:
    """The newest request on an order, if it was refused and nobody has dismissed that."""
    return requests_of(order).standing_refusal()


def unlisted_operations(state: str = "") -> QuerySet[Operation]:
    """The requests made in Carnet that the vendor doesn't list: pending, of unknown outcome, or refused.

    With a `state` only those in it: "pending", "unknown" or "refused". The newest first.
    """
    states = UNLISTED_STATES.get(state) or [one for states in UNLISTED_STATES.values() for one in states]
    troubled = Operation.objects.troubled().filter(kind=MAKE_REQUEST, state__in=states)
    return troubled.select_related("actor").order_by("-id")


UNLISTED_STATES: dict[str, list[str]] = {
    "pending": [Operation.State.WAITING, Operation.State.SENDING],
    "unknown": [Operation.State.UNKNOWN],
    "refused": [Operation.State.REFUSED],
}

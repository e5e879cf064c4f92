"""The requests that people may make on an order: what each is called, when it may be made, and the row that owes it."""

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
# For so long after a request the order's own state may still be the one before.
SETTLING = timedelta(minutes=10)
# The reason that asks for a comment (order-tracking.txt, termination reasons).
OTHER_REASONS = "Autres motifs"


@dataclass(frozen=True)
class Action:
    """A kind of request. `word` stands in the path, `told` in the list of requests (docs/vendor-readings.md, 20).

    `leads_to` are the states in which an order is only after such a request was taken.
    """

    word: str
    vendor_label: str
    title: Promise | str
    verb: Promise | str
    leads_to: tuple[str, ...]

    def is_possible(self, state: str) -> bool:
        """Whether an order in this state takes it (order-tracking.txt, phase 2)."""
        return in_production(state) if self.word == "cancel" else state == OrderState.ACTIVE

    @property
    def is_termination(self) -> bool:
        return self.word == "terminate"


ACTIONS = {
    action.word: action
    for action in (
        Action(
            "terminate",
            "Résiliation",
            gettext_lazy("Termination"),
            gettext_lazy("Terminate"),
            (OrderState.TERMINATE_IN_PROGRESS, OrderState.TERMINATED),
        ),
        Action(
            "change",
            "Modification",
            pgettext_lazy("request", "Change"),
            gettext_lazy("Request a change"),
            (OrderState.CHANGE_IN_PROGRESS,),
        ),
        Action(
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
    """What somebody asks for, and the earlier requests of the kind (ids) that the review showed them."""

    reason: str
    message: str
    effective: date | None
    seen: tuple[str, ...] = ()

    @property
    def document(self) -> dict[str, Any]:
        """As the vendor takes it (docs/vendor-readings.md, 22)."""
        return {
            "reason": self.reason,
            "message": self.message,
            "request_effective_date": self.effective.isoformat() if self.effective else None,
        }


class NotPossible(Exception):
    """The order can't be asked for this now; the text tells why. Nothing was sent."""


class Unseen(Exception):
    """There are requests of this kind on the order that the review did not show. Nothing was sent."""


def open_actions() -> list[Action]:
    """The requests that this installation may make, by the setting ORDER_ACTIONS."""
    return [ACTIONS[word] for word in settings.ORDER_ACTIONS]


def possible_actions(order: Order) -> list[Action]:
    """Those of them that nothing stands against on an order."""
    return [action for action in open_actions() if not obstacle(order, action)]


def is_other_reasons(reason: str) -> bool:
    """Whether a reason says that the comment tells it."""
    return normalised(reason).startswith(normalised(OTHER_REASONS))


def action_labelled(told: str) -> Action | None:
    """The action that a word of the path or of the list of requests means, however spelt, if it is one that we know."""
    return _BY_NAME.get(normalised(told))


def action_title(told: str) -> str:
    """How the list of requests' word for an action reads; one that nobody knows as it came."""
    action = action_labelled(told)
    return str(action.title) if action else told


def obstacle(order: Order, action: Action) -> str:
    """Why an order can't be asked for this now, in a sentence; blank when it can."""
    if order.gone_at:
        return _("Covage no longer has this order.")
    if pending_on(order).exists():
        return _("A request on this order is already on its way to Covage: see its progress on the order.")
    if not action.is_possible(order.state):
        return _wrong_state(order, action)
    if _made_lately(order, action):
        return _(
            "The same request was sent to Covage a few minutes ago. Their answer will appear on the order "
            "soon."
        )
    return ""


def _wrong_state(order: Order, action: Action) -> str:
    if order.state in action.leads_to:
        return _("This has already been requested from Covage: the order is “%(state)s”.") % {
            "state": state_label(order.state)
        }
    if action.word == "cancel":
        said = _("Only an order in production can be cancelled. This one is “%(state)s”.")
    elif action.is_termination:
        said = _("Only an active order can be terminated. This one is “%(state)s”.")
    else:
        said = _("Only an active order can be changed. This one is “%(state)s”.")
    return said % {"state": state_label(order.state)}


def _made_lately(order: Order, action: Action) -> bool:
    """Whether one was made so lately that the order need not show it yet."""
    known_at = order.read_at or timezone.now()
    return any(
        made.creation_date and made.creation_date > known_at - SETTLING for made in made_on(order, action)
    )


def made_on(order: Order, action: Action) -> list[Request]:
    """The requests of a kind that the vendor lists on an order, newest first; one of no known kind counts, too."""
    references = [reference for reference in (order.reference, order.upstream_id) if reference]
    made = Request.objects.filter(order_reference__in=references, gone_at=None).order_by("-creation_date")
    return [request for request in made if action_labelled(request.action) in (None, action)]


@transaction.atomic
def make_request(order: Order, action: Action, actor: Any, asked: RequestData, *, key: str) -> Operation:
    """Owe a request on an order, once. `key` is the form's: posted again, it gives the operation of the first time.

    Raises NotPossible when the order is in no state for it or the same is under way, Unseen when the vendor lists
    requests of this kind beyond those that the person was shown.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    if earlier := requests_of(order).filter(payload__key=key).first():
        return earlier
    if why_not := obstacle(order, action):
        raise NotPossible(why_not)
    if {made.upstream_id for made in made_on(order, action)} - set(asked.seen):
        raise Unseen
    payload = {
        "reference": order.reference,
        "action": action.word,
        "key": key,
        "seen": list(asked.seen),
        "document": asked.document,
    }
    url = reverse("tracking:order", args=[order.reference])
    label = f"{action.vendor_label} {order.reference}"
    pending = NewOperation(
        MAKE_REQUEST, order.uuid, order.uuid, label, url, payload=payload, once=f"request:{key}"
    )
    operation = enqueue(pending, actor)
    if operation is None:
        raise RuntimeError("An operation with a payload is never joined to another.")
    label = f"{action.vendor_label}: {asked.reason}" if asked.reason else action.vendor_label
    record("request-asked", order.uuid, actor=actor, label=label)
    return operation


@transaction.atomic
def take_back(operation: Operation, actor: Any) -> bool:
    """Withdraw a request of which nothing was sent yet. Answers whether it was still possible."""
    if not withdraw(operation):
        return False
    record("withdrawn", operation.subject_id, actor=actor, label=operation.label)
    return True


def action_of(operation: Operation) -> Action:
    return ACTIONS[operation.payload["action"]]


def requests_of(order: Order) -> OperationQuerySet:
    """All requests that were made here on an order, whatever became of them."""
    return Operation.objects.about(order.uuid).filter(kind=MAKE_REQUEST)


def pending_on(order: Order) -> OperationQuerySet:
    """The requests on an order that are still to be sent, or whose outcome isn't known."""
    return requests_of(order).unfinished()


def newest_refusal(order: Order) -> Operation | None:
    """The newest request on an order, if it was refused and nobody has put that aside."""
    return requests_of(order).standing_refusal()


def not_listed(state: str = "") -> QuerySet[Operation]:
    """The requests that were made here and that the vendor doesn't list: owed, of unknown outcome, or refused.

    With a `state` those in it alone: "owed", "unknown" or "refused". The newest first.
    """
    states = STATES_OF_OURS.get(state) or [one for states in STATES_OF_OURS.values() for one in states]
    troubled = Operation.objects.troubled().filter(kind=MAKE_REQUEST, state__in=states)
    return troubled.select_related("actor").order_by("-id")


STATES_OF_OURS: dict[str, list[str]] = {
    "pending": [Operation.State.WAITING, Operation.State.SENDING],
    "unknown": [Operation.State.UNKNOWN],
    "refused": [Operation.State.REFUSED],
}

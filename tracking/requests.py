"""The requests that people may make on an order: what each is called, when it may be made, and the row that owes it."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mirror.history import record
from mirror.models import Operation
from mirror.outbox import Owed, enqueue
from tracking.models import Order, Request
from tracking.states import OrderState, in_production

MAKE_REQUEST = "order-request"
# For so long after a request the order's own state may still be the one before.
SETTLING = timedelta(minutes=10)
# The reason that asks for a comment (order-tracking.txt, termination reasons).
OTHER_REASONS = "Autres motifs"


@dataclass(frozen=True)
class Action:
    """A kind of request. `word` stands in the path, `told` in the list of requests (docs/vendor-readings.md, 20)."""

    word: str
    told: str
    title: Promise | str
    verb: Promise | str

    def is_possible(self, state: str) -> bool:
        """Whether an order in this state takes it (order-tracking.txt, phase 2)."""
        return in_production(state) if self.word == "cancel" else state == OrderState.ACTIVE


ACTIONS = {
    action.word: action
    for action in (
        Action("terminate", "Résiliation", _("Termination"), _("Terminate")),
        Action("change", "Modification", _("Change"), _("Ask for a change")),
        Action("cancel", "Annulation", _("Cancellation"), _("Ask for cancellation")),
    )
}


class NotPossible(Exception):
    """The order is in no state for this, or it was asked for already. Nothing was sent."""


def open_actions() -> list[Action]:
    """The requests that this installation may make, by the setting ORDER_ACTIONS."""
    return [ACTIONS[word] for word in settings.ORDER_ACTIONS]


def is_other_reasons(reason: str) -> bool:
    """Whether a reason says that the comment tells it."""
    return reason.strip().lower().startswith(OTHER_REASONS.lower())


def action_told(told: str) -> Action | None:
    """The action that a word of the path or of the list of requests means, if it is one that we know."""
    by_label = {action.told.lower(): action for action in ACTIONS.values()}
    return ACTIONS.get(told) or by_label.get(told.lower())


@transaction.atomic
def make_request(
    order: Order, action: Action, actor: Any, *, key: str, reason: str, message: str, effective: date | None
) -> Operation:
    """Owe a request on an order, once. `key` is the form's: posted twice, it is one request.

    Raises NotPossible for an order in another state, or when the same was asked for already.
    """
    order = Order.objects.select_for_update().get(pk=order.pk)
    once = f"{action.word}:{key}"[:100]
    if earlier := Operation.objects.filter(once=once).first():
        return earlier
    if not action.is_possible(order.state):
        raise NotPossible("state")
    if asked_already(order, action):
        raise NotPossible("asked")
    document = {
        "reason": reason,
        "message": message,
        "request_effective_date": effective.isoformat() if effective else None,
    }
    operation = enqueue(
        Owed(
            MAKE_REQUEST,
            order.uuid,
            order.uuid,
            f"{action.told} {order.reference}",
            reverse("tracking:order", args=[order.reference]),
            payload={"reference": order.reference, "action": action.word, "document": document},
            once=once,
        ),
        actor,
    )
    assert operation is not None  # with a payload nothing else carries it
    record(
        "request-asked", order.uuid, actor=actor, label=f"{action.told}: {reason}" if reason else action.told
    )
    return operation


def asked_already(order: Order, action: Action) -> bool:
    """Whether such a request is on its way, or was made so lately that the order need not show it yet."""
    if owed_on(order).filter(payload__action=action.word).exists():
        return True
    made = Request.objects.filter(order_reference=order.reference, action__in=[action.told, action.word])
    return made.filter(creation_date__gt=(order.read_at or timezone.now()) - SETTLING).exists()


def owed_on(order: Order) -> Any:
    """The requests on an order that are still to be sent, or whose outcome isn't known."""
    return Operation.objects.unfinished().filter(subject_id=order.uuid, kind=MAKE_REQUEST)


def newest_refusal(order: Order) -> Operation | None:
    """The newest request on an order, if it was refused and nobody has put that aside."""
    newest = Operation.objects.filter(subject_id=order.uuid, kind=MAKE_REQUEST).order_by("-id").first()
    refused = newest and newest.state == Operation.State.REFUSED and not newest.dismissed
    return newest if refused else None


def earliest_day() -> date:
    """The earliest day on which a request may take effect: requests for a day gone by are refused."""
    return timezone.localdate()

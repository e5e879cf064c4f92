"""What the pages of one copper order show."""

import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from accounts.roles import BACK_OFFICE, SALES
from extranet.access import may_answer, may_edit
from extranet.drafts.operations import CANCEL, review_digest
from extranet.models import CopperOrder
from extranet.orders import activity, values
from extranet.orders.changes import subject_of
from extranet.orders.status_badges import badge_of
from extranet.orders.timeline import milestones_of
from extranet.states import DRAFTS, LINE_BUILDING, Status, Type
from notifications.changes.changes_since import changes_since
from notifications.notes.pages import notes_context
from notifications.watches.pages import watch_context
from outbox.models import Operation
from outbox.status_badges import pending_with_badges
from sync.upsert import digest
from web.badge import Badge
from web.page_freshness import is_older

if TYPE_CHECKING:
    from accounts.models import User

# How long after a change at Covage another one is likely to follow.
LIVELY = timedelta(minutes=5)
# Statuses for which Covage gives a reason.
EXPLAINED = frozenset({Status.PENDING, Status.REJECTED})


def order_page(order: CopperOrder, user: "User", since: datetime | None) -> dict[str, Any]:
    """Everything on an order's page; `since` is when the reader last looked."""
    return details_part(order, user, since) | ours_part(order, user)


def details_part(order: CopperOrder, user: "User", since: datetime | None) -> dict[str, Any]:
    """What Covage shows of an order, and what follows from it."""
    events = activity.events_of(order)
    operations = Operation.objects.about(order.uuid)
    reason = activity.reason_of(events, order.status)
    pending, lively = pending_with_badges(operations), is_lively(order, reason)
    return {
        "order": order,
        "badge": badge_of(order),
        # The page refreshes itself only when this digest has changed.
        "shown_as": digest(
            {
                "raw": order.raw,
                "requested": [str(order.submitting_since), order.answering, str(order.gone_at), lively],
                "events": len(events),
                "pending": [
                    (operation.pk, operation.state, operation.failure) for operation, _badge in pending
                ],
            }
        ),
        "read_at": max((at for at in (order.checked_at, order.seen_at) if at), default=None),
        "changes_since": list(changes_since(order.uuid, since, activity.label_of, activity.show)),
        "since": since,
        "reason": reason,
        "is_cancelling": order.answering == CANCEL,
        "milestones": milestones_of(order, events),
        "activity": activity.activity_of(events, order.type),
        "blocks": values.blocks_of(order, order.shown),
        "undeclared": values.undeclared(order),
        "never_sent": [] if order.status in DRAFTS else values.never_sent(order),
        "service_orders": list(_service_orders(order, user)),
        "pending": pending,
        "refusal": operations.standing_refusal(),
        "is_lively": lively,
        "needs_appointment": needs_appointment(order),
        "history": activity.history_of(order),
    } | _permitted_actions(order, user)


def ours_part(order: CopperOrder, user: "User") -> dict[str, Any]:
    """The user's watch on an order, and its notes."""
    subject = subject_of(order)
    return watch_context(user, subject) | notes_context(user, subject)


def review_page(order: CopperOrder) -> dict[str, Any]:
    """Exactly what submitting the draft would order, and its digest, which the button sends back."""
    missing = order.missing()
    return {
        "order": order,
        "blocks": values.blocks_of(order, order.draft),
        "missing": missing,
        "is_ready": order.is_draft and not missing,
        "reviewed": review_digest(order),
    }


def answer_page(order: CopperOrder, answer: str) -> dict[str, Any]:
    """What is shown before answering Covage: their question, and the order."""
    return {
        "order": order,
        "is_cancelling": answer == CANCEL,
        "reason": activity.reason_of(activity.events_of(order), order.status),
        "blocks": values.blocks_of(order, order.shown),
    }


def terminate_page(order: CopperOrder) -> dict[str, Any]:
    """What is shown before terminating a service."""
    return {"order": order, "blocks": values.blocks_of(order, order.shown)}


def is_lively(order: CopperOrder, reason: str) -> bool:
    """Whether it is likely to change while the reader waits, so that the page refreshes itself every few seconds.

    The reason of a question or rejection comes with an event, which is read after the order: it is waited for, too.
    """
    if order.is_settling:
        return True
    is_due = not reason if order.status in EXPLAINED else order.is_open
    return is_due and not is_older(order.modification_date, LIVELY)


def needs_appointment(order: CopperOrder) -> bool:
    """Whether an appointment has to be agreed with Covage: a line is to be built (extranet-orders.txt)."""
    is_known = order.is_open or (order.is_draft and bool(order.upstream_id))
    return is_known and order.activation_type in LINE_BUILDING


def _permitted_actions(order: CopperOrder, user: "User") -> dict[str, Any]:
    """Which buttons the page has: none for Covage's own orders of collection doors."""
    if order.is_enni:
        return {}
    is_activation = order.type == Type.ACTIVATE
    return {
        "may_answer": may_answer(user, order),
        "may_edit": may_edit(user, order),
        "may_duplicate": is_activation and user.has_role(SALES),
        "may_terminate": _is_to_end(order) and user.has_role(BACK_OFFICE),
        "key": uuid.uuid4(),
    }


def _is_to_end(order: CopperOrder) -> bool:
    """Whether it delivered a service that no order ends yet."""
    return order.is_in_service and not order.terminations().exists()


def _service_orders(order: CopperOrder, user: "User") -> Iterator[tuple[CopperOrder, Badge, bool]]:
    """The other orders of its service, each with its status and whether the reader may open it."""
    of_it = CopperOrder.objects.of_the_service_of(order)
    others = of_it.live().exclude(pk=order.pk).order_by("created_at", "id")
    seen = set(of_it.visible_to(user).values_list("pk", flat=True))
    for other in others:
        yield other, badge_of(other), other.pk in seen

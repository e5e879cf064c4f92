"""What changed between two readings of an order, path by path, for readers and watchers."""

from collections.abc import Mapping
from typing import Any

from notifications.changes import differences
from notifications.changes.differences import Changes
from notifications.changes.recording import Changed
from notifications.subjects import Subject
from tracking.models import Order
from tracking.orders import history

PAGE = "orders"
# These move with every change, or identify the order.
IGNORED = frozenset({"modification_date", "order_reference", "id"})


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """What differs between two documents of an order."""
    return differences.between(before, after, but=IGNORED)


def of_history(before: list[Any], after: list[Any]) -> Changes:
    """The order's step before and now; within the same step, its reason before and now.

    A rescheduled visit thus shows as the change of the reason that names its date.
    """
    was, now = history.current(history.entries(before)), history.current(history.entries(after))
    if not now:
        return {}
    if was is None or was.state != now.state:
        return {"step": [was.state if was else None, now.state]}
    return {"step_reason": [was.reason, now.reason]} if was.reason != now.reason else {}


def of_documents(before: set[str], after: set[str]) -> Changes:
    """The new documents, if there are any."""
    new = sorted(after - before)
    return {"documents": [None, ", ".join(new)]} if new else {}


def subject_of(order: Order) -> Subject:
    """An order as a subject of watches, notices and notes."""
    label = " · ".join(part for part in (order.reference, order.end_customer_name, order.city) if part)
    return Subject(order.uuid, label, order.get_absolute_url(), order.end_customer_name)


def change_of(order: Order, changes: Changes) -> Changed:
    """The changes of an order, ready to be recorded."""
    subject = subject_of(order)
    return Changed(PAGE, subject.id, subject.label, subject.url, subject.customer, changes)

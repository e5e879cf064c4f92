"""What changed between two readings of an order, path by path, as readers and watchers are told."""

from collections.abc import Mapping
from typing import Any

from notifications.changes import differences
from notifications.changes.differences import Changes
from notifications.changes.recording import Changed
from notifications.subjects import Subject
from tracking.models import Order
from tracking.orders import history

PAGE = "orders"
# Moves with every change, and is told elsewhere.
NOT_TOLD = frozenset({"modification_date", "order_reference", "id"})


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """What differs between two documents of an order."""
    return differences.between(before, after, but=NOT_TOLD)


def of_history(before: list[Any], after: list[Any]) -> Changes:
    """The step that an order was in and the one that it is in now; of one step, what was said of it and is said now.

    So a visit that was moved is told by the words that name its dates.
    """
    was, now = history.current(history.entries(before)), history.current(history.entries(after))
    if not now:
        return {}
    if was is None or was.state != now.state:
        return {"step": [was.state if was else None, now.state]}
    return {"step_reason": [was.reason, now.reason]} if was.reason != now.reason else {}


def of_documents(before: set[str], after: set[str]) -> Changes:
    """The documents that came, if any did."""
    new = sorted(after - before)
    return {"documents": [None, ", ".join(new)]} if new else {}


def subject_of(order: Order) -> Subject:
    """An order as the desk speaks of it."""
    label = " · ".join(part for part in (order.reference, order.end_customer_name, order.city) if part)
    return Subject(order.uuid, label, order.get_absolute_url(), order.end_customer_name)


def change_of(order: Order, changes: Changes) -> Changed:
    """The changes of an order as the desk takes them."""
    subject = subject_of(order)
    return Changed(PAGE, subject.id, subject.label, subject.url, subject.customer, changes)

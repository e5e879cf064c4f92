"""Copper orders as the desk speaks of them: what changed, and whose premises they are."""

from collections.abc import Mapping
from typing import Any

from extranet.models import DATES, CopperOrder
from extranet.states import DRAFTS
from notifications.changes import differences
from notifications.changes.differences import Changes
from notifications.changes.recording import Changed
from notifications.subjects import Subject

PAGE = "copper"
# Moves with every change, or is told by the status.
NOT_TOLD = frozenset(
    {
        "model",
        "order_uuid",
        "operator_uuid",
        "alias",
        *DATES,
    }
)


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """What differs between two documents of an order; nothing for one that is read for the first time."""
    return differences.between(before, after, but=NOT_TOLD) if before else {}


def subject_of(order: CopperOrder) -> Subject:
    """An order as the desk speaks of it."""
    parts = (str(order), order.end_customer_name, order.city)
    label = " · ".join(part for part in parts if part)
    return Subject(order.uuid, label, order.get_absolute_url(), order.end_customer_name)


def change_of(order: CopperOrder, changes: Changes) -> Changed:
    """The changes of an order as the desk takes them.

    A draft is its owner's and their team's alone: whoever watches the end customer is told of none.
    """
    subject = subject_of(order)
    customer = "" if order.status in DRAFTS else subject.customer
    return Changed(PAGE, subject.id, subject.label, subject.url, customer, changes)

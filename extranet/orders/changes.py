"""Copper orders in notifications: what changed, and for which end customer."""

from collections.abc import Mapping
from typing import Any

from extranet.models import DATES, CopperOrder
from extranet.states import DRAFTS
from notifications.changes import differences
from notifications.changes.differences import Changes
from notifications.changes.recording import Changed
from notifications.subjects import Subject

PAGE = "copper"
# Changes with every other change, or follows from the status.
UNREPORTED = frozenset(
    {
        "model",
        "order_uuid",
        "operator_uuid",
        "alias",
        *DATES,
    }
)


def between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    """What differs between two documents of an order; nothing if it is read for the first time."""
    return differences.between(before, after, but=UNREPORTED) if before else {}


def subject_of(order: CopperOrder) -> Subject:
    """An order as a subject of watches and notices."""
    parts = (str(order), order.end_customer_name, order.city)
    label = " · ".join(part for part in parts if part)
    return Subject(order.uuid, label, order.get_absolute_url(), order.end_customer_name)


def change_of(order: CopperOrder, changes: Changes) -> Changed:
    """The changes of an order, to be recorded.

    Drafts concern only their owner and team: users who watch the end customer aren't notified of them.
    """
    subject = subject_of(order)
    customer = "" if order.status in DRAFTS else subject.customer
    return Changed(PAGE, subject.id, subject.label, subject.url, customer, changes)

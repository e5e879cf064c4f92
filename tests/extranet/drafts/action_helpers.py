"""Copper orders to act upon without a vendor, and what was recorded of it."""

from typing import Any

from accounts.models import User
from drafts.models import Event
from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.extranet.order_factory import example, ingested, ready_values

RAW = example("create-order-answer")


def verbs(order: CopperOrder) -> list[str]:
    return list(Event.objects.filter(subject_id=order.uuid).order_by("id").values_list("verb", flat=True))


def unsent_order(by: User, **changes: Any) -> CopperOrder:
    """An order that is ready, and of which nothing has been sent."""
    return actions.create_order(by, ready_values(**changes))


def known_order(by: User | None, **changes: Any) -> CopperOrder:
    """An order as the vendor has it, whose it then is."""
    return ingested(RAW | changes, by)

"""How many orders there are of each kind: a roll-up, since counting a million rows takes time."""

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from lists.counts import Counted, by_state, count_own
from tracking.models import Order, OrderCount
from tracking.states import OrderState

if TYPE_CHECKING:
    from accounts.models import User


def count_orders() -> None:
    """Count the orders by state and technology. Safe to run twice at once."""
    counted_at = timezone.now()
    groups = Order.objects.values_list("state", "offer_technology")
    counted = groups.annotate(number=Count("*")).order_by("state", "offer_technology")
    rows = [
        OrderCount(state=state, technology=technology, count=number, counted_at=counted_at)
        for state, technology, number in counted
    ]
    with transaction.atomic():
        OrderCount.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["state", "technology"],
            update_fields=["count", "counted_at"],
        )
        OrderCount.objects.filter(counted_at__lt=counted_at).delete()


def all_by_state() -> Counted:
    """All orders, as last counted."""
    counts = list(OrderCount.objects.all())
    rows = [(row.state, row.technology, row.count) for row in counts]
    return Counted(by_state(rows, OrderState.values), min((row.counted_at for row in counts), default=None))


def own_by_state(user: "User") -> Counted:
    """A person's own orders, counted now."""
    return count_own(Order.objects.of(user).values_list("state", "offer_technology"), OrderState.values)

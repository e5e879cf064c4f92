"""The calendar entries of copper orders: the days on which contract terms end."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from accounts.roles import BACK_OFFICE
from extranet.models import CopperOrder
from extranet.orders.changes import subject_of
from notifications.calendars.sources import MOST, CalendarEntry
from notifications.watches.matching import own_or_watched
from outbox.apis import EXTRANET, is_configured

if TYPE_CHECKING:
    from accounts.models import User
    from extranet.querysets import CopperOrderQuerySet


def entries(user: "User", since: date, until: date) -> Iterator[CalendarEntry]:
    """A user's entries from one day to another, both included: for the back office those of all orders.

    Sales have those of their own orders and of what they watch. There are none if no copper API is configured.
    """
    if not is_configured(EXTRANET):
        return
    ending = _orders_of(user).with_term().filter(term_ends_on__range=(since, until))
    for order in ending.order_by("term_ends_on", "id")[:MOST]:
        if order.term_ends_on:
            yield _entry(order, order.term_ends_on)


def _orders_of(user: "User") -> "CopperOrderQuerySet":
    orders = CopperOrder.objects.visible_to(user)
    if user.has_role(BACK_OFFICE):
        return orders
    return own_or_watched(orders, CopperOrder.objects.of(user), user)


def _entry(order: CopperOrder, day: date) -> CalendarEntry:
    title = _("End of the contract term")
    return CalendarEntry(
        uid=f"term-{order.uuid}",
        start=day,
        title=f"{title} · {order.end_customer_name or order}",
        text=subject_of(order).label,
        url=order.get_absolute_url(),
        kind="term",
    )

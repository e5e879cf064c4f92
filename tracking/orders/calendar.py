"""The entries of orders in calendars: planned visits and connections, expected deliveries, last days of notice."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.roles import BACK_OFFICE
from notifications.calendars.sources import MOST, CalendarEntry
from notifications.watches.matching import own_or_watched
from outbox.apis import COVAGE, is_configured
from tracking.models import Appointment, Order
from tracking.states import state_label

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.querysets import OrderQuerySet


def entries(user: "User", since: date, until: date) -> Iterator[CalendarEntry]:
    """A person's entries from one day to another, both included: those of all orders for the back office.

    For sales those of their own orders and of what they watch. None where the API of orders isn't configured.
    """
    if not is_configured(COVAGE):
        return
    orders = _orders_of(user)
    yield from _appointments(orders, since, until)
    yield from _deliveries(orders, since, until)
    yield from _notices(orders, since, until)


def _orders_of(user: "User") -> "OrderQuerySet":
    orders = Order.objects.filter(gone_at=None)
    if user.has_role(BACK_OFFICE):
        return orders
    return own_or_watched(orders, Order.objects.of(user), user)


def _appointments(orders: "OrderQuerySet", since: date, until: date) -> Iterator[CalendarEntry]:
    planned = Appointment.objects.planned(since, until).filter(order__in=orders)
    for appointment in planned.select_related("order")[:MOST]:
        at = timezone.localtime(appointment.at)
        title, order = state_label(appointment.kind), appointment.order
        start: date | datetime = at.date() if appointment.whole_day else at
        yield _entry(order, appointment.kind, start, title, appointment.text)


def _deliveries(orders: "OrderQuerySet", since: date, until: date) -> Iterator[CalendarEntry]:
    for order in orders.filter(due_on__range=(since, until)).order_by("due_on", "id")[:MOST]:
        if order.due_on:
            yield _entry(order, "delivery", order.due_on, _("Expected delivery"))


def _notices(orders: "OrderQuerySet", since: date, until: date) -> Iterator[CalendarEntry]:
    for order in orders.filter(notice_on__range=(since, until)).order_by("notice_on", "id")[:MOST]:
        if order.notice_on:
            yield _entry(order, "notice", order.notice_on, _("Last day to give notice"))


def _entry(order: Order, kind: str, start: date | datetime, title: str, text: str = "") -> CalendarEntry:
    where = " · ".join(part for part in (order.end_customer_name, order.site_client, order.reference) if part)
    return CalendarEntry(
        uid=f"{kind}-{order.uuid}",
        start=start,
        title=f"{title} · {order.end_customer_name or order.reference}",
        text=f"{where}\n{text}".strip(),
        url=order.get_absolute_url(),
        kind=kind,
    )

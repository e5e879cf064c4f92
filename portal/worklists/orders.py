"""The worklist items about fibre orders. The back office is shown all of them, sales their own."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import BACK_OFFICE, SALES
from lists.cells import day
from outbox.apis import COVAGE
from outbox.status_badges import badge_of
from portal.outbox import pages
from portal.worklists.item import Rows, WorklistItem
from tracking.models import Order, Request
from tracking.requests.actions import MAKE_REQUEST
from tracking.states import state_label

if TYPE_CHECKING:
    from accounts.models import User

_SHOWN = ("reference", "end_customer_name", "city", "due_on", "step", "step_since", "notice_on", "order_date")


def orders_of(user: "User") -> Any:
    """The orders that concern a user: all for the back office, their own for sales."""
    return Order.objects.all() if user.has_role(BACK_OFFICE) else Order.objects.of(user)


def _orders(user: "User") -> Any:
    return orders_of(user).only(*_SHOWN)


def _terminating(user: "User") -> Rows:
    """With the day on which the newest request on each is to take effect."""
    requests = Request.objects.filter(order_reference=OuterRef("reference"), gone_at=None)
    ends_on = requests.order_by("-creation_date").values("request_effective_date")[:1]
    rows: Rows = _orders(user).terminating().annotate(ends_on=Subquery(ends_on))
    return rows.order_by("-order_date", "-id")


def _requests(user: "User") -> Rows:
    troubled: Rows = pages.visible_to(user).troubled().filter(kind=MAKE_REQUEST)
    return troubled.order_by("-id")


def _named(order: Order) -> str:
    return " · ".join(part for part in (order.reference, order.end_customer_name) if part)


def _days_late(order: Order) -> str:
    days = (timezone.localdate() - order.due_on).days if order.due_on else 0
    return ngettext("%(number)d day late", "%(number)d days late", days) % {"number": days}


def _days_in_step(order: Order) -> str:
    days = (timezone.now() - order.step_since).days if order.step_since else 0
    text = ngettext("%(step)s: %(number)d day", "%(step)s: %(number)d days", days)
    return text % {"step": state_label(order.step), "number": days}


def _days_left(order: Order) -> str:
    if not order.notice_on:
        return ""
    days = (order.notice_on - timezone.localdate()).days
    text = ngettext("%(day)s, %(number)d day left", "%(day)s, %(number)d days left", days)
    return text % {"day": day(order.notice_on), "number": days}


def _ends_on(order: Any) -> str:
    return _("until %(day)s") % {"day": day(order.ends_on)} if order.ends_on else ""


_of_orders = partial(
    WorklistItem,
    roles=(SALES, BACK_OFFICE),
    url_name="tracking:orders",
    own="&mine=true",
    label=_named,
    api=COVAGE,
)

LATE = _of_orders(
    title=gettext_lazy("Late orders"),
    rows=lambda user: _orders(user).late().order_by("due_on", "id"),
    query="?late=true&sort=due_on",
    tone="bad",
    note=_days_late,
)
STUCK = _of_orders(
    title=gettext_lazy("Steps taking longer than usual"),
    rows=lambda user: _orders(user).stuck().order_by("stuck_on", "id"),
    query="?stuck=true",
    tone="warning",
    note=_days_in_step,
)
NOTICE_DUE = _of_orders(
    title=gettext_lazy("Notice due within 90 days"),
    rows=lambda user: _orders(user).notice_due().order_by("notice_on", "id"),
    query="?notice_due=true&sort=notice_on",
    tone="warning",
    note=_days_left,
)
TERMINATING = _of_orders(
    title=gettext_lazy("Terminations under way"),
    rows=_terminating,
    query="?terminating=true",
    tone="info",
    note=_ends_on,
)
REQUESTS = WorklistItem(
    title=gettext_lazy("Requests to send, or refused"),
    roles=(SALES, BACK_OFFICE),
    rows=_requests,
    url_name="portal:outbox",
    query=f"?kind={MAKE_REQUEST}",
    tone="warning",
    label=lambda operation: operation.label,
    note=lambda operation: badge_of(operation).label,
    link=lambda operation: operation.url,
    api=COVAGE,
)

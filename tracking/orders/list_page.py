"""The list of orders: its quick links, the actions on selected orders, its text when empty; its saved views."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import BACK_OFFICE, SALES
from lists.pages import Empty, List, ListAction, QuickLink
from lists.registered_pages import ListPage
from tracking.models import Order
from tracking.orders import fields
from tracking.orders.changes import PAGE
from tracking.orders.columns import COLUMNS, prefetch
from tracking.orders.filters import OrderFilter

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.querysets import OrderQuerySet


def _quick(user: "User") -> Iterator[QuickLink]:
    yield QuickLink(_("Late"), "late=true")
    yield QuickLink(_("Step taking longer than usual"), "stuck=true")
    yield QuickLink(_("In production"), "state=confirmed&state=in_progress")
    yield QuickLink(_("Notice due"), "notice_due=true")
    yield QuickLink(_("Changed since I last looked"), "unread=true")
    if user.has_role(SALES):
        yield QuickLink(pgettext_lazy("orders", "Mine"), "mine=true")


ORDERS = List(
    page=PAGE,
    title=_("Orders"),
    columns=COLUMNS,
    filter_class=OrderFilter,
    default_sort="-order_date",
    template="tracking/orders/list.html",
    empty=Empty(
        title=_("No orders yet"),
        text=_(
            "Orders arrive from Covage with the first sync: those confirmed in Carnet, and all others on "
            "this account."
        ),
        unlike=_("No orders match"),
    ),
    quick=_quick,
    actions=(
        ListAction(_("Watch"), "tracking:orders-watch"),
        ListAction(_("Export as CSV"), "tracking:orders-csv"),
        ListAction(_("Export as Excel"), "tracking:orders-xlsx"),
        ListAction(_("Terminate…"), "tracking:terminate-many", (BACK_OFFICE,)),
    ),
    prefetch=prefetch,
    sorts_of_filters={
        "late": "due_on",
        "notice_due": "notice_on",
        "notice_on": "notice_on",
        "commitment_end_date": "commitment_end_date",
        "completion_date": "-completion_date",
        "cancellation_date": "-cancellation_date",
        "estimated_delivery_date": "estimated_delivery_date",
        "modification_date": "-modification_date",
    },
)


def listed_orders() -> "OrderQuerySet":
    """All orders, without fields that no column shows: the documents would be most of the data read."""
    return Order.objects.defer("listed", "search", "cancellation_reason", "site_client_2")


def matching(query: QueryDict, user: "User", subject_ids: set[UUID]) -> set[UUID]:
    """Which of these orders the list shows a person for a query."""
    among = Order.objects.filter(uuid__in=subject_ids)
    return set(OrderFilter(query, among, user=user).qs.values_list("uuid", flat=True))


ORDERS_PAGE = ListPage(
    name=PAGE,
    title=_("Orders"),
    url_name="tracking:orders",
    matching=matching,
    label_of=fields.label_of,
    value=fields.show,
)

"""The list of copper orders: its quick links, the actions on selected orders, its text when empty; its saved views."""

from collections.abc import Iterator
from typing import TYPE_CHECKING
from uuid import UUID

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.roles import SALES
from extranet.models import CopperOrder
from extranet.orders.activity import label_of, show
from extranet.orders.changes import PAGE
from extranet.orders.columns import COLUMNS, prefetch
from extranet.orders.filters import CopperFilter
from lists.pages import Empty, List, ListAction, QuickLink
from lists.registered_pages import ListPage

if TYPE_CHECKING:
    from accounts.models import User
    from extranet.querysets import CopperOrderQuerySet


def _quick(user: "User") -> Iterator[QuickLink]:
    yield QuickLink(_("Waiting for your answer"), "pending=true")
    yield QuickLink(_("Drafts"), "status=draft")
    yield QuickLink(_("In production"), "status=submitted&status=acknowledged&status=running")
    yield QuickLink(pgettext_lazy("orders", "Held"), "held=true")
    yield QuickLink(_("Changed since I last looked"), "unread=true")
    yield QuickLink(pgettext_lazy("orders", "Mine"), "mine=true")


ORDERS = List(
    page=PAGE,
    title=_("Copper orders"),
    columns=COLUMNS,
    filter_class=CopperFilter,
    default_sort="-creation_date",
    template="extranet/orders/list.html",
    empty=Empty(
        title=_("No copper orders yet"),
        text=_(
            "Start a copper order here as a draft; those from Covage's extranet arrive with the first sync."
        ),
        unlike=_("No orders match"),
        action=ListAction(_("New copper order"), "extranet:new", (SALES,)),
    ),
    quick=_quick,
    actions=(
        ListAction(_("Watch"), "extranet:orders-watch"),
        ListAction(_("Export as CSV"), "extranet:orders-csv"),
        ListAction(_("Export as Excel"), "extranet:orders-xlsx"),
    ),
    prefetch=prefetch,
    sorts_of_filters={
        "term_ending": "term_ends_on",
        "term_ends_on": "term_ends_on",
        "completion_date": "-completion_date",
        "submission_date": "-submission_date",
        "modification_date": "-modification_date",
    },
)


def listed_orders(user: "User") -> "CopperOrderQuerySet":
    """The orders that the user may see, without what no column shows."""
    orders = CopperOrder.objects.live().visible_to(user)
    return orders.select_related("owner", "team").without_documents()


def matching(query: QueryDict, user: "User", subject_ids: set[UUID]) -> set[UUID]:
    """The ids, of these, of the orders that the list shows the user for a query."""
    among = CopperOrder.objects.live().visible_to(user).filter(uuid__in=subject_ids)
    return set(CopperFilter(query, among, user=user).qs.values_list("uuid", flat=True))


def visible(user: "User", subject_ids: set[UUID]) -> set[UUID]:
    """The ids, of these, of the orders that the user may see: a draft may have been handed over."""
    orders = CopperOrder.objects.visible_to(user).filter(uuid__in=subject_ids)
    return set(orders.values_list("uuid", flat=True))


ORDERS_PAGE = ListPage(
    name=PAGE,
    title=_("Copper orders"),
    url_name="extranet:orders",
    matching=matching,
    visible=visible,
    label_of=label_of,
    value=show,
)

"""The columns of the list of orders, each with the sort that an index serves."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from lists import cells
from lists.columns import Column, day_column, number_column, text_column
from notifications.changes.unread import unread_among
from tracking.models import Order
from tracking.states import order_badge, state_label

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class OrderRow:
    """An order as the list shows it to one person."""

    order: Order
    is_unread: bool

    @property
    def step(self) -> str:
        return state_label(self.order.step)

    @property
    def amount(self) -> str:
        amount = self.order.monthly_amount
        return "" if amount is None else number_format(amount, decimal_pos=2)


def prefetch(orders: Sequence[Order], user: "User") -> list[OrderRow]:
    """The orders, with whether each has changes this person hasn't read. One query."""
    unread = unread_among((order.uuid for order in orders), user)
    return [OrderRow(order, order.uuid in unread) for order in orders]


def _reference(row: OrderRow) -> str:
    link = cells.link(row.order.get_absolute_url(), row.order.reference)
    link = cells.marked(link, pgettext("order", "changed"), "info") if row.is_unread else link
    return cells.marked(link, _("no longer at Covage"), "bad") if row.order.gone_at else link


def _state(row: OrderRow) -> str:
    return cells.badge(order_badge(row.order.state))


def _step(row: OrderRow) -> str:
    return cells.marked(row.step, _("longer than usual"), "warning") if row.order.is_stuck else row.step


def _expected(row: OrderRow) -> str:
    day = cells.day(row.order.due_on)
    return cells.marked(day, pgettext("order", "late"), "bad") if row.order.is_late else day


# Columns whose values thousands of orders share are sorted by order date within each value.
COLUMNS = (
    Column(
        "reference",
        gettext_lazy("Reference"),
        _reference,
        value=lambda row: row.order.reference,
        sort="reference",
        first="-",
        align="nowrap",
    ),
    text_column(
        "end_customer_name", gettext_lazy("End customer"), "order.end_customer_name", sort="end_customer_name"
    ),
    text_column("postcode", gettext_lazy("Postcode"), "order.postcode", sort="postcode", shown=False),
    text_column("city", gettext_lazy("City"), "order.city", sort="city"),
    text_column("site_client", gettext_lazy("Site"), "order.site_client", sort="postcode", shown=False),
    Column(
        "state",
        gettext_lazy("State"),
        _state,
        value=lambda row: order_badge(row.order.state).label,
        sort=("state", "order_date"),
        align="nowrap",
    ),
    Column(
        "step", gettext_lazy("Production step"), _step, value=lambda row: row.step, sort="step", first="-"
    ),
    text_column(
        "offer_technology",
        gettext_lazy("Technology"),
        "order.offer_technology",
        sort=("offer_technology", "order_date"),
    ),
    text_column(
        "offer_family",
        gettext_lazy("Offer family"),
        "order.offer_family",
        sort=("offer_family", "order_date"),
        shown=False,
    ),
    text_column(
        "project_id",
        gettext_lazy("Project"),
        "order.project_id",
        sort=("project_id", "order_date"),
        align="nowrap",
    ),
    number_column(
        "commitment",
        gettext_lazy("Commitment (months)"),
        "order.commitment",
        sort=("commitment", "order_date"),
        shown=False,
    ),
    day_column("order_date", pgettext_lazy("date", "Ordered"), "order.order_date", sort="order_date"),
    Column(
        "due_on",
        gettext_lazy("Expected"),
        _expected,
        value=lambda row: row.order.due_on,
        sort="due_on",
        align="nowrap",
    ),
    day_column(
        "modification_date",
        pgettext_lazy("date", "Changed"),
        "order.modification_date",
        sort="modification_date",
    ),
    day_column(
        "estimated_delivery_date",
        gettext_lazy("Delivery estimated"),
        "order.estimated_delivery_date",
        sort="estimated_delivery_date",
        shown=False,
    ),
    day_column(
        "completion_date",
        gettext_lazy("Completed"),
        "order.completion_date",
        sort="completion_date",
        shown=False,
    ),
    day_column(
        "cancellation_date",
        gettext_lazy("Cancelled"),
        "order.cancellation_date",
        sort="cancellation_date",
        shown=False,
    ),
    day_column(
        "commitment_end_date",
        gettext_lazy("Commitment end"),
        "order.commitment_end_date",
        sort="commitment_end_date",
        first="",
        shown=False,
    ),
    day_column(
        "notice_on",
        gettext_lazy("Last day of notice"),
        "order.notice_on",
        sort="notice_on",
        first="",
        shown=False,
    ),
    text_column(
        "service_reference",
        gettext_lazy("Service reference"),
        "order.service_reference",
        sort="service_reference",
        first="-",
        shown=False,
    ),
    text_column(
        "customer_order_name",
        gettext_lazy("Order name"),
        "order.customer_order_name",
        sort="customer_order_name",
        first="-",
        shown=False,
    ),
    text_column(
        "external_id",
        gettext_lazy("Your reference"),
        "order.external_id",
        sort="external_id",
        first="-",
        shown=False,
    ),
    text_column(
        "upstream_id",
        gettext_lazy("Covage identifier"),
        "order.upstream_id",
        sort="upstream_id",
        shown=False,
    ),
    text_column(
        "created_by",
        gettext_lazy("Created by"),
        "order.created_by",
        sort=("created_by", "order_date"),
        shown=False,
    ),
    Column(
        "monthly_amount",
        gettext_lazy("Monthly amount (€)"),
        lambda row: row.amount,
        value=lambda row: row.order.monthly_amount,
        sort="monthly_amount",
        first="-",
        align="number",
        shown=False,
    ),
)

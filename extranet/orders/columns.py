"""The columns of the list of copper orders, each with a sort that has an index."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from extranet.models import CopperOrder
from extranet.orders.activity import show
from extranet.orders.status_badges import badge_of
from extranet.states import family_label
from lists import cells
from lists.columns import Column, day_column, text_column
from notifications.changes.unread import unread_among

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class CopperRow:
    """A copper order as the list shows it to a user."""

    order: CopperOrder
    is_unread: bool

    @property
    def reference(self) -> str:
        """Covage's reference; our own for a draft that they don't have yet."""
        order = self.order
        return order.alias or order.operator_order_ref or order.operator_order_name or str(order.uuid)

    @property
    def product(self) -> str:
        """Its family and code, since names are long and alike."""
        order = self.order
        return " · ".join(part for part in (family_label(order.product_family), order.product_code) if part)

    @property
    def type(self) -> str:
        return show("type", self.order.type)

    @property
    def activation(self) -> str:
        return show("activation_type", self.order.activation_type)

    @property
    def owner(self) -> str:
        return str(self.order.owner or "")

    @property
    def team(self) -> str:
        return str(self.order.team or "")


def prefetch(orders: Sequence[CopperOrder], user: "User") -> list[CopperRow]:
    """The orders, each with whether the user hasn't read its changes. One query."""
    unread = unread_among((order.uuid for order in orders), user)
    return [CopperRow(order, order.uuid in unread) for order in orders]


def _reference(row: CopperRow) -> str:
    order = row.order
    shown: str = cells.link(order.get_absolute_url(), row.reference)
    if row.is_unread:
        shown = cells.marked(shown, pgettext("order", "changed"), "info")
    is_incomplete = order.is_draft and order.missing_count
    return cells.marked(shown, _missing(order.missing_count), "warning") if is_incomplete else shown


def _missing(number: int) -> str:
    return ngettext("%(number)d missing", "%(number)d missing", number) % {"number": number}


def _owner(row: CopperRow) -> str:
    return cells.quiet(_("no owner yet")) if row.order.is_draft and not row.owner else row.owner


# Among orders with the same value, the newest comes first or last.
COLUMNS = (
    Column(
        "reference",
        gettext_lazy("Reference"),
        _reference,
        value=lambda row: row.reference,
        sort="alias",
        first="-",
        align="nowrap",
    ),
    Column(
        "status",
        gettext_lazy("Status"),
        lambda row: cells.badge(badge_of(row.order)),
        sort=("status", "created_at"),
        align="nowrap",
    ),
    text_column(
        "end_customer_name", gettext_lazy("End customer"), "order.end_customer_name", sort="end_customer_name"
    ),
    text_column("city", gettext_lazy("City"), "order.city", sort="city"),
    text_column("product", gettext_lazy("Product"), sort=("product_code", "created_at"), align="nowrap"),
    text_column(
        "product_name",
        gettext_lazy("Name of the product"),
        "order.product_name",
        sort=("product_code", "created_at"),
        shown=False,
    ),
    text_column("type", gettext_lazy("Type of order"), sort=("type", "created_at"), align="nowrap"),
    text_column(
        "activation",
        gettext_lazy("What to activate"),
        sort=("activation_type", "created_at"),
        shown=False,
    ),
    text_column(
        "operator_order_name",
        gettext_lazy("Order name"),
        "order.operator_order_name",
        sort="operator_order_name",
        shown=False,
    ),
    text_column(
        "operator_order_ref",
        gettext_lazy("Your reference"),
        "order.operator_order_ref",
        sort="operator_order_ref",
        first="-",
        align="nowrap",
        shown=False,
    ),
    text_column(
        "service_alias",
        gettext_lazy("Service"),
        "order.service_alias",
        sort="service_alias",
        first="-",
        align="nowrap",
        shown=False,
    ),
    text_column(
        "enni_service_ref",
        gettext_lazy("ENNI (collection door)"),
        "order.enni_service_ref",
        sort=("enni_service_ref", "created_at"),
        align="nowrap",
        shown=False,
    ),
    text_column(
        "batch_alias",
        gettext_lazy("Batch"),
        "order.batch_alias",
        sort=("batch_alias", "created_at"),
        first="-",
        align="nowrap",
        shown=False,
    ),
    day_column("creation_date", gettext_lazy("Created"), "order.created_at", sort="created_at"),
    day_column(
        "modification_date",
        pgettext_lazy("date", "Changed"),
        "order.modification_date",
        sort="modification_date",
        shown=False,
    ),
    day_column(
        "submission_date",
        pgettext_lazy("date", "Submitted"),
        "order.submission_date",
        sort="submission_date",
    ),
    day_column(
        "completion_date",
        gettext_lazy("Completed"),
        "order.completion_date",
        sort="completion_date",
        shown=False,
    ),
    day_column(
        "term_ends_on",
        gettext_lazy("Contract term ends"),
        "order.term_ends_on",
        sort="term_ends_on",
        first="",
        shown=False,
    ),
    Column("owner", gettext_lazy("Owner"), _owner, value=lambda row: row.owner, sort=("owner", "created_at")),
    text_column("team", gettext_lazy("Team"), sort=("team", "created_at"), shown=False),
)

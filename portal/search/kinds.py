"""What is searched: carts, lines, fibre orders and copper orders, each as its list would show it to a user."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet

from accounts.roles import BACK_OFFICE, SALES
from extranet.orders.filters import CopperFilter
from extranet.orders.list_page import listed_orders as listed_copper
from extranet.orders.status_badges import badge_of as copper_badge
from outbox.apis import COVAGE, EXTRANET, is_configured
from sessions_app.carts.filters import CartFilter
from sessions_app.carts.pages import badge_of as cart_badge
from sessions_app.lines.filters import LineFilter
from sessions_app.models import Cart, Line
from sessions_app.states import line_badge
from tracking.models import Order
from tracking.orders.filters import OrderFilter
from tracking.orders.list_page import listed_orders
from tracking.states import order_badge
from web.badge import Badge

if TYPE_CHECKING:
    from accounts.models import User

Rows = QuerySet[Any]


@dataclass(frozen=True)
class SearchKind:
    """A kind of rows that are searched.

    `visible` are those that a user may see, `named` those among them that a text names exactly. `filters` is the
    filter set of their list, so that "see all" leads to the same ones: `text` names its filter for words, `customer`
    that for an end customer, "" where it has none.
    """

    name: str
    api: str
    visible: Callable[["User"], Rows]
    named: Callable[[Rows, str], Rows]
    filters: Callable[[dict[str, str], Rows, "User"], Any]
    badge_of: Callable[[Any], Badge]
    text: str = "q"
    customer: str = "end_customer_name"

    def named_for(self, user: "User", text: str) -> Rows:
        """The rows that have exactly this reference, by an index each."""
        return self.named(self._rows(user), text)

    def containing(self, user: "User", text: str) -> Rows:
        """The rows that contain every word of a text; none where the words are too short for the list."""
        return self._filtered(user, {self.text: text})

    def of_customer(self, user: "User", customer: str) -> Rows:
        """The rows of the end customer with exactly this name."""
        return self._filtered(user, {self.customer: customer}) if self.customer else self._rows(user).none()

    def _filtered(self, user: "User", parameters: dict[str, str]) -> Rows:
        rows = self._rows(user)
        filters = self.filters(parameters, rows, user)
        found: Rows = rows.none() if filters.form.errors else filters.qs
        return found

    def _rows(self, user: "User") -> Rows:
        rows = self.visible(user)
        return rows if is_configured(self.api) else rows.none()


def _as_typed(text: str) -> set[str]:
    return {text, text.upper()}


def _upstream(text: str) -> Q:
    return Q(upstream_id__in={text, text.lower()})


def _carts(user: "User") -> Rows:
    return Cart.objects.live().visible_to(user).select_related("owner").order_by("-created_at", "id")


def _lines(user: "User") -> Rows:
    return Line.objects.live().visible_to(user).select_related("cart").order_by("-created_at", "id")


def _orders(user: "User") -> Rows:
    orders = listed_orders() if user.has_role(SALES, BACK_OFFICE) else Order.objects.none()
    return orders.order_by("-order_date", "-id")


def _of_a_line(text: str) -> Q:
    typed = _as_typed(text)
    return Q(order_reference__in=typed) | Q(external_id__in=typed) | _upstream(text)


CARTS = SearchKind(
    name="carts",
    api=COVAGE,
    visible=_carts,
    named=lambda carts, text: carts.filter(Q(external_id__in=_as_typed(text)) | _upstream(text)),
    filters=lambda parameters, carts, user: CartFilter(parameters, carts),
    badge_of=cart_badge,
    customer="",
)
LINES = SearchKind(
    name="lines",
    api=COVAGE,
    visible=_lines,
    named=lambda lines, text: lines.filter(_of_a_line(text)),
    filters=lambda parameters, lines, user: LineFilter(parameters, lines),
    badge_of=lambda line: line_badge(line.state),
    text="search",
)
ORDERS = SearchKind(
    name="orders",
    api=COVAGE,
    visible=_orders,
    named=lambda orders, text: orders.named(text),  # type: ignore[attr-defined]
    filters=lambda parameters, orders, user: OrderFilter(parameters, orders, user=user),
    badge_of=lambda order: order_badge(order.state),
)
COPPER = SearchKind(
    name="copper",
    api=EXTRANET,
    visible=lambda user: listed_copper(user).order_by("-created_at", "-id"),
    named=lambda orders, text: orders.named(text),  # type: ignore[attr-defined]
    filters=lambda parameters, orders, user: CopperFilter(parameters, orders, user=user),
    badge_of=copper_badge,
)
# As they are shown, one below the other.
KINDS = (ORDERS, COPPER, LINES, CARTS)

"""Search: carts, lines and orders by anything that names them. An exact reference leads straight to what it names."""

from typing import TYPE_CHECKING, TypeVar

from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.models import User
from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from mirror.apis import COVAGE, is_configured
from sessions_app.filters import CartFilter, LineFilter
from sessions_app.models import Cart, Line
from sessions_app.pages import badge_of
from sessions_app.states import line_badge
from tracking.filters import OrderFilter
from tracking.lists import listed_orders
from tracking.models import Order
from tracking.states import order_badge

if TYPE_CHECKING:
    from sessions_app.querysets import CartQuerySet, LineQuerySet
    from tracking.querysets import OrderQuerySet

Found = TypeVar("Found")
LONGEST = 200
SHOWN = 20


@requires()
@require_GET
def search(request: Request) -> HttpResponse:
    text = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST]
    if not text:
        return render(request, "portal/search.html", {"text": "", "has_orders": is_configured(COVAGE)})
    exact_carts, exact_lines, exact_orders = _named(request.user, text)
    named: list[Cart | Line | Order] = [*exact_carts, *exact_lines, *exact_orders]
    if len(named) == 1:
        return redirect(named[0])
    carts, more_carts = _first(exact_carts, _carts_containing(request.user, text))
    lines, more_lines = _first(exact_lines, _lines_containing(request.user, text))
    orders, more_orders = _first(exact_orders, _orders_containing(request.user, text))
    context = {
        "text": text,
        "carts": [(cart, badge_of(cart)) for cart in carts],
        "lines": [(line, line_badge(line.state)) for line in lines],
        "orders": [(order, order_badge(order.state)) for order in orders],
        "more_carts": more_carts,
        "more_lines": more_lines,
        "more_orders": more_orders,
        "shown": SHOWN,
        "has_orders": is_configured(COVAGE),
    }
    return render(request, "portal/search.html", context)


def _named(user: User, text: str) -> tuple[list[Cart], list[Line], list[Order]]:
    """What this very text names, by an index each; no more than can be shown.

    A line that became one of these orders is left out: the order tells more.
    """
    as_typed = {text, text.upper()}
    upstream = Q(upstream_id__in={text, text.lower()})
    of_a_line = Q(order_reference__in=as_typed) | Q(external_id__in=as_typed) | upstream
    carts = _carts(user).filter(Q(external_id__in=as_typed) | upstream)[:SHOWN]
    orders = list(_orders(user).named(text)[:SHOWN])
    became = {mark for order in orders for mark in (order.line_id, order.upstream_id) if mark}
    lines = _lines(user).filter(of_a_line)[:SHOWN]
    others = [line for line in lines if line.pk not in became and line.order_reference not in became]
    return list(carts), others, orders


def _carts_containing(user: User, text: str) -> list[Cart]:
    """As the list of carts filters, so that "more" leads to the same ones."""
    return list(CartFilter({"q": text}, _carts(user)).qs[: SHOWN + 1])


def _lines_containing(user: User, text: str) -> list[Line]:
    return list(LineFilter({"search": text}, _lines(user)).qs[: SHOWN + 1])


def _orders_containing(user: User, text: str) -> list[Order]:
    """As the list of orders filters; words that are too short for it find none."""
    filters = OrderFilter({"q": text}, _orders(user), user=user)
    return [] if filters.form.errors else list(filters.qs[: SHOWN + 1])


def _first(exact: list[Found], containing: list[Found]) -> tuple[list[Found], bool]:
    """The exact ones, then the others, as many as are shown; and whether there are more."""
    found = list(dict.fromkeys([*exact, *containing]))
    return found[:SHOWN], len(found) > SHOWN


def _carts(user: User) -> "CartQuerySet":
    carts = Cart.objects.live() if is_configured(COVAGE) else Cart.objects.none()
    return carts.visible_to(user).select_related("owner").order_by("-created_at", "id")


def _lines(user: User) -> "LineQuerySet":
    lines = Line.objects.live() if is_configured(COVAGE) else Line.objects.none()
    return lines.visible_to(user).select_related("cart").order_by("-created_at", "id")


def _orders(user: User) -> "OrderQuerySet":
    may_see = is_configured(COVAGE) and user.has_role(SALES, BACK_OFFICE)
    orders = listed_orders() if may_see else Order.objects.none()
    return orders.order_by("-order_date", "-id")

"""The lists of carts and of lines. Filters, sort and page stand in the URL."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from mirror.paging import Page, page_of
from sessions_app.filters import CartFilter, LineFilter
from sessions_app.models import Cart, Line
from sessions_app.pages import badge_of, with_line_figures
from sessions_app.states import line_badge

CART_SORTS = {
    "created": "created_at",
    "reference": "external_id",
    "project": "project_id",
    "state": "state",
    "missing": "missing_count",
    "ordered": "order_date",
}
LINE_SORTS = {
    "creation_date": "created_at",
    "end_customer_name": "end_customer_name",
    "customer_order_name": "customer_order_name",
    "product_offering_id": "product_offering_id",
    "city": "city",
    "state": "state",
    "order_reference": "order_reference",
    "order_date": "order_date",
    "expiration_date": "expires_on",
    "scheduled_delivery_date": "scheduled_delivery_date",
}


@requires(SALES, BACK_OFFICE)
@require_GET
def carts(request: Request) -> HttpResponse:
    visible = Cart.objects.live().visible_to(request.user).select_related("owner", "team")
    filters = CartFilter(request.GET, visible, request=request)
    page = page_of(filters.qs, request.GET, CART_SORTS, default="-created")
    rows = [(cart, badge_of(cart), figures) for cart, figures in with_line_figures(page.rows)]
    return render(request, "sessions_app/carts.html", _list_context(request, filters, page, rows))


@requires(SALES, BACK_OFFICE)
@require_GET
def lines(request: Request) -> HttpResponse:
    visible = Line.objects.live().visible_to(request.user).select_related("cart__owner")
    filters = LineFilter(request.GET, visible, request=request)
    page = page_of(filters.qs, request.GET, LINE_SORTS, default="-creation_date")
    rows = [(line, line_badge(line.state)) for line in page.rows]
    return render(request, "sessions_app/lines.html", _list_context(request, filters, page, rows))


def _list_context(request: Request, filters: Any, page: Page, rows: list[Any]) -> dict[str, Any]:
    set_filters = [name for name in filters.form.fields if filters.form.data.get(name)]
    return {
        "form": filters.form,
        "active_count": len(set_filters),
        "page": page,
        "rows": rows,
        "sort": page.sort,
        "may_order": request.user.has_role(SALES),
        "hidden": [("sort", page.sort)] if "sort" in filters.form.data else [],
    }

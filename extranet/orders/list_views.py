"""The list of copper orders, its exports, and watching selected orders."""

from django.http import HttpResponse, HttpResponseBase
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from extranet.orders.changes import subject_of
from extranet.orders.list_page import ORDERS, listed_orders
from lists.pages import render_list
from lists.selection import export_selected
from notifications.watches.selection import watch_selected


@requires(SALES, BACK_OFFICE)
@require_GET
def orders(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    context = {
        "filters_template": "lists/filters/grouped.html",
        "may_order": request.user.has_role(SALES),
        "may_terminate": request.user.has_role(BACK_OFFICE),
    }
    return render_list(request, ORDERS, listed_orders(request.user), context)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def export(request: AuthenticatedHttpRequest, kind: str) -> HttpResponseBase:
    return export_selected(request, ORDERS, listed_orders(request.user), kind, "extranet:orders")


@requires(SALES, BACK_OFFICE)
@require_POST
def watch(request: AuthenticatedHttpRequest) -> HttpResponse:
    return watch_selected(request, listed_orders(request.user), subject_of, "extranet:orders")

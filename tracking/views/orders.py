"""The list of orders, its files, and what is done with selected ones."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from desk.lists import render_list
from desk.selection import export_asked, watch_selected
from tracking.changes import subject_of
from tracking.first_sync import first_sync
from tracking.lists import ORDERS, listed_orders
from tracking.models import Order


@requires(SALES, BACK_OFFICE)
@require_GET
def orders(request: Request) -> HttpResponseBase:
    context = {"first_sync": first_sync(), "filters_template": "components/grouped_filters.html"}
    return render_list(request, ORDERS, listed_orders(), context)


@requires(SALES, BACK_OFFICE)
@require_GET
def progress(request: Request) -> HttpResponse:
    """How far the first sync is, for htmx; when it is done, htmx loads the list anew."""
    current = first_sync()
    response = render(request, "tracking/orders.html#progress", {"first_sync": current})
    if current is None:
        response["HX-Refresh"] = "true"
    return response


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def export(request: Request, kind: str) -> HttpResponseBase:
    return export_asked(request, ORDERS, listed_orders(), kind, "tracking:orders")


@requires(SALES, BACK_OFFICE)
@require_POST
def watch(request: Request) -> HttpResponse:
    named = Order.objects.only("uuid", "reference", "end_customer_name", "city")
    return watch_selected(request, named, subject_of, "tracking:orders")

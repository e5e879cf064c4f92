"""The list of orders, its files, and what is done with selected ones."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from accounts.ways import way_back
from desk.lists import export_list, render_list, selected_rows
from desk.watching import watch_subjects
from tracking.changes import subject_of
from tracking.first_sync import first_sync
from tracking.lists import ORDERS, list_asked, listed_orders
from tracking.models import Order


@requires(SALES, BACK_OFFICE)
@require_GET
def orders(request: Request) -> HttpResponseBase:
    context = {"first_sync": first_sync(), "filters_template": "tracking/order_filters.html"}
    return render_list(request, list_asked(request.GET), listed_orders(), context)


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
    """All orders that the URL's filters let pass, or of those posted exactly the selected ones, as a file."""
    if request.method == "GET":
        return export_list(request, list_asked(request.GET), listed_orders(), kind)
    chosen = selected_rows(request, listed_orders())
    return export_list(request, ORDERS, chosen, kind) if chosen.exists() else _nothing_selected(request)


@requires(SALES, BACK_OFFICE)
@require_POST
def watch(request: Request) -> HttpResponse:
    chosen = selected_rows(request, Order.objects.only("uuid", "reference", "end_customer_name", "city"))
    subjects = [subject_of(order) for order in chosen]
    if not subjects:
        return _nothing_selected(request)
    watch_subjects(request.user, subjects)
    said = ngettext(
        "You are told of what changes on %(number)d order.",
        "You are told of what changes on %(number)d orders.",
        len(subjects),
    )
    messages.success(request, said % {"number": len(subjects)})
    return redirect(way_back(request, "tracking:orders"))


def _nothing_selected(request: Request) -> HttpResponseRedirect:
    messages.warning(request, _("No order was selected: tick some first. Nothing was done."))
    return redirect(way_back(request, "tracking:orders"))

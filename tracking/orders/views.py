"""The list of orders, with its files and watching selected ones, and one order's page."""

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from covage.moments import moment
from lists.pages import render_list
from lists.selection import export_selected
from notifications.changes.recording import mark_looked_at
from notifications.watches.selection import watch_selected
from sessions_app.access import visible_line
from tracking import tasks
from tracking.access import known_order
from tracking.ingest.first_sync import first_sync
from tracking.models import Order
from tracking.orders.changes import subject_of
from tracking.orders.list_page import ORDERS, listed_orders
from tracking.orders.pages import details_part, documents_part, order_page
from web.page_freshness import NEW_ENOUGH, TOO_OLD, is_older, page_freshness


@requires(SALES, BACK_OFFICE)
@require_GET
def order(request: AuthenticatedHttpRequest, reference: str) -> HttpResponse:
    """An order's page. With htmx its details read again (`fresh`), or its documents (`view`)."""
    shown = known_order(reference)
    if shown.reference != reference:
        return redirect(shown)
    if request.htmx and "view" in request.GET:
        return render(
            request, "tracking/orders/order.html#documents", documents_part(shown, request.GET["view"])
        )
    if request.htmx and "fresh" in request.GET:
        return _fresh(request, shown)
    was_tried = is_older(shown.read_at, TOO_OLD)
    if was_tried:
        shown = _read_again(shown)
    since = mark_looked_at(request.user, shown.uuid)
    context = order_page(shown, request.user, since, request.GET.get("view", ""))
    context |= page_freshness(shown.read_at, was_tried=was_tried or "view" in request.GET)
    return render(request, "tracking/orders/order.html", context)


@requires(SALES, BACK_OFFICE)
@require_GET
def of_line(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Redirect from a line to the order that it became, or back to the line while that order isn't known here."""
    line = visible_line(request.user, pk)
    became = Order.objects.filter(upstream_id=line.order_reference).first() if line.order_reference else None
    if became is None:
        messages.info(request, _("The order of this line isn't known here yet. It will appear here."))
    return redirect(became or line)


def _fresh(request: AuthenticatedHttpRequest, shown: Order) -> HttpResponse:
    """The details after another reading; `since` is when the reader had last looked before opening the page."""
    if is_older(shown.read_at, NEW_ENOUGH):
        shown = _read_again(shown)
    mark_looked_at(request.user, shown.uuid)
    since = moment(request.GET.get("since", ""))
    context = details_part(shown, request.user, since) | documents_part(shown)
    return render(
        request,
        "tracking/orders/order.html#live",
        context | {"is_new": not is_older(shown.read_at, NEW_ENOUGH)},
    )


def _read_again(shown: Order) -> Order:
    tasks.refresh(shown)
    return known_order(shown.reference)


@requires(SALES, BACK_OFFICE)
@require_GET
def orders(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    context = {"first_sync": first_sync(), "filters_template": "lists/filters/grouped.html"}
    return render_list(request, ORDERS, listed_orders(), context)


@requires(SALES, BACK_OFFICE)
@require_GET
def progress(request: AuthenticatedHttpRequest) -> HttpResponse:
    """The progress of the first sync, for htmx; when it is done, htmx reloads the list."""
    current = first_sync()
    response = render(request, "tracking/orders/list.html#progress", {"first_sync": current})
    if current is None:
        response["HX-Refresh"] = "true"
    return response


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def export(request: AuthenticatedHttpRequest, kind: str) -> HttpResponseBase:
    return export_selected(request, ORDERS, listed_orders(), kind, "tracking:orders")


@requires(SALES, BACK_OFFICE)
@require_POST
def watch(request: AuthenticatedHttpRequest) -> HttpResponse:
    named = Order.objects.only("uuid", "reference", "end_customer_name", "city")
    return watch_selected(request, named, subject_of, "tracking:orders")

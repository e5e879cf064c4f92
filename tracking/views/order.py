"""One order."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from covage.moments import moment
from desk.ages import NEW_ENOUGH, TOO_OLD, age_of_page, is_older
from desk.telling import looked_at
from sessions_app.access import visible_line
from tracking import tasks
from tracking.access import known_order
from tracking.models import Order
from tracking.pages import order_page, papers_part, told_part


@requires(SALES, BACK_OFFICE)
@require_GET
def order(request: Request, reference: str) -> HttpResponse:
    """An order's page. With htmx the part that the vendor tells, read anew (`fresh`), or the documents (`view`)."""
    shown = known_order(reference)
    if shown.reference != reference:
        return redirect(shown)
    if request.htmx and "view" in request.GET:
        return render(request, "tracking/order.html#documents", papers_part(shown, request.GET["view"]))
    if request.htmx and "fresh" in request.GET:
        return _fresh(request, shown)
    was_tried = is_older(shown.read_at, TOO_OLD)
    if was_tried:
        shown = _read_anew(shown)
    since = looked_at(request.user, shown.uuid)
    context = order_page(shown, request.user, since, request.GET.get("view", ""))
    age = age_of_page(shown.read_at, was_tried=was_tried or "view" in request.GET)
    return render(request, "tracking/order.html", context | age)


@requires(SALES, BACK_OFFICE)
@require_GET
def of_line(request: Request, pk: uuid.UUID) -> HttpResponse:
    """From a line to the order that it became; back to the line while that one is not known here."""
    line = visible_line(request.user, pk)
    became = Order.objects.filter(upstream_id=line.order_reference).first() if line.order_reference else None
    if became is None:
        messages.info(request, _("The order of this line is not known here yet. It will appear here."))
    return redirect(became or line)


def _fresh(request: Request, shown: Order) -> HttpResponse:
    """The told part after another reading; `since` is when the reader had looked before they opened the page."""
    if is_older(shown.read_at, NEW_ENOUGH):
        shown = _read_anew(shown)
    looked_at(request.user, shown.uuid)
    since = moment(request.GET.get("since", ""))
    context = told_part(shown, request.user, since) | papers_part(shown)
    return render(
        request, "tracking/order.html#told", context | {"is_new": not is_older(shown.read_at, NEW_ENOUGH)}
    )


def _read_anew(shown: Order) -> Order:
    tasks.look_after(shown)
    return known_order(shown.reference)

"""One order."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from covage.moments import moment
from desk.ages import NEW_ENOUGH, TOO_OLD, age_of_page, is_older
from desk.telling import looked_at
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

"""One order."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from tracking.access import known_order


@requires(SALES, BACK_OFFICE)
@require_GET
def order(request: Request, reference: str) -> HttpResponse:
    shown = known_order(reference)
    if shown.reference != reference:
        return redirect(shown)
    return render(request, "tracking/order.html", {"order": shown})

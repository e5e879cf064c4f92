"""Home: what is waiting for the user."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from outbox.apis import COVAGE, EXTRANET, is_configured
from portal.home.next_steps import next_steps
from portal.operations.views import latest_runs
from portal.worklists.home import WORKLIST_ITEMS
from portal.worklists.item import cards_of


@requires()
def home(request: AuthenticatedHttpRequest) -> HttpResponse:
    cards = cards_of(WORKLIST_ITEMS, request.user)
    runs_it = request.user.has_role(BACK_OFFICE)
    context = {
        "waiting": [card for card in cards if card.count],
        "quiet": [card for card in cards if not card.count],
        "may_order": request.user.has_role(SALES),
        "has_fibre": is_configured(COVAGE),
        "has_copper": is_configured(EXTRANET),
        "runs_it": runs_it,
        "runs": latest_runs() if runs_it else [],
        "steps": list(next_steps(request.user)),
    }
    return render(request, "portal/home/home.html", context)

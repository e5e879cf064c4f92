"""Home: what waits for whoever signed in."""

from django.http import HttpResponse
from django.shortcuts import render

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from outbox.apis import COVAGE, EXTRANET, is_configured
from portal.home.next_steps import next_steps
from portal.operations.views import latest_runs
from portal.worklists.home import TOPICS
from portal.worklists.item import found_of


@requires()
def home(request: AuthenticatedHttpRequest) -> HttpResponse:
    found = found_of([topic for topic in TOPICS if topic.is_for(request.user)], request.user)
    runs_it = request.user.has_role(BACK_OFFICE)
    context = {
        "waiting": [one for one in found if one.count],
        "quiet": [one for one in found if not one.count],
        "may_order": request.user.has_role(SALES),
        "has_fibre": is_configured(COVAGE),
        "has_copper": is_configured(EXTRANET),
        "runs_it": runs_it,
        "runs": latest_runs() if runs_it else [],
        "steps": list(next_steps(request.user)),
    }
    return render(request, "portal/home/home.html", context)

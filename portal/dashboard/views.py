"""The dashboard: what waits on orders and drafts, what comes this week, how long everything takes; fibre and copper.

The back office is shown every order; sales are shown their own and their teams' alone.
"""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from extranet.orders import statistics as copper_figures
from lists.paging import page_of
from outbox.apis import COVAGE, EXTRANET, is_configured
from portal.dashboard import copper_times, lead_times, state_bars, week
from portal.dashboard.recent import recent_changes
from portal.worklists import copper, orders
from portal.worklists.home import EXPIRING
from portal.worklists.item import found_of
from tracking.orders import statistics

if TYPE_CHECKING:
    from accounts.models import User

TOPICS = (
    copper.PENDING,
    orders.LATE,
    orders.STUCK,
    orders.REQUESTS,
    orders.TERMINATING,
    orders.NOTICE_DUE,
    EXPIRING,
    copper.ON_HOLD,
    copper.TERMINATING,
    copper.TERM_ENDING,
)


@requires(SALES, BACK_OFFICE)
@require_GET
def dashboard(request: AuthenticatedHttpRequest) -> HttpResponse:
    """With `?technology=` and `?step=` the lead times of these, with `?week=` the appointments of that day's week."""
    found = found_of([topic for topic in TOPICS if topic.is_for(request.user)], request.user)
    context = {
        "sees_all": request.user.has_role(BACK_OFFICE),
        "waiting": [one for one in found if one.count],
        "quiet": [one for one in found if not one.count],
        "changes": recent_changes(request.user),
        "has_fibre": is_configured(COVAGE),
        "has_copper": is_configured(EXTRANET),
    }
    context |= _fibre(request) if context["has_fibre"] else {}
    context |= _copper(request.user) if context["has_copper"] else {}
    return render(request, "portal/dashboard/dashboard.html", context)


def _fibre(request: AuthenticatedHttpRequest) -> dict[str, Any]:
    user, sees_all = request.user, request.user.has_role(BACK_OFFICE)
    counted = statistics.all_by_state() if sees_all else statistics.own_by_state(user)
    return {
        "counted": counted,
        "bars": state_bars.state_bars(counted, state_bars.ORDERS, own=not sees_all),
        "week": week.week_of(user, _day_asked(request, "week", week.coming_day())),
        "lead_times": lead_times.shown_to(user, request.GET),
    }


def _copper(user: "User") -> dict[str, Any]:
    sees_all = user.has_role(BACK_OFFICE)
    counted = copper_figures.all_by_status() if sees_all else copper_figures.own_by_status(user)
    return {
        "copper_counted": counted,
        "copper_bars": state_bars.state_bars(counted, state_bars.COPPER, own=not sees_all),
        "copper_times": copper_times.bars_of(user),
    }


@requires(SALES, BACK_OFFICE)
@require_GET
def appointments(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What is planned from `?from=` to `?until=`, a week by default."""
    first = _day_asked(request, "from", week.monday_of(week.coming_day()))
    last = max(_day_asked(request, "until", first + timedelta(days=6)), first)
    planned = week.appointments_of(request.user).planned(first, last).select_related("order")
    page = page_of(planned, request.GET, {"at": "at"}, default="at")
    context = {"first": first, "last": last, "page": page, "rows": [week.row_of(one) for one in page.rows]}
    return render(request, "portal/dashboard/appointments.html", context)


def _day_asked(request: AuthenticatedHttpRequest, name: str, default: date) -> date:
    """The day that the URL's query names, or the default."""
    try:
        asked = parse_date(request.GET.get(name, ""))
    except ValueError:
        asked = None
    # Days at the ends of the calendar have no week and no moment in every zone.
    return asked if asked and 1900 <= asked.year <= 2999 else default

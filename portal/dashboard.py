"""The dashboard: what waits on orders and drafts, what comes this week, and how long everything takes.

The back office is shown every order; sales are shown their own and their teams' alone.
"""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET

from accounts.requests import Request
from accounts.roles import BACK_OFFICE, SALES, requires
from mirror.paging import page_of
from portal import lead_times, order_topics, week
from portal.recent import recent_changes
from portal.state_bars import state_bars
from portal.topic import found_of
from portal.topics import EXPIRING
from tracking import figures

TOPICS = (
    order_topics.LATE,
    order_topics.STUCK,
    order_topics.REQUESTS,
    order_topics.TERMINATING,
    order_topics.NOTICE_DUE,
    EXPIRING,
)


@requires(SALES, BACK_OFFICE)
@require_GET
def dashboard(request: Request) -> HttpResponse:
    """With `?technology=` and `?step=` the lead times of these, with `?week=` the appointments of that day's week."""
    user = request.user
    sees_all = user.has_role(BACK_OFFICE)
    found = found_of(TOPICS, user)
    counted = figures.all_by_state() if sees_all else figures.own_by_state(user)
    context = {
        "sees_all": sees_all,
        "waiting": [one for one in found if one.count],
        "quiet": [one for one in found if not one.count],
        "counted": counted,
        "bars": state_bars(counted, own=not sees_all),
        "week": week.week_of(user, _day_asked(request, "week", week.coming_day())),
        "changes": recent_changes(user),
        "lead_times": lead_times.shown_to(user, request.GET),
    }
    return render(request, "portal/dashboard.html", context)


@requires(SALES, BACK_OFFICE)
@require_GET
def appointments(request: Request) -> HttpResponse:
    """What is planned from `?from=` to `?until=`, a week by default."""
    first = _day_asked(request, "from", week.monday_of(week.coming_day()))
    last = max(_day_asked(request, "until", first + timedelta(days=6)), first)
    planned = week.appointments_of(request.user).planned(first, last).select_related("order")
    page = page_of(planned, request.GET, {"at": "at"}, default="at")
    context = {"first": first, "last": last, "page": page, "rows": [week.row_of(one) for one in page.rows]}
    return render(request, "portal/appointments.html", context)


def _day_asked(request: Request, name: str, default: date) -> date:
    """The day that the URL's query names, or the default."""
    try:
        asked = parse_date(request.GET.get(name, ""))
    except ValueError:
        asked = None
    # Days at the ends of the calendar have no week and no moment in every zone.
    return asked if asked and 1900 <= asked.year <= 2999 else default

"""How long steps take: roll-ups of the times that orders took, and what is longer than usual.

Percentiles are by nearest rank: the ninth of ten times is the 90th percentile.
"""

from collections import defaultdict
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from lists.counts import percentile
from sync.leases import Taken, lease
from tracking.models import LeadTime, Order, StepTime
from tracking.states import Step
from web.months import months_before

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.querysets import StepTimeQuerySet

YEAR = timedelta(days=365)
LEASE_SECONDS = 600
# How many months are shown, the current one included.
MONTHS = 37
# At most this many times of a person's own orders are counted, the newest.
MOST_OWN = 10_000
# The whole way to service, then its steps in their usual order.
WHOLE_WAY = ""
USUAL_ORDER = (
    WHOLE_WAY,
    "confirmed",
    "acknowledged",
    "held_adv_validation",
    "in_progress",
    "production_in_progress",
    *Step.values,
)
# Nothing is called usual for fewer times than this.
ENOUGH = 5

TechnologyAndStep = tuple[str, str]


def usual() -> dict[TechnologyAndStep, float]:
    """The days within which nine in ten orders left a step, by technology ("" for all) and step."""
    enough = LeadTime.objects.filter(month=None, count__gte=ENOUGH)
    return {(lead.technology, lead.step): lead.p90 for lead in enough}


def stuck_on(
    longest: dict[TechnologyAndStep, float], technology: str, step: str, since: datetime | None
) -> datetime | None:
    """When an order, in a step since `since`, will have been there for longer than usual for its technology."""
    days = longest.get((technology, step), longest.get(("", step)))
    try:
        return None if since is None or days is None else since + timedelta(days=days)
    except OverflowError:  # a step that was entered at the end of the calendar
        return None


def roll_up(now: datetime | None = None) -> None:
    """Recompute every month of the last three years and the last 365 days, then which orders are stuck.

    Does nothing while another worker is doing it.
    """
    with suppress(Taken), lease("lead times", LEASE_SECONDS):
        rows = compute(StepTime.objects.all(), now or timezone.now())
        with transaction.atomic():
            LeadTime.objects.all().delete()
            LeadTime.objects.bulk_create(rows, batch_size=500)
        _find_stuck()


def known(technology: str, step: str) -> list[LeadTime]:
    """The last roll-up of all orders: every step of the last 365 days, and the months of one technology and step."""
    return list(LeadTime.objects.filter(Q(month=None) | Q(technology=technology, step=step)))


def own(user: "User") -> list[LeadTime]:
    """The lead times of a person's own orders, computed now. Unsaved."""
    newest = StepTime.objects.of(user).order_by("-ended_at", "-id")
    return compute(newest, timezone.now(), most=MOST_OWN)


def compute(times: "StepTimeQuerySet", now: datetime, most: int | None = None) -> list[LeadTime]:
    """The lead times computed from the first `most` of some times: by month for three years, and of 365 days."""
    first = months_before(timezone.localdate(now).replace(day=1), MONTHS - 1)
    began = timezone.localtime(now).replace(
        year=first.year, month=first.month, day=1, hour=0, minute=0, second=0, microsecond=0
    )
    days_by_kind: dict[tuple[date | None, str, str], list[float]] = defaultdict(list)
    lately = times.filter(ended_at__gte=began, ended_at__lte=now)
    rows = lately.values_list("ended_at", "technology", "step", "days")[:most]
    for ended_at, technology, step, days in rows.iterator(chunk_size=5000):
        month = timezone.localtime(ended_at).date().replace(day=1)
        for kind in {technology, ""}:
            days_by_kind[(month, kind, step)].append(days)
            if ended_at >= now - YEAR:
                days_by_kind[(None, kind, step)].append(days)
    return _lead_times(days_by_kind.items())


def _lead_times(
    days_by_kind: Iterable[tuple[tuple[date | None, str, str], list[float]]],
) -> list[LeadTime]:
    rows = []
    for (month, technology, step), times in days_by_kind:
        times.sort()
        median, p90 = percentile(times, 0.5), percentile(times, 0.9)
        rows.append(
            LeadTime(technology=technology, step=step, month=month, count=len(times), median=median, p90=p90)
        )
    return rows


def of_the_year(leads: Iterable[LeadTime], technology: str) -> list[LeadTime]:
    """Those of the last 365 days for a technology ("" for all), in the usual order of steps."""
    found = [lead for lead in leads if lead.month is None and lead.technology == technology]
    return sorted(found, key=lambda lead: place_of(lead.step))


def by_month(
    leads: Iterable[LeadTime], technology: str, step: str, today: date
) -> dict[date, LeadTime | None]:
    """Those of one technology and step by month, up to this month; None for a month in which no such step ended."""
    found = {lead.month: lead for lead in leads if (lead.technology, lead.step) == (technology, step)}
    months = [months_before(today.replace(day=1), back) for back in reversed(range(MONTHS))]
    return {month: found.get(month) for month in months}


def place_of(step: str) -> tuple[int, str]:
    """The position of a step in the usual order; unknown ones come last."""
    return (USUAL_ORDER.index(step) if step in USUAL_ORDER else len(USUAL_ORDER), step)


def _find_stuck() -> None:
    """Recompute for every order in a step from when it will have been there for too long."""
    longest = usual()
    in_steps = Order.objects.filter(step_since__isnull=False).exclude(step="")
    for order in in_steps.only("offer_technology", "step", "step_since", "stuck_on").iterator(
        chunk_size=1000
    ):
        on = stuck_on(longest, order.offer_technology, order.step, order.step_since)
        if on != order.stuck_on:
            Order.objects.filter(pk=order.pk).update(stuck_on=on)

"""How long steps take: roll-ups of the times that orders took, and what is longer than usual.

Percentiles are by nearest rank: of ten times the ninth is the 90th percentile.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models.functions import TruncMonth
from django.utils import timezone

from tracking.models import LeadTime, Order, StepTime

YEAR = timedelta(days=365)
# Of fewer than this nothing is called usual.
ENOUGH = 5

Key = tuple[str, str]


def percentile(times: Sequence[float], share: float) -> float:
    """The smallest of some times, sorted, that at least `share` of them don't exceed. Needs at least one."""
    return times[max(math.ceil(share * len(times)), 1) - 1]


def usual() -> dict[Key, float]:
    """Within how many days nine in ten orders left a step, by technology ("" for all) and step."""
    known = LeadTime.objects.filter(month=None, count__gte=ENOUGH)
    return {(lead.technology, lead.step): lead.p90 for lead in known}


def stuck_on(
    longest: dict[Key, float], technology: str, step: str, since: datetime | None
) -> datetime | None:
    """When an order that has been in a step since then will have been so for longer than `usual` for its technology."""
    days = longest.get((technology, step), longest.get(("", step)))
    return None if since is None or days is None else since + timedelta(days=days)


def roll_up(now: datetime | None = None) -> None:
    """Reckon every month of the last three years and the last 365 days anew, then what is stuck."""
    now = now or timezone.now()
    monthly: dict[tuple[date | None, str, str], list[float]] = defaultdict(list)
    times = StepTime.objects.filter(ended_at__gte=now - 3 * YEAR, ended_at__lte=now)
    rows = times.annotate(month=TruncMonth("ended_at")).values_list(
        "month", "ended_at", "technology", "step", "days"
    )
    for month, ended_at, technology, step, days in rows.iterator(chunk_size=5000):
        for kind in {technology, ""}:
            monthly[(timezone.localtime(month).date(), kind, step)].append(days)
            if ended_at >= now - YEAR:
                monthly[(None, kind, step)].append(days)
    with transaction.atomic():
        LeadTime.objects.all().delete()
        LeadTime.objects.bulk_create(_lead_times(monthly.items()), batch_size=500)
    _find_stuck()


def _lead_times(
    monthly: Iterable[tuple[tuple[date | None, str, str], list[float]]],
) -> list[LeadTime]:
    rows = []
    for (month, technology, step), times in monthly:
        times.sort()
        median, p90 = percentile(times, 0.5), percentile(times, 0.9)
        rows.append(
            LeadTime(technology=technology, step=step, month=month, count=len(times), median=median, p90=p90)
        )
    return rows


def _find_stuck() -> None:
    """Reckon anew, for every step that orders are in, from when on they are in it for too long."""
    longest = usual()
    in_steps = Order.objects.filter(step_since__isnull=False).exclude(step="")
    for order in in_steps.only("offer_technology", "step", "step_since", "stuck_on").iterator(
        chunk_size=1000
    ):
        on = stuck_on(longest, order.offer_technology, order.step, order.step_since)
        if on != order.stuck_on:
            Order.objects.filter(pk=order.pk).update(stuck_on=on)

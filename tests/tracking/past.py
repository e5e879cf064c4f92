"""Orders ingested as by a sync, and what pages should show of them, computed the slow and obvious way."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from covage.moments import PARIS
from demo.invented import invented_orders
from tracking import leadtimes
from tracking.ingest import store
from tracking.models import Order, OrderDetail
from tracking.orders import statistics

TechnologyAndStep = tuple[str, str]
IN_SERVICE_OR_OVER = {"active", "terminated", "rejected", "cancelled", "rejected_creation", "technical_error"}
COUNT = 300  # orders that the tests of a module share
BEING_CHANGED = {"change_in_progress", "terminate_in_progress"}


def ingest(count: int, seed: int = 1) -> None:
    """Ingest this many invented orders and their pages as a sync does, and roll them up."""
    began = timezone.now()
    orders = list(invented_orders(count, seed, began))
    for start in range(0, count, 100):
        store.ingest_page([one.listed for one in orders[start : start + 100]], began, silent=True)
    for one in orders:
        reference = one.listed["order_reference"]
        store.ingest_reading(store.Reading(reference, timezone.now(), one.detail, one.history, []))
    leadtimes.roll_up()
    statistics.count_orders()


def all_details() -> list[OrderDetail]:
    return list(OrderDetail.objects.select_related("order"))


def moments(details: OrderDetail) -> list[tuple[str, datetime]]:
    """The states of a history with their moments."""
    return [(entry["state"], datetime.fromisoformat(entry["change_date"])) for entry in details.history]


def is_in_production(details: OrderDetail) -> bool:
    return details.detail["state"] not in IN_SERVICE_OR_OVER | BEING_CHANGED


def counts_by_state() -> Counter[TechnologyAndStep]:
    return Counter((one.detail["state"], one.detail["technology"]) for one in all_details())


def late() -> set[str]:
    """Those still in production after the day on which the vendor estimated their delivery."""
    today = datetime.now(PARIS).date()
    return {
        one.detail["order_reference"]
        for one in all_details()
        if is_in_production(one) and date.fromisoformat(one.detail["estimated_delivery_date"]) < today
    }


def passed_steps(details: OrderDetail) -> Iterator[tuple[str, datetime, float]]:
    """Each step left on the way to service: which, when it ended, how many days it took; then the whole way."""
    steps = moments(details)
    for (state, began), (following, ended) in zip(steps, steps[1:], strict=False):
        if state in IN_SERVICE_OR_OVER:
            return
        yield state, ended, (ended - began).total_seconds() / 86400
        if following == "active":
            yield "", ended, (ended - steps[0][1]).total_seconds() / 86400


def all_times(only: set[str] | None = None) -> Iterator[tuple[str, str, datetime, float]]:
    """The technology, the step, the end and the days of every step that every order has left."""
    for one in all_details():
        if only is None or one.detail["order_reference"] in only:
            for step, ended, days in passed_steps(one):
                yield one.detail["technology"], step, ended, days


def of_last_year(now: datetime, only: set[str] | None = None) -> dict[TechnologyAndStep, list[float]]:
    """The days by technology ("" for all together) and step of what ended in the 365 days before."""
    found: dict[TechnologyAndStep, list[float]] = defaultdict(list)
    for technology, step, ended, days in all_times(only):
        if now - timedelta(days=365) <= ended <= now:
            found[(technology, step)].append(days)
            found[("", step)].append(days)
    return found


def of_months(technology: str, step: str) -> dict[date, list[float]]:
    """The days of one technology and step by the month, in Paris, in which it ended."""
    found: dict[date, list[float]] = defaultdict(list)
    for this, that, ended, days in all_times():
        if that == step and technology in ("", this):
            found[ended.astimezone(PARIS).date().replace(day=1)].append(days)
    return found


def nearest_rank(times: Sequence[float], percent: int) -> float:
    """The percentile by nearest rank: the time at the place, rounded up, of that many per cent of all."""
    return sorted(times)[max(math.ceil(len(times) * percent / 100), 1) - 1]


def stuck(now: datetime) -> set[str]:
    """Those in production that have been in their step for longer than nine in ten of their technology were."""
    usual = of_last_year(now)
    found = set()
    for one in all_details():
        state, since = moments(one)[-1]
        times = usual[(one.detail["technology"], state)]
        times = times if len(times) >= 5 else usual[("", state)]
        if not is_in_production(one) or len(times) < 5:
            continue
        if since + timedelta(days=nearest_rank(times, 90)) < now:
            found.add(one.detail["order_reference"])
    return found


def notice_due() -> set[str]:
    """The active ones of which the last day to give notice is today or within 90 days."""
    today = datetime.now(PARIS).date()
    return {
        one.detail["order_reference"]
        for one in all_details()
        if one.detail["state"] == "active" and today <= _last_day(one.detail) <= today + timedelta(days=90)
    }


def _last_day(detail: dict[str, Any]) -> date:
    """The latest day from which so many months, to the same day or the last of a shorter month, end in time."""
    end = date.fromisoformat(detail["commitment_end_date"])
    months = detail["notice_period"]
    day = end - timedelta(days=31 * months + 3)
    while _so_many_months_later(day + timedelta(days=1), months) <= end:
        day += timedelta(days=1)
    return day


def _so_many_months_later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    for number in range(day.day, 27, -1):
        try:
            return date(month // 12, month % 12 + 1, number)
        except ValueError:
            continue
    return date(month // 12, month % 12 + 1, day.day)


def references(orders: Any) -> set[str]:
    return set(orders.values_list("reference", flat=True))


def own_references(email: str) -> set[str]:
    return references(Order.objects.filter(created_by=email))

"""The milestones of an order in production, and how long it usually takes from each to the next.

States and steps are those of the vendor's order-tracking page. Time is counted in working days since a
Monday long ago, fractions being office hours, so that nothing ever happens on a Sunday night.
"""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import accumulate

from sandbox.clock import PARIS
from sandbox.dice import Dice

PRODUCTION_STEPS = (
    "production_manager_assigned",
    "optical_route_received",
    "technical_visit_planned",
    "technical_visit_completed",
    "technical_visit_report_published",
    "connexion_planned",
    "connexion_completed",
    "service_configured",
    "service_controlled",
    "delivery_report_published",
    "intervention_report_published",
)
MILESTONES = ("acknowledged", "held_adv_validation", "production_in_progress", *PRODUCTION_STEPS, "active")
PRODUCTION_BEGINS = MILESTONES.index("production_in_progress")
COMPLETED_BY = {
    "technical_visit_planned": "technical_visit_completed",
    "connexion_planned": "connexion_completed",
}
# Working days from each milestone to the next.
STRETCHES: Mapping[str, tuple[float, ...]] = {
    "FIBDE": (0.02, 1.0, 0.6, 4.5, 2.5, 6.5, 2.0, 3.5, 8.5, 1.4, 0.7, 1.0, 0.7, 0.2),
    "FON": (0.02, 1.2, 0.8, 11.0, 3.0, 7.0, 3.0, 5.0, 14.0, 1.5, 1.0, 1.5, 1.0, 0.3),
}
USUAL_DAYS = {technology: sum(stretches) for technology, stretches in STRETCHES.items()}
_OPENS, _OPEN_FOR = 8.5, 9.0  # hours


def working_day(day: date) -> int:
    """Return the number of this working day; a weekend counts as the Monday after."""
    weeks, weekday = divmod(day.toordinal() - 1, 7)
    return weeks * 5 + min(weekday, 5)


def day_of(working: float) -> date:
    weeks, weekday = divmod(int(working), 5)
    return date.fromordinal(1 + weeks * 7 + weekday)


def moment_of(working: float) -> datetime:
    """Return the moment within office hours, to the second, in Paris."""
    return _midnight(int(working)) + timedelta(seconds=_second(working))


def iso_day(working: float) -> str:
    return _iso_day_and_offset(int(working))[0]


def listed_moment_of(working: float) -> str:
    """Return the moment as the list of orders writes it, in UTC; quick, for lists of thousands."""
    day, offset = _iso_day_and_offset(int(working))
    minutes, second = divmod(_second(working) - offset, 60)
    return f"{day}T{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}Z"


def _second(working: float) -> int:
    """The second of the day, never near enough to midnight for UTC to be another day."""
    return int((_OPENS + _OPEN_FOR * (working % 1)) * 3600)


def _midnight(day: int) -> datetime:
    return datetime.combine(day_of(day), time(), PARIS)


@lru_cache(maxsize=2048)
def _iso_day_and_offset(day: int) -> tuple[str, int]:
    """The day in ISO format, and the seconds by which Paris is ahead of UTC during its office hours."""
    offset = (_midnight(day) + timedelta(hours=_OPENS)).utcoffset() or timedelta()
    return day_of(day).isoformat(), int(offset.total_seconds())


def schedule(technology: str, days: float, stuck_at: int, stuck_for: float, dice: Dice) -> list[float]:
    """Return when each milestone is reached, in working days after the order.

    `days` is how long all takes, without the delay of `stuck_for` days after milestone `stuck_at` (-1: no delay).
    """
    rough = [usual * (0.6 + 0.8 * dice.share()) for usual in STRETCHES[technology]]
    factor = days / sum(rough)
    stretches = [stretch * factor for stretch in rough]
    if stuck_at >= 0:
        stretches[stuck_at] += stuck_for
    return list(accumulate(stretches, initial=0.0))


def appointment(completed: float, dice: Dice) -> str:
    """Return the history's text for an appointment that was, or will be, kept on this working day."""
    begin = moment_of(int(completed) + max(0.0, completed % 1 - 0.2))
    return appointment_at(begin, whole_day=dice.chance(150))


def appointment_at(begin: datetime, whole_day: bool = False) -> str:
    begin -= timedelta(minutes=begin.minute % 30)
    hour = "" if whole_day else f" à {begin:%H:%M}"
    return f"Rendez-vous le {begin:%d/%m/%Y}{hour}"

"""When a technician could come for a line to be built."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sandbox.dice import Dice
from sandbox.extranet.order import CopperOrder
from sandbox.extranet.refusals import Errors, refuse

LEVELS = {"standard": 8, "premium": 6}  # the first day, counted from today
LAST_DAY = 26
_HOURS = (8, 10, 13, 15)
_LENGTH = timedelta(hours=2)


def slots(
    order: CopperOrder, start: str, end: str, level: str, today: date, seed: int
) -> list[dict[str, Any]]:
    """Return the free slots between two days, as far as they can be booked; raises Refusal 400."""
    errors: Errors = {}
    first, last = _day("start_date", start, errors), _day("end_date", end, errors)
    if level not in LEVELS:
        errors["level"] = [f"“{level}” is not a valid choice."]
    if not order.builds_a_line:
        errors["order_uuid"] = ["This order needs no appointment."]
    refuse(errors)
    bookable = today + timedelta(days=LEVELS[level]), today + timedelta(days=LAST_DAY)
    first, last = max(first or bookable[0], bookable[0]), min(last or bookable[1], bookable[1])
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [slot for day in days if day.weekday() < 5 for slot in _free(day, level, seed)]


def _day(name: str, text: str, errors: Errors) -> date | None:
    try:
        return date.fromisoformat(text[:10]) if text else None
    except ValueError:
        errors[name] = ["Date has wrong format. Use YYYY-MM-DD."]
        return None


def _free(day: date, level: str, seed: int) -> Iterator[dict[str, Any]]:
    for hour in _HOURS:
        begin = datetime.combine(day, time(hour))
        if Dice(seed, "slot", begin.isoformat()).chance(600):
            yield {
                "slot_id": f"{begin:%Y%m%d%H}-{level}",
                "start_date": begin.isoformat(),
                "end_date": (begin + _LENGTH).isoformat(),
                "level": level,
            }

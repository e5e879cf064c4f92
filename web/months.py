"""Adding months to a day, and subtracting them."""

from calendar import monthrange
from datetime import date


def months_before(day: date, months: int) -> date:
    """The same day that many months earlier, or the last of a month that is too short."""
    return _moved(day, -months)


def months_after(day: date, months: int) -> date:
    """The same day that many months later, or the last of a month that is too short."""
    return _moved(day, months)


def _moved(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= years <= date.max.year:
        return date.min if months < 0 else date.max
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))

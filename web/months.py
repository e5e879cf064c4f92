"""Adding months to a day, and subtracting them: each is the other's inverse."""

from calendar import monthrange
from datetime import date


def months_after(day: date, months: int) -> date:
    """The same day that many months later, or the last of a month that is too short."""
    return _moved(day, months)


def months_before(day: date, months: int) -> date:
    """The latest day from which that many months reach no further than `day`.

    From the last of a month that is the last of the earlier one, too: two months from 31 December reach 28 February.
    """
    is_last = day.day == monthrange(day.year, day.month)[1]
    return _moved(day, -months, is_last=is_last)


def _moved(day: date, months: int, *, is_last: bool = False) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= years <= date.max.year:
        return date.min if months < 0 else date.max
    longest = monthrange(years, month + 1)[1]
    return date(years, month + 1, longest if is_last else min(day.day, longest))

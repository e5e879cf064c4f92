"""The vendor's dates: with an offset, `Z`, neither, or a date alone (docs/vendor-readings.md, 25)."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
# A moment nearer to the ends of the calendar could not be expressed in every time zone.
A_DAY = timedelta(days=1)
FIRST, LAST = datetime.min.replace(tzinfo=UTC) + A_DAY, datetime.max.replace(tzinfo=UTC) - A_DAY


def moment(value: object) -> datetime | None:
    """Return the UTC datetime that `value` (a text, a datetime or a date) names, or None when it names none.

    A naive one is Europe/Paris, a date alone is its midnight there. In UTC, because in the hour of a clock
    change Python holds local times unequal to the same moments elsewhere.
    """
    parsed = _parsed(value)
    if parsed is None:
        return None
    aware = parsed if parsed.utcoffset() is not None else parsed.replace(tzinfo=PARIS)
    try:
        utc = aware.astimezone(UTC)
    except OverflowError:  # years 1 and 9999 can fall off the calendar on the way
        return None
    return utc if FIRST <= utc <= LAST else None


def _parsed(value: object) -> datetime | None:
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if not isinstance(value, str):
        return None
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError:
        return None

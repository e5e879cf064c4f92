"""Dates, numbers and places from an order's own values. Pure functions, without the database."""

import re
from datetime import date, timedelta
from typing import Any

from covage.moments import PARIS, moment
from web.months import months_before

# The last five digits: a house number may have five as well.
_PLACE = re.compile(r".*\b(\d{5})\s+(\D.*)", re.DOTALL)


def place_of(site: str) -> tuple[str, str]:
    """Postcode and city at the end of a one-line address, blank where there are none."""
    found = _PLACE.fullmatch(site)
    return (found[1], found[2].strip()) if found else ("", "")


def day_of(value: object) -> date | None:
    """The day that a vendor's date or moment falls on, in Paris (docs/vendor-readings.md, 25)."""
    found = moment(value)
    return found.astimezone(PARIS).date() if found else None


def whole(value: Any) -> int | None:
    """The whole, non-negative number that a value is or begins with (`12`, `"1"`, `"12MOIS"`), or None."""
    if isinstance(value, bool) or value is None:
        return None
    found = re.match(r"\s*(\d{1,6})(?!\d)", str(value))
    return int(found[1]) if found else None


def expected_on(estimated: date | None, ordered: date, weeks: int | None) -> date | None:
    """When an order should be delivered: as estimated by the vendor, else its lead time after the order.

    Which of the two counts is a reading (docs/vendor-readings.md, 30).
    """
    if estimated or weeks is None:
        return estimated
    try:
        return ordered + timedelta(weeks=weeks)
    except OverflowError:  # so many weeks are a typing error
        return None


def last_notice_on(commitment_end: date | None, notice_months: int | None) -> date | None:
    """The last day on which notice ends an order with its commitment, or None when it isn't known.

    That the notice period is in months is a reading (docs/vendor-readings.md, 32).
    """
    if commitment_end is None:
        return None
    return months_before(commitment_end, notice_months or 0)

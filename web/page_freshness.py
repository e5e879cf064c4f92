"""How old a page's data may be before they are read again.

Data read within a minute are new enough. Older data are shown and read again behind the page; much older ones are
read before the page is shown, for a few seconds at most.
"""

from datetime import datetime, timedelta
from typing import TypedDict

from django.utils import timezone

NEW_ENOUGH = timedelta(minutes=1)
TOO_OLD = timedelta(minutes=15)


def is_older(read_at: datetime | None, than: timedelta) -> bool:
    """Whether something was read longer ago than that, or never."""
    return read_at is None or read_at < timezone.now() - than


class PageFreshness(TypedDict):
    """What a page says of its data: whether they are new, and whether newer ones follow behind it."""

    is_new: bool
    follows: bool


def page_freshness(read_at: datetime | None, *, was_tried: bool) -> PageFreshness:
    """Returns the freshness of data read at a moment, or never; `was_tried` says that reading was just tried."""
    return {
        "is_new": not is_older(read_at, TOO_OLD),
        "follows": not was_tried and is_older(read_at, NEW_ENOUGH),
    }

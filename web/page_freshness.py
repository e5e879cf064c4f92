"""How old what a page shows may be before it is read anew.

What was read within a minute is new enough. What is older is shown, and read anew behind it; what is much older
is read before it is shown, for a few seconds at most.
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
    """What a page says of the age of what it shows: whether that is new, and whether the newest follows behind it."""

    is_new: bool
    follows: bool


def page_freshness(read_at: datetime | None, *, was_tried: bool) -> PageFreshness:
    """The age of a page that shows what was read then, or never; `was_tried`: just before it was shown."""
    return {
        "is_new": not is_older(read_at, TOO_OLD),
        "follows": not was_tried and is_older(read_at, NEW_ENOUGH),
    }

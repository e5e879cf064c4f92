"""How old what a page shows may be before it is read anew.

What was read within a minute is new enough. What is older is shown, and read anew behind it; what is much older
is read before it is shown, for a few seconds at most.
"""

from datetime import datetime, timedelta

from django.utils import timezone

NEW_ENOUGH = timedelta(minutes=1)
TOO_OLD = timedelta(minutes=15)


def is_older(read_at: datetime | None, than: timedelta) -> bool:
    """Whether something was read longer ago than that, or never."""
    return read_at is None or read_at < timezone.now() - than

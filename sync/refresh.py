"""Reading one thing again: once at a time, and quietly where the vendor fails."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.utils import timezone

from covage import CovageError
from sync.leases import Taken, lease

logger = logging.getLogger(__name__)

FRESH = timedelta(seconds=3)
LEASE_SECONDS = 30


def is_fresh(checked_at: datetime | None) -> bool:
    """Whether something was read just now, so that reading it again would bring nothing new."""
    return checked_at is not None and checked_at > timezone.now() - FRESH


def refresh_once(name: str, read: Callable[[], None]) -> bool:
    """Call `read`, unless another process is reading what has this name. Returns whether it was read.

    A CovageError that `read` raises is only logged.
    """
    try:
        with lease(name, seconds=LEASE_SECONDS):
            read()
    except Taken:
        return False
    except CovageError as error:
        logger.info("%s could not be read: %s", name, error)
        return False
    return True

"""Reading one thing anew: once at a time, and without a fuss where the vendor can't tell."""

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
    """Whether something was read just a moment ago, so that asking again would tell nothing new."""
    return checked_at is not None and checked_at > timezone.now() - FRESH


def refresh_once(name: str, read: Callable[[], None]) -> bool:
    """Let `read` ask the vendor about what bears this name, unless somebody is at it. Answers whether it was read.

    That the vendor can't be asked, or won't tell, is only logged.
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

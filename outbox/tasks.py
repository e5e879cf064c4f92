"""The worker's task for the outbox. The queue may run it twice: leases and claims allow for that."""

import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from outbox import clients, delivery
from outbox.models import Operation
from sync.leases import Taken, lease

# The schedule fires once a minute; within that minute operations are sent as they become due.
RUN_TIME = timedelta(seconds=50)
PAUSE_SECONDS = 2.0


def deliver() -> int:
    """Send what is due, again and again for most of a minute. Returns how many operations are still pending.

    Does nothing when another worker is doing this: a slow vendor must not keep every worker busy.
    """
    end = timezone.now() + RUN_TIME
    try:
        with lease("deliver", settings.OUTBOX_LEASE_SECONDS) as deliver_lease:
            while (
                pending := delivery.deliver_due(clients.client_of, between=deliver_lease.renew)
            ) and timezone.now() < end:
                time.sleep(PAUSE_SECONDS)
                deliver_lease.renew()
    except Taken:
        return Operation.objects.unfinished().count()
    return pending

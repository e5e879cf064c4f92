"""What the worker does for the outbox. The queue may run a task twice; leases and claims bear it."""

import time
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from outbox import clients, delivery
from outbox.models import Operation
from sync.leases import Taken, lease

# A schedule fires once a minute; within that minute what falls due is sent as it falls due.
WHOLE_MINUTE = timedelta(seconds=50)
BETWEEN = 2.0


def deliver() -> int:
    """Send what is owed, again and again for most of a minute. Answers how many operations are owed still.

    When another worker is at it, nothing is left to do: a slow vendor must not keep every worker busy.
    """
    end = timezone.now() + WHOLE_MINUTE
    try:
        with lease("deliver", settings.OUTBOX_LEASE_SECONDS) as held:
            while (
                pending := delivery.deliver_due(clients.client_of, between=held.renew)
            ) and timezone.now() < end:
                time.sleep(BETWEEN)
                held.renew()
    except Taken:
        return Operation.objects.unfinished().count()
    return pending

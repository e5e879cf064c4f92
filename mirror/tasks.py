"""What the worker does for the outbox. Thin: the queue may run a task twice, and leases and claims bear that."""

import time

from mirror import outbox, vendor

# A schedule fires once a minute; within that minute what falls due is sent as it falls due.
WHOLE_MINUTE = 50.0
BETWEEN = 2.0


def deliver() -> int:
    """Send what is owed, again and again for most of a minute. Answers how many operations are still owed."""
    end = time.monotonic() + WHOLE_MINUTE
    while (owed := outbox.deliver_due(vendor.client())) and time.monotonic() < end:
        time.sleep(BETWEEN)
    return owed

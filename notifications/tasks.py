"""The worker's tasks for notices. Each may run twice at once: a lease makes the second do nothing."""

from contextlib import suppress

from notifications.notices import distribution, mail
from sync.leases import Taken, lease


def notify() -> None:
    """Turn changes into notices, and mail those who want to know at once."""
    distribution.notify_watchers()


def digest() -> None:
    """Mail those who want one mail a day, when it is due."""
    with suppress(Taken), lease("digest", distribution.LEASE_SECONDS) as digest_lease:
        mail.send_digests(digest_lease)


def forget() -> None:
    """Delete old notices that were read, and old changes without any notice left."""
    with suppress(Taken), lease("forget notices", distribution.LEASE_SECONDS):
        distribution.forget()

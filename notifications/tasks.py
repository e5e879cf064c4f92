"""Thin entry points for the worker. Each may be run twice at once: a lease makes the second a no-op."""

from contextlib import suppress

from notifications.notices import distribution, mail
from sync.leases import Taken, lease


def notify() -> None:
    """Turn what changed into notices, and mail those who want to know at once."""
    distribution.notify_watchers()


def digest() -> None:
    """Mail those who want one mail a day, when it is due."""
    with suppress(Taken), lease("digest", distribution.LEASE_SECONDS) as held:
        mail.send_digests(held)


def forget() -> None:
    """Delete what was read long ago."""
    with suppress(Taken), lease("forget notices", distribution.LEASE_SECONDS):
        distribution.forget()

"""Thin entry points for the worker. Each may be run twice at once: a lease makes the second a no-op."""

from contextlib import suppress

from desk import mailing, telling
from mirror.leases import Taken, lease


def tell() -> None:
    """Turn what changed into notices, and mail those who want to know at once."""
    telling.tell()


def digest() -> None:
    """Mail those who want one mail a day, when it is due."""
    with suppress(Taken), lease("digest", telling.LEASE_SECONDS) as held:
        mailing.send_digests(held)


def forget() -> None:
    """Delete what was read long ago."""
    with suppress(Taken), lease("forget notices", telling.LEASE_SECONDS):
        telling.forget()

"""One runner per kind of work, by a row with an expiry: a killed process never blocks for longer than that."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from sync.models import Lease


class Taken(Exception):
    """Another process holds the lease: the work is being done, there is nothing to wait for."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Another process is doing this ({name}); there is nothing to wait for.")


class HeldLease:
    """A lease that this process holds or tries to get. Call `renew` more often than it expires."""

    def __init__(self, name: str, seconds: float) -> None:
        self.name = name
        self.seconds = seconds
        self.holder = uuid.uuid4()
        self._expires_at = timezone.now()

    def acquire(self) -> None:
        """Get the lease if it is free or has expired. Raises Taken otherwise."""
        if self._update(Lease.objects.filter(name=self.name, expires_at__lte=timezone.now())):
            return
        try:
            with transaction.atomic():
                Lease.objects.create(name=self.name, holder=self.holder, expires_at=self._until())
        except IntegrityError as error:
            raise Taken(self.name) from error

    def renew(self) -> None:
        """Extend the lease. Raises Taken when it expired and another process has it: stop at once."""
        if not self._update(Lease.objects.filter(name=self.name, holder=self.holder)):
            raise Taken(self.name)

    def keep(self) -> None:
        """Renew if a quarter of its time has passed: for calling often. Raises Taken as `renew` does."""
        if self._expires_at - timezone.now() < timedelta(seconds=self.seconds * 3 / 4):
            self.renew()

    def release(self) -> None:
        """Give the lease back, if it is still ours."""
        Lease.objects.filter(name=self.name, holder=self.holder).delete()

    def _until(self) -> datetime:
        self._expires_at = timezone.now() + timedelta(seconds=self.seconds)
        return self._expires_at

    def _update(self, free: QuerySet[Lease]) -> int:
        return free.update(holder=self.holder, expires_at=self._until())


@contextmanager
def lease(name: str, seconds: float = 120) -> Iterator[HeldLease]:
    """Hold the named lease for the block. Raises Taken at once when another process holds it."""
    ours = HeldLease(name, seconds)
    ours.acquire()
    try:
        yield ours
    finally:
        ours.release()

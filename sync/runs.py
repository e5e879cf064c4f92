"""Sync runs: one at a time per kind, each a row that shows how far it is and how it ended."""

import logging
from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from covage import CovageError, Forbidden, NotFound
from sync.leases import HeldLease, Taken, lease
from sync.models import ABANDONED, SyncRun

logger = logging.getLogger(__name__)

# Longer than one page can take of a vendor who hardly answers, retries included.
LEASE_SECONDS = 300
# How the vendor says that an account has no right to something.
NO_RIGHT = (Forbidden, NotFound)


class Run:
    """A run under way: what a sync function reports its progress to."""

    def __init__(self, row: SyncRun, lease: HeldLease) -> None:
        self.row = row
        self._lease = lease

    @property
    def full(self) -> bool:
        return self.row.full

    def page(self, seen: int, changed: int, *, position: str = "", total: int | None = None) -> None:
        """Count one page and keep the lease. Raises Taken when the lease was lost.

        `position` is where a listing goes on if it ends after this page, `total` how many it has in all.
        """
        self._lease.renew()
        self.row.pages += 1
        self.row.seen += seen
        self.row.changed += changed
        self.row.position = position
        self.row.total = self.row.total if total is None else total
        self.row.save(update_fields=["pages", "seen", "changed", "position", "total"])

    def keep(self) -> None:
        """Keep the lease between one page and the next. Raises Taken when it was lost."""
        self._lease.keep()

    def each(self, pages: Iterable[list[Any]], ingest: Callable[[list[Any]], int]) -> None:
        """Ingest each page with `ingest(page) -> number changed`, counting as it goes. Raises Taken as `page`."""
        for page in pages:
            self.page(len(page), ingest(page))


def run(kind: str, sync: Callable[[Run], None], *, full: bool = False) -> SyncRun:
    """Run `sync` under the lease of its kind. Returns the finished row.

    Raises Taken when such a run is under way, or took over because this one's lease expired; anything that
    `sync` raises is written on the row and raised again.
    """
    with lease(f"sync:{kind}", seconds=LEASE_SECONDS) as run_lease:
        SyncRun.objects.filter(kind=kind, state=SyncRun.State.RUNNING).update(
            state=SyncRun.State.FAILED, finished_at=timezone.now(), error=ABANDONED
        )
        row = SyncRun.objects.create(kind=kind, full=full)
        try:
            sync(Run(row, run_lease))
            run_lease.renew()
        except Exception as error:
            _finish(row, SyncRun.State.FAILED, f"{type(error).__name__}: {error}")
            raise
        _finish(row, SyncRun.State.DONE)
        return row


def as_far_as_possible(
    *steps: Callable[[], object], despite: tuple[type[CovageError], ...] = NO_RIGHT
) -> None:
    """Run all these steps, even if some of them raise one of `despite`.

    Raises the last such failure when the others are done; any other error ends it at once.
    """
    failure: CovageError | None = None
    for step in steps:
        try:
            step()
        except despite as error:
            failure = error
    if failure:
        raise failure


def attempt(kind: str, sync: Callable[[Run], None], *, full: bool = False) -> None:
    """Run `sync` as `run` does, for the worker: that one is under way, or that the vendor failed, is only logged."""
    try:
        run(kind, sync, full=full)
    except Taken:
        logger.info("A sync of %s is under way already", kind)
    except CovageError as error:
        logger.warning("The sync of %s stopped: %s", kind, error)


def _finish(row: SyncRun, state: str, error: str = "") -> None:
    row.state, row.error, row.finished_at = state, error, timezone.now()
    row.save(update_fields=["state", "error", "finished_at", "changed", "gone"])

"""The vendor's own export of all orders: started, followed, fetched (order-tracking.txt, exporting orders).

They accept one every five minutes from an account. Starting one changes nothing at the vendor's, so it needs no
outbox: an unknown outcome is shown as such, and the next export may be requested when the limit has passed.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.files import File
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext_noop

from covage import (
    BadAnswer,
    Covage,
    CovageError,
    Forbidden,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
    moment,
)
from covage.orders import BETWEEN_EXPORTS
from outbox import clients
from sync.leases import Taken, lease
from tracking.models import Export

logger = logging.getLogger(__name__)

State = Export.State
LIMIT = timedelta(seconds=BETWEEN_EXPORTS)
# The vendor is asked for its progress no more often than this, however many people are looking.
PAUSE = timedelta(seconds=2)
# When they can't be reached, an export that waits for its turn is tried again after this.
RETRY_AFTER = timedelta(minutes=1)
# An export that takes longer than this is given up.
LONGEST = timedelta(hours=6)

NOT_REACHED = gettext_noop(
    "Covage can't be reached, so no export was started. Request it again when they respond."
)
NOT_ALLOWED = gettext_noop(
    "Covage doesn't allow the portal's account to export, so nothing was started. An administrator must ask"
    " Covage."
)
PERHAPS_STARTED = gettext_noop(
    "Covage didn't say whether the export started, so its file can't be fetched. No harm done: request "
    "another once the time limit has passed."
)
NOT_MADE = gettext_noop("Covage couldn't make this export. No harm done: request another.")
FORGOTTEN = gettext_noop("Covage no longer has any trace of this export. Request another.")
TOO_LONG = gettext_noop("Covage didn't finish this export within six hours. Request another.")
CUT_SHORT = gettext_noop("The file couldn't be fetched in full. It will be tried again automatically.")


class TooSoon(Exception):
    """The vendor doesn't accept another export before `next_at`."""

    def __init__(self, next_at: datetime) -> None:
        super().__init__(f"No export before {next_at:%H:%M}.")
        self.next_at = next_at


def under_way() -> Export | None:
    """The export that the vendor is working on, or that waits for its turn."""
    return Export.objects.filter(state__in=[State.REQUESTED, State.RUNNING]).order_by("-requested_at").first()


def next_at() -> datetime | None:
    """When the next export may be requested; None when it may be now."""
    found: datetime | None = Export.objects.aggregate(at=Max("next_at"))["at"]
    return found if found and found > timezone.now() else None


def request_export(user: Any) -> Export | None:
    """Start an export, or return the one that is under way: two clicks make one.

    None while somebody else starts one at the same moment. Raises TooSoon while the vendor's limit applies.
    """
    try:
        with lease("export", seconds=60):
            if found := under_way():
                return found
            if until := next_at():
                raise TooSoon(until)
            export = Export.objects.create(requested_by=user)
            refresh(export, clients.interactive_client())
            return export
    except Taken:
        return under_way()


def advance_all(client: Covage) -> int:
    """Advance every export that is under way as far as possible now. Returns how many are still under way."""
    unfinished = Export.objects.filter(state__in=[State.REQUESTED, State.RUNNING])
    for export in unfinished.order_by("requested_at"):
        refresh(export, client)
    return unfinished.count()


def refresh(export: Export, client: Covage) -> None:
    """Advance one export as far as possible now, unless that was tried a moment ago or somebody else is doing it."""
    if export.checked_at and export.checked_at > timezone.now() - PAUSE:
        return
    try:
        with lease(f"export:{export.pk}", seconds=300):
            export.refresh_from_db()
            advance(export, client)
    except Taken:
        return


def advance(export: Export, client: Covage) -> None:
    """Start an export whose turn it is, or check the progress of a running one and fetch its file."""
    export.checked_at = timezone.now()
    try:
        if export.state == State.REQUESTED and not _is_waiting(export):
            _start(export, client)
        elif export.state == State.RUNNING:
            _follow(export, client)
    finally:
        export.save()


def _is_waiting(export: Export) -> bool:
    """Whether the vendor makes it wait for its turn, which hasn't come yet."""
    return export.next_at is not None and export.next_at > timezone.now()


def _start(export: Export, client: Covage) -> None:
    try:
        export.task_id = client.start_export()[:100]
    except RateLimited as error:
        # Somebody else used the account: it is started by the worker when they allow it.
        export.next_at = timezone.now() + timedelta(seconds=error.retry_after)
    except Unreachable:
        if export.next_at is None:
            _fail(export, NOT_REACHED)
        else:
            # It is already waiting for its turn, so it can wait for them as well.
            export.next_at = timezone.now() + RETRY_AFTER
    except (Unauthorized, Forbidden, NotFound):
        _fail(export, NOT_ALLOWED)
    except CovageError as error:
        logger.warning("Whether an export was started is not known: %s", error.message)
        export.next_at = timezone.now() + LIMIT
        _fail(export, PERHAPS_STARTED)
    else:
        export.state, export.next_at = State.RUNNING, timezone.now() + LIMIT


def _follow(export: Export, client: Covage) -> None:
    try:
        status = client.export_status(export.task_id)
        export.started = moment(status.get("started")) or export.started
        export.stopped = moment(status.get("stopped")) or export.stopped
        if status["success"]:
            _fetch(export, client)
        elif status["success"] is False:
            _fail(export, NOT_MADE)
    except NotFound:
        _fail(export, FORGOTTEN)
    except CovageError as error:
        logger.info("Export %s could not be followed: %s", export.pk, error.message)
    if export.state == State.RUNNING and export.requested_at < timezone.now() - LONGEST:
        _fail(export, TOO_LONG)


def _fetch(export: Export, client: Covage) -> None:
    try:
        with _fetched(export, client) as file:
            export.size = file.seek(0, 2)
            file.seek(0)
            export.content.save(f"{export.pk}.csv", File(file), save=False)
    except (BadAnswer, ServerError, Unreachable) as error:
        logger.info("Export %s could not be fetched: %s", export.pk, error.message)
        export.failure = CUT_SHORT
    else:
        export.state, export.failure = State.READY, ""


@contextmanager
def _fetched(export: Export, client: Covage) -> Iterator[IO[bytes]]:
    """The complete file, before any of it is kept. Raises BadAnswer for a page of HTML in its place."""
    with TemporaryFile() as file, client.download_export(export.task_id) as download:
        if "html" in download.content_type:
            raise BadAnswer(f"The file of export {export.task_id} is a page of HTML.")
        for chunk in download.chunks():
            file.write(chunk)
        yield file


def _fail(export: Export, why: str) -> None:
    export.state, export.failure = State.FAILED, why

"""Vendor → rows: by its events only what changed is read again; in full, every order that the list shows."""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from covage import BadAnswer, Extranet, Forbidden, Invalid, NotFound, ServerError
from covage.copper import EventPage
from extranet.ingest import (
    compute_terms,
    ingest_contacts,
    ingest_events,
    ingest_orders,
    ingest_products,
    names_of,
    recount,
    recount_bearing,
)
from extranet.models import CopperOrder
from outbox import clients
from sync import analyze
from sync.models import SyncRun
from sync.runs import Run, as_far_as_possible

logger = logging.getLogger(__name__)

Document = dict[str, Any]

EXTRANET, PRODUCTS = "extranet", "extranet-catalogue"
MARGIN = timedelta(minutes=10)
ROWS_AT_ONCE = 500
# They answered with nothing to go by: anything else may be had from them all the same.
USELESS = (BadAnswer, Forbidden, Invalid, NotFound, ServerError)
# After so many changed rows the database's plans need to know them.
MANY = 1000


def sync_extranet(run: Run) -> None:
    """What happened since the last run, and anew each order that it happened to.

    The first run, and a full one, reads the whole list too, and asks for each order that is missing in it: the first
    one reads nothing else. It does so even where the events can't be had, and fails after it.
    """
    client = clients.extranet()
    is_up_to_date = SyncRun.objects.last_synced_at(EXTRANET)
    run.row.position = _position(is_up_to_date)
    run.row.save(update_fields=["position"])
    run.row.changed += _read_what_happened(client, CopperOrder.objects.stale(), run)
    as_far_as_possible(
        lambda: _ingest_events(run, client, is_up_to_date),
        lambda: _ingest_rest(run, client, is_up_to_date),
        despite=USELESS,
    )


def sync_products(run: Run) -> None:
    """Products and contacts. What an account has no right to stays as it is here.

    Raises Forbidden or NotFound for an account without the right to one of them, when the other has been read.
    """
    client = clients.extranet()
    as_far_as_possible(
        lambda: _ingest_all(run, client.products, ingest_products),
        lambda: _ingest_all(run, client.contacts, ingest_contacts),
        lambda: _reckon(run),
    )


def refresh(order: CopperOrder, client: Extranet) -> None:
    """Read one order anew; one that the vendor has no longer is marked so.

    Raises CovageError when the vendor can't be asked.
    """
    read_again(client, [str(order.upstream_id)])
    CopperOrder.objects.filter(pk=order.pk).update(checked_at=timezone.now())


def read_again(client: Extranet, order_uuids: Iterable[str], run: Run | None = None) -> int:
    """Read these orders, each in full; answer how many changed, came or went. A `run` counts those that went.

    In a run, one whose own page can't be had is left for the next one, so that it doesn't keep the others from theirs.
    """
    changed = 0
    for order_uuid in sorted(order_uuids):
        if run:
            run.keep()
        at = timezone.now()
        try:
            changed += ingest_orders([client.order(order_uuid)], at)
        except NotFound:
            gone = mark_gone(order_uuid, at)
            changed += gone
            if run:
                run.row.gone += gone
        except USELESS as error:
            if not run:
                raise
            logger.warning("Copper order %s could not be read: %s", order_uuid, error)
            CopperOrder.objects.filter(upstream_id=order_uuid).update(is_stale=True)
        else:
            CopperOrder.objects.filter(upstream_id=order_uuid, is_stale=True).update(is_stale=False)
    return changed


def mark_gone(order_uuid: str, at: datetime) -> int:
    """Note that the vendor has an order no longer, unless something newer shows that they do."""
    there = CopperOrder.objects.filter(upstream_id=order_uuid, gone_at=None, seen_at__lte=at)
    return there.update(gone_at=at)


def _position(is_up_to_date: datetime | None) -> str:
    """Where the reading of events goes on: whatever became of a run, it read what the events that it passed are about.

    The first run alone passes events unread, and begins anew until it got through the whole list.
    """
    runs = SyncRun.objects.filter(kind=EXTRANET).exclude(position="").order_by("-started_at")
    newest = (runs.filter(started_at__gte=is_up_to_date) if is_up_to_date else runs).first()
    return newest.position if newest else ""


def _events(client: Extranet, position: str, is_up_to_date: datetime | None) -> Iterator[EventPage]:
    """The events after a position, or where there is none, or the vendor doesn't know it any more, since a moment."""
    since = is_up_to_date - MARGIN if is_up_to_date else None
    if position:
        try:
            yield from client.event_pages(position)
            return
        except (Invalid, NotFound, BadAnswer):
            pass
    yield from client.event_pages(since=since)


def _ingest_events(run: Run, client: Extranet, is_up_to_date: datetime | None) -> None:
    for page in _events(client, run.row.position, is_up_to_date):
        concerned = ingest_events(page.items)
        changed = _read_what_happened(client, concerned, run) if is_up_to_date else 0
        run.page(len(page.items), changed, position=page.position)


def _read_what_happened(client: Extranet, order_uuids: Collection[str], run: Run) -> int:
    """Read these orders anew, and count what the drafts lack that have to do with one; answer as `read_again` does."""
    try:
        return read_again(client, order_uuids, run)
    finally:
        # What was read counts though the rest could not be: the next run finds nothing new in it.
        recount_bearing(names_of(order_uuids))


def _ingest_rest(run: Run, client: Extranet, is_up_to_date: datetime | None) -> None:
    """The list, where it is to be read, and what follows from all that was read."""
    is_listed = run.full or is_up_to_date is None
    if is_listed:
        _ingest_list(run, client, silent=is_up_to_date is None)
    if run.row.changed > MANY:
        analyze.refresh(CopperOrder)
    if is_listed and (run.row.changed or run.row.seen):
        recount()


def _ingest_list(run: Run, client: Extranet, *, silent: bool) -> None:
    known = {str(key) for key in CopperOrder.objects.known_upstream().values_list("upstream_id", flat=True)}
    seen: set[str] = set()
    at = timezone.now()
    for page in client.order_pages():
        seen.update(str(told.get("order_uuid")) for told in page)
        taken = sum(
            ingest_orders(page[start : start + ROWS_AT_ONCE], at, in_part=True, silent=silent)
            for start in range(0, len(page), ROWS_AT_ONCE)
        )
        run.page(len(page), taken, position=run.row.position)
        at = timezone.now()
    run.row.changed += read_again(client, known - seen, run)


def _ingest_all(
    run: Run,
    ask: Callable[[], list[Document]],
    take: Callable[[list[Document], datetime], tuple[int, int]],
) -> None:
    at = timezone.now()
    documents = ask()
    changed, gone = take(documents, at)
    run.page(len(documents), changed)
    run.row.gone += gone


def _reckon(run: Run) -> None:
    """Reckon anew what orders take from products and contacts."""
    if run.row.changed:
        compute_terms()
    if run.row.changed or run.row.gone:
        recount()

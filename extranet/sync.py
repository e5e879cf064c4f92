"""The syncs of copper orders (by events, those that changed; in full, the whole list), and of products and contacts."""

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
# How far back before the last run's start a run reads events again, when their position isn't known.
MARGIN = timedelta(minutes=10)
ROWS_AT_ONCE = 500  # documents ingested at once
# The vendor responded, with nothing usable: other things may still be read.
USELESS = (BadAnswer, Forbidden, Invalid, NotFound, ServerError)
# After this many changed rows the database's statistics are refreshed.
MANY = 1000


def sync_extranet(run: Run) -> None:
    """Read the events since the last run, and each order that they are about.

    The first run and a full one also read the whole list, and each order that is missing in it; the first one reads
    no single orders by events. The list is read even if the events can't be; the run fails afterwards.
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
    """Read products and contacts. What the account has no right to stays as it is here.

    Raises Forbidden or NotFound for an account without the right to one of them, when the other has been read.
    """
    client = clients.extranet()
    as_far_as_possible(
        lambda: _ingest_all(run, client.products, ingest_products),
        lambda: _ingest_all(run, client.contacts, ingest_contacts),
        lambda: _recompute(run),
    )


def refresh(order: CopperOrder, client: Extranet) -> None:
    """Read one order again; one that the vendor no longer has is marked as gone.

    Raises CovageError when it can't be read.
    """
    read_again(client, [str(order.upstream_id)])
    CopperOrder.objects.filter(pk=order.pk).update(checked_at=timezone.now())


def read_again(client: Extranet, order_uuids: Iterable[str], run: Run | None = None) -> int:
    """Read these orders, each in full. Returns how many changed, came or went. A `run` counts those that went.

    In a run, an order that can't be read is left for the next run, so that it doesn't block the others; without
    one, the CovageError is raised.
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
    """Mark an order as gone, unless the vendor showed it later than `at`. Returns how many were marked."""
    present = CopperOrder.objects.filter(upstream_id=order_uuid, gone_at=None, seen_at__lte=at)
    return present.update(gone_at=at)


def _position(is_up_to_date: datetime | None) -> str:
    """The position in the events from which to read on: even a failed run read the orders of the events it passed.

    Only the first run passes events without reading their orders; it starts over until it has read the whole list.
    """
    runs = SyncRun.objects.filter(kind=EXTRANET).exclude(position="").order_by("-started_at")
    newest = (runs.filter(started_at__gte=is_up_to_date) if is_up_to_date else runs).first()
    return newest.position if newest else ""


def _events(client: Extranet, position: str, is_up_to_date: datetime | None) -> Iterator[EventPage]:
    """The events after a position; without one, or if the vendor no longer knows it, those since a moment."""
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
    """Read these orders again, and count what is missing in related drafts. Returns the same as `read_again`."""
    try:
        return read_again(client, order_uuids, run)
    finally:
        # Also when some could not be read: the next run finds nothing new in what was read now.
        recount_bearing(names_of(order_uuids))


def _ingest_rest(run: Run, client: Extranet, is_up_to_date: datetime | None) -> None:
    """Read the list if it is due, and compute what follows from all that was read."""
    is_listed = run.full or is_up_to_date is None
    if is_listed:
        _ingest_list(run, client, silent=is_up_to_date is None)
    if run.row.changed > MANY:
        analyze.refresh(CopperOrder)
    if is_listed and (run.row.changed or run.row.seen):
        recount()


def _ingest_list(run: Run, client: Extranet, *, silent: bool) -> None:
    rows = CopperOrder.objects.known_upstream()
    known = {str(order_uuid) for order_uuid in rows.values_list("upstream_id", flat=True)}
    seen: set[str] = set()
    at = timezone.now()
    for page in client.order_pages():
        seen.update(str(raw.get("order_uuid")) for raw in page)
        changed = sum(
            ingest_orders(page[start : start + ROWS_AT_ONCE], at, in_part=True, silent=silent)
            for start in range(0, len(page), ROWS_AT_ONCE)
        )
        run.page(len(page), changed, position=run.row.position)
        at = timezone.now()
    run.row.changed += read_again(client, known - seen, run)


def _ingest_all(
    run: Run,
    read: Callable[[], list[Document]],
    ingest: Callable[[list[Document], datetime], tuple[int, int]],
) -> None:
    at = timezone.now()
    documents = read()
    changed, gone = ingest(documents, at)
    run.page(len(documents), changed)
    run.row.gone += gone


def _recompute(run: Run) -> None:
    """Compute again what orders derive from products and contacts."""
    if run.row.changed:
        compute_terms()
    if run.row.changed or run.row.gone:
        recount()

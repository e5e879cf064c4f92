"""The syncs of fibre orders: their list with the requests made on them, and the orders' own pages."""

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from covage import BadAnswer, Covage, CovageError, Forbidden, Invalid, NotFound, ServerError, Unreachable
from covage.moments import moment
from outbox import clients
from sync import analyze
from sync.models import SyncRun
from sync.runs import Run
from sync.upsert import digest, upsert
from tracking import leadtimes
from tracking.ingest import reading, store
from tracking.ingest.mapping import reference_of
from tracking.ingest.store import Reading
from tracking.models import LeadTime, Order, Request, TerminationReason
from tracking.orders import statistics as orders_statistics
from tracking.orders.dates import day_of

logger = logging.getLogger(__name__)

Raw = dict[str, Any]

ORDERS, PAGES = "orders", "order-pages"
ROWS_AT_ONCE = 500  # documents ingested at once
READ_AT_ONCE = 40  # orders whose pages are read between two reports of progress
# A listing that ended early goes on where it stopped, unless that was long ago.
RESUMABLE = timedelta(hours=12)
# For how long after it was ordered an order is linked to a line that became known later.
LATELY = timedelta(days=30)
# How early a notice to be given is shown, plus the longest notice period.
ENDS_SOON = timedelta(days=90 + 366)
# After this many changed rows the database needs new statistics to plan with.
MANY = 1000
# An order whose page failed at the vendor's is requested again after this.
SOON = timedelta(minutes=10)


def sync_orders(run: Run) -> None:
    """Read the whole list of orders, which has no filters; then the requests and the reasons for terminating.

    A listing that ended early goes on where it stopped. Only one that was read from beginning to end
    shows which orders are missing, and each of these is then requested by itself.
    """
    client = clients.client()
    is_first = not SyncRun.objects.filter(kind=ORDERS, state=SyncRun.State.DONE).exists()
    began, position = run.row.started_at, _position_to_resume(run)
    known = set(Order.objects.filter(gone_at=None).values_list("reference", flat=True))
    seen = _ingest_list(run, client, position, silent=is_first)
    if not position:
        _find_gone(run, client, known - seen, began)
    store.link_recent(began - LATELY)
    _make_ending_commitments_due(began)
    if run.row.changed > MANY:
        analyze.refresh(Order)
    _ingest_requests(run, client)
    _ingest_reasons(client)
    orders_statistics.count_orders()
    if run.full:
        Order.objects.filter(is_open=True, gone_at=None).update(due_at=began)


def sync_pages(run: Run) -> None:
    """Read the own pages of orders that are due, the open ones first, a few at once. Ends early in an outage."""
    client = clients.client()
    run.row.total = Order.objects.to_read().count()
    while batch := list(Order.objects.to_read().values_list("reference", flat=True)[:READ_AT_ONCE]):
        ingested, failures = 0, []
        for reference, outcome in reading.read_all(client, batch):
            run.keep()
            if isinstance(outcome, Reading):
                ingested += _ingest_pages(outcome)
            else:
                failures.append(outcome)
                _put_off(reference, outcome)
        run.page(len(batch), ingested)
        _raise_if_all_failed(batch, failures)
    orders_statistics.count_orders()
    if not LeadTime.objects.exists():
        leadtimes.roll_up()


def refresh(order: Order, client: Covage) -> None:
    """Read one order's own pages again; an order that the vendor no longer has is marked as gone.

    Raises CovageError when the vendor can't be reached or refuses.
    """
    at = timezone.now()
    try:
        store.ingest_reading(reading.read(client, order.reference))
    except NotFound:
        store.mark_gone(order.reference, at)
    if not Order.objects.filter(pk=order.pk, state=order.state, gone_at=order.gone_at).exists():
        orders_statistics.count_orders()


def _position_to_resume(run: Run) -> str:
    """Where the run before this one stopped, if it did so recently and in the middle of the list; else blank."""
    earlier = SyncRun.objects.filter(kind=ORDERS).exclude(pk=run.row.pk).order_by("-started_at").first()
    if not earlier or earlier.state != SyncRun.State.FAILED or run.full:
        return ""
    if earlier.started_at < timezone.now() - RESUMABLE or not earlier.position:
        return ""
    # Saved at once: if this run gets no further either, the next one goes on from here.
    run.row.seen, run.row.total, run.row.position = earlier.seen, earlier.total, earlier.position
    run.row.save(update_fields=["seen", "total", "position"])
    return earlier.position


def _ingest_list(run: Run, client: Covage, position: str, *, silent: bool) -> set[str]:
    """Read the list from a position on. Returns the references seen."""
    try:
        seen = _ingest_from(run, client, position, silent=silent)
        if seen or not position:
            return seen
    except (Invalid, NotFound, BadAnswer):
        if not position or run.row.pages:
            raise
    # The vendor no longer knows that position, or the list ends before it.
    run.row.seen = 0
    return _ingest_from(run, client, "", silent=silent)


def _ingest_from(run: Run, client: Covage, position: str, *, silent: bool) -> set[str]:
    seen: set[str] = set()
    at = timezone.now()
    for page in client.order_pages(position):
        items = page.items
        written = sum(
            store.ingest_page(items[start : start + ROWS_AT_ONCE], at, silent=silent)
            for start in range(0, len(items), ROWS_AT_ONCE)
        )
        seen.update(reference_of(item) for item in items)
        run.page(len(items), written, position=page.position, total=page.total)
        at = timezone.now()
    return seen


def _find_gone(run: Run, client: Covage, missing: set[str], began: datetime) -> None:
    """Check the orders missing from a whole listing. One that has a new reference by now has a row of its own."""
    for reference in sorted(missing):
        run.keep()
        try:
            is_there = reference_of(client.order(reference)) in (reference, "")
        except NotFound:
            is_there = False
        except (BadAnswer, Forbidden, Invalid, ServerError) as error:
            logger.warning("It isn't known whether order %s is gone: %s", reference, error)
            continue
        if not is_there:
            run.row.gone += store.mark_gone(reference, began)


def _make_ending_commitments_due(at: datetime) -> None:
    """Make settled orders due whose commitment ends soon: only their own pages have the notice period.

    Without it an order's last day of notice is that end itself, which may be months too late.
    """
    unread = Order.objects.filter(read_at=None, due_at=None, gone_at=None)
    ends_soon = unread.filter(notice_on__range=(at.date(), at.date() + ENDS_SOON))
    if ends_soon.exists():
        ends_soon.update(due_at=at)


def _ingest_pages(pages: Reading) -> int:
    """Store one order's pages. Returns 1, or 0 if they weren't stored; a fault of ours is logged and put off."""
    try:
        if store.ingest_reading(pages):
            return 1
    except Exception:
        logger.exception("The pages of order %s could not be stored", pages.reference)
        store.put_off(pages.reference, timezone.now() + store.STALE)
    else:
        # Others were quicker. It isn't requested again and again, even if clocks differ.
        Order.objects.filter(reference=pages.reference, read_at__gte=pages.at).update(
            due_at=pages.at + store.STALE
        )
    return 0


def _put_off(reference: str, error: CovageError) -> None:
    """Put off an order whose page can't be read. Raises the error if it is about the vendor rather than the order."""
    now = timezone.now()
    if isinstance(error, NotFound):
        store.mark_gone(reference, now)
    elif isinstance(error, BadAnswer | Forbidden | Invalid):
        store.put_off(reference, now + store.STALE, reading.UNREAD_PAGE)
    elif isinstance(error, ServerError):
        store.put_off(reference, now + SOON, reading.UNREAD_PAGE)
    elif isinstance(error, Unreachable):
        # Perhaps only for this order, so the next run begins with another one.
        store.put_off(reference, now + SOON)
        raise error
    else:
        raise error


def _raise_if_all_failed(batch: list[str], failures: list[CovageError]) -> None:
    """If the vendor failed at every order of a batch, the fault isn't the orders'. Raises their last failure."""
    if len(failures) == len(batch) > 1 and isinstance(failures[-1], ServerError):
        raise failures[-1]


def _ingest_requests(run: Run, client: Covage) -> None:
    """Read the requests made on orders. An account without a right to them keeps those known."""
    # Read before the listing: a request made meanwhile is not taken for missing.
    known = list(Request.objects.filter(gone_at=None).values_list("upstream_id", "pk"))
    seen: set[str] = set()
    try:
        for page in client.request_pages():
            seen.update(_id_of(raw) for raw in page)
            run.page(0, ingest_requests(page))
    except (Forbidden, NotFound):
        return
    gone = [pk for upstream_id, pk in known if upstream_id not in seen]
    Request.objects.filter(pk__in=gone).update(gone_at=timezone.now(), digest="")


def ingest_requests(documents: list[Raw]) -> int:
    """Store documents of the list of requests. Returns how many rows were written."""
    rows = [_request(document) for document in documents if _id_of(document)]
    return upsert(Request, rows, "upstream_id", ours=["requested_by"])


def _id_of(raw: Raw) -> str:
    return str(raw.get("id") or "")[:64]


def _request(raw: Raw) -> Request:
    return Request(
        upstream_id=_id_of(raw),
        order_reference=str(raw.get("order_reference") or "")[:100],
        action=str(raw.get("action") or "")[:100],
        reason=str(raw.get("reason") or "")[:500],
        message=str(raw.get("message") or ""),
        request_effective_date=day_of(raw.get("request_effective_date")),
        creation_date=moment(raw.get("creation_date")),
        modification_date=moment(raw.get("modification_date")),
        document=raw,
        digest=digest(raw),
    )


def _ingest_reasons(client: Covage) -> None:
    """Read the reasons for terminating. An account without a right to them keeps those known."""
    try:
        labels = list(dict.fromkeys(label[:250] for label in client.termination_reasons()))
    except (Forbidden, NotFound):
        return
    if labels == list(TerminationReason.objects.values_list("label", flat=True)):
        return
    with transaction.atomic():
        TerminationReason.objects.all().delete()
        TerminationReason.objects.bulk_create(
            TerminationReason(label=label, position=position) for position, label in enumerate(labels)
        )

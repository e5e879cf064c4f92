"""Vendor → rows: the list of orders, what was asked of them, and the orders' own pages."""

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
from tracking.ingest.columns import reference_of
from tracking.ingest.store import Reading
from tracking.models import LeadTime, Order, Request, TerminationReason
from tracking.orders import statistics as orders_statistics
from tracking.orders.dates import day_of

logger = logging.getLogger(__name__)

Raw = dict[str, Any]

ORDERS, PAGES = "orders", "order-pages"
ROWS_AT_ONCE = 500
READ_AT_ONCE = 40
# A listing that ended early goes on where it stopped, unless that was long ago.
RESUMABLE = timedelta(hours=12)
LATELY = timedelta(days=30)
# As long before as anybody is told of a notice to be given, and the longest notice beside it.
ENDS_SOON = timedelta(days=90 + 366)
# After so many changed rows the database's plans need to know them.
MANY = 1000
# An order at which the vendor failed is asked for again after so long.
SOON = timedelta(minutes=10)


def sync_orders(run: Run) -> None:
    """The whole list of orders, for it has no filters; then the requests and the reasons for terminating.

    A listing that ended early goes on where it stopped. Only one that was read from its beginning to its end
    tells which orders are gone, and each of these is asked for by itself.
    """
    client = clients.client()
    is_first = not SyncRun.objects.filter(kind=ORDERS, state=SyncRun.State.DONE).exists()
    began, position = run.row.started_at, _position_to_resume(run)
    known = set(Order.objects.filter(gone_at=None).values_list("reference", flat=True))
    seen = _ingest_list(run, client, position, silent=is_first)
    if not position:
        _find_gone(run, client, known - seen, began)
    store.link_recent(began - LATELY)
    _have_notice_read(began)
    if run.row.changed > MANY:
        analyze.refresh(Order)
    _ingest_requests(run, client)
    _ingest_reasons(client)
    orders_statistics.count_orders()
    if run.full:
        Order.objects.filter(is_open=True, gone_at=None).update(due_at=began)


def sync_pages(run: Run) -> None:
    """The own pages of orders that are due, the open ones first, a few at once. Ends early in an outage."""
    client = clients.client()
    run.row.total = Order.objects.to_read().count()
    while batch := list(Order.objects.to_read().values_list("reference", flat=True)[:READ_AT_ONCE]):
        taken, failures = 0, []
        for reference, told in reading.read_all(client, batch):
            run.keep()
            if isinstance(told, Reading):
                taken += _ingest_pages(told)
            else:
                failures.append(told)
                _put_off(reference, told)
        run.page(len(batch), taken)
        _end_if_none_can_be_had(batch, failures)
    orders_statistics.count_orders()
    if not LeadTime.objects.exists():
        leadtimes.roll_up()


def refresh(order: Order, client: Covage) -> None:
    """Read one order's own pages anew; one that the vendor has no longer is marked so.

    Raises CovageError when the vendor can't be asked.
    """
    at = timezone.now()
    try:
        store.ingest_reading(reading.read(client, order.reference))
    except NotFound:
        store.mark_gone(order.reference, at)
    if not Order.objects.filter(pk=order.pk, state=order.state, gone_at=order.gone_at).exists():
        orders_statistics.count_orders()


def _position_to_resume(run: Run) -> str:
    """Where the newest run before this one stopped, when it did so in the middle of the list and lately."""
    earlier = SyncRun.objects.filter(kind=ORDERS).exclude(pk=run.row.pk).order_by("-started_at").first()
    if not earlier or earlier.state != SyncRun.State.FAILED or run.full:
        return ""
    if earlier.started_at < timezone.now() - RESUMABLE or not earlier.position:
        return ""
    # Noted at once: should this run not get any further either, the next one goes on from here.
    run.row.seen, run.row.total, run.row.position = earlier.seen, earlier.total, earlier.position
    run.row.save(update_fields=["seen", "total", "position"])
    return earlier.position


def _ingest_list(run: Run, client: Covage, position: str, *, silent: bool) -> set[str]:
    """Take the list from a position on. Answers the references seen."""
    try:
        seen = _ingest_from(run, client, position, silent=silent)
        if seen or not position:
            return seen
    except (Invalid, NotFound, BadAnswer):
        if not position or run.row.pages:
            raise
    # The vendor doesn't know that place any more, or the list ends before it.
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
    """Ask for those that a whole listing lacks. One that bears another reference by now has a row of its own."""
    for reference in sorted(missing):
        run.keep()
        try:
            is_there = reference_of(client.order(reference)) in (reference, "")
        except NotFound:
            is_there = False
        except (BadAnswer, Forbidden, Invalid, ServerError) as error:
            logger.warning("Whether order %s is gone can't be told: %s", reference, error)
            continue
        if not is_there:
            run.row.gone += store.mark_gone(reference, began)


def _have_notice_read(at: datetime) -> None:
    """Have the pages read of settled orders whose commitment ends soon: they alone tell the notice to be given.

    Until then an order's last day of notice is that end itself, which may be months too late.
    """
    unread = Order.objects.filter(read_at=None, due_at=None, gone_at=None)
    ends_soon = unread.filter(notice_on__range=(at.date(), at.date() + ENDS_SOON))
    if ends_soon.exists():
        ends_soon.update(due_at=at)


def _ingest_pages(told: Reading) -> int:
    """Take one order's pages. What can't be taken, by a fault of ours, is logged and put off."""
    try:
        if store.ingest_reading(told):
            return 1
    except Exception:
        logger.exception("The pages of order %s could not be taken", told.reference)
        store.put_off(told.reference, timezone.now() + store.STALE)
    else:
        # Others were quicker. It is not asked for over and over, even if clocks differ.
        Order.objects.filter(reference=told.reference, read_at__gte=told.at).update(
            due_at=told.at + store.STALE
        )
    return 0


def _put_off(reference: str, error: CovageError) -> None:
    """Leave an order whose page can't be had until later. Raises what tells of the vendor rather than of the order."""
    now = timezone.now()
    if isinstance(error, NotFound):
        store.mark_gone(reference, now)
    elif isinstance(error, BadAnswer | Forbidden | Invalid):
        store.put_off(reference, now + store.STALE, reading.UNREAD_PAGE)
    elif isinstance(error, ServerError):
        store.put_off(reference, now + SOON, reading.UNREAD_PAGE)
    elif isinstance(error, Unreachable):
        # Perhaps for this order alone: so the next run begins with another one.
        store.put_off(reference, now + SOON)
        raise error
    else:
        raise error


def _end_if_none_can_be_had(batch: list[str], failures: list[CovageError]) -> None:
    """Where the vendor fails at every order, the fault isn't the orders'. Raises their last failure."""
    if len(failures) == len(batch) > 1 and isinstance(failures[-1], ServerError):
        raise failures[-1]


def _ingest_requests(run: Run, client: Covage) -> None:
    """The requests made on orders. An account without a right to them keeps those known."""
    # Asked before the listing: one that is made while it is read is not missed.
    known = list(Request.objects.filter(gone_at=None).values_list("upstream_id", "pk"))
    seen: set[str] = set()
    try:
        for page in client.request_pages():
            seen.update(_id_of(told) for told in page)
            run.page(0, ingest_requests(page))
    except (Forbidden, NotFound):
        return
    gone = [pk for upstream_id, pk in known if upstream_id not in seen]
    Request.objects.filter(pk__in=gone).update(gone_at=timezone.now(), digest="")


def ingest_requests(told: list[Raw]) -> int:
    """Take documents of the list of requests; answer how many rows were written."""
    rows = [_request(document) for document in told if _id_of(document)]
    return upsert(Request, rows, "upstream_id", ours=["requested_by"])


def _id_of(told: Raw) -> str:
    return str(told.get("id") or "")[:64]


def _request(told: Raw) -> Request:
    return Request(
        upstream_id=_id_of(told),
        order_reference=str(told.get("order_reference") or "")[:100],
        action=str(told.get("action") or "")[:100],
        reason=str(told.get("reason") or "")[:500],
        message=str(told.get("message") or ""),
        request_effective_date=day_of(told.get("request_effective_date")),
        creation_date=moment(told.get("creation_date")),
        modification_date=moment(told.get("modification_date")),
        document=told,
        digest=digest(told),
    )


def _ingest_reasons(client: Covage) -> None:
    """The reasons for terminating. An account without a right to them keeps those known."""
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

"""Documents → rows: a page of the list, and one order's own pages, each in one transaction."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from covage.moments import moment
from drafts.merge import is_blank
from notifications.changes.differences import Changes
from notifications.changes.recording import Changed, record_changes
from sessions_app.models import Line
from sync.upsert import digest, upsert
from tracking import leadtimes
from tracking.ingest import columns
from tracking.ingest.options import label_options
from tracking.models import Appointment, Document, Order, OrderDetail, StepTime
from tracking.orders import changes, history

Raw = dict[str, Any]

# After so long the pages of an open order are read again, even if its row in the list didn't change
# (docs/vendor-readings.md, 36).
STALE = timedelta(hours=6)

LINKED_AT_ONCE = 500


@dataclass(frozen=True)
class Reading:
    """An order's own pages, asked for at `at`. What couldn't be read is None, and `failure` says why."""

    reference: str
    at: datetime
    detail: Raw
    history: list[Any] | None = None
    documents: list[Any] | None = None
    failure: str = ""


def ingest_page(page: Iterable[Raw], at: datetime, *, silent: bool = False) -> int:
    """Take a page of the list, asked for at `at`; answer how many rows were written.

    Older news never replaces newer. Whoever follows an order is told what changed, but for a `silent` first
    import.
    """
    told = {reference: document for document in page if (reference := columns.reference_of(document))}
    with transaction.atomic():
        known = dict(Order.objects.filter(reference__in=told).values_list("reference", "digest"))
        differing = [reference for reference in told if known.get(reference) != digest(told[reference])]
        locked = Order.objects.select_for_update().filter(reference__in=differing).order_by("reference")
        stored = {order.reference: order for order in locked}
        rows: list[Order] = []
        news: list[Changed] = []
        for reference in differing:
            order = stored.get(reference)
            if order and _is_older(told[reference], order, at):
                continue
            row = order or Order()
            difference = _apply_listed(row, told[reference], at)
            rows.append(row)
            if difference and not silent:
                news.append(changes.change_of(row, difference))
        _link(rows)
        written = upsert(Order, rows, "reference", newer="modification_date")
        record_changes(news, at)
    return written


def _is_older(told: Raw, order: Order, at: datetime) -> bool:
    """Whether a row knows newer than a document of the list that was asked for at `at`."""
    modified = moment(told.get("modification_date"))
    if modified and order.modification_date and modified < order.modification_date:
        return True
    return order.read_at is not None and order.read_at > at


def _apply_listed(order: Order, told: Raw, at: datetime) -> Changes:
    before, state = order.listed, order.state or None
    columns.apply_listed(order, told, at)
    difference = changes.between(before, told) if order.pk else {}
    # Of its state the order's own page may have told before.
    difference.pop("state", None)
    return difference if order.state == (state or "") else difference | {"state": [state, order.state]}


def _link(orders: list[Order]) -> None:
    """Put the owner, the team and the line on those that were ordered here."""
    unlinked = {order.upstream_id: order for order in orders if order.upstream_id and not order.line_id}
    for upstream_id, owner, team, line in _origins(unlinked) if unlinked else ():
        order = unlinked[upstream_id]
        order.owner_id, order.team_id, order.line_id = owner, team, line


def link_recent(since: datetime) -> None:
    """Link the orders of late that were listed before their line, or its owner, was known."""
    recent = Order.objects.filter(owner=None, order_date__gte=since.date()).exclude(upstream_id="")
    upstream_ids = list(recent.values_list("upstream_id", flat=True))
    for start in range(0, len(upstream_ids), LINKED_AT_ONCE):
        for upstream_id, owner, team, line in _origins(upstream_ids[start : start + LINKED_AT_ONCE]):
            orders = Order.objects.filter(upstream_id=upstream_id)
            orders.exclude(owner=owner, team=team, line_id=line).update(owner=owner, team=team, line_id=line)


def _origins(upstream_ids: Collection[str]) -> Iterable[tuple[str, int | None, int | None, UUID]]:
    """Of those orders that were ordered here, by their own ids: the cart's owner and team, and the line."""
    lines = Line.objects.ordered_as(upstream_ids)
    return lines.values_list("order_reference", "cart__owner_id", "cart__team_id", "pk")


@transaction.atomic
def ingest_reading(reading: Reading) -> bool:
    """Take an order's own pages. Answers False, and takes nothing, when newer news was taken already."""
    order = Order.objects.select_for_update().filter(reference=reading.reference).first()
    if order is None or _knows_newer(order, reading.at):
        return False
    dossier = OrderDetail.objects.filter(pk=order.pk).first() or OrderDetail(order=order)
    is_first = order.read_at is None
    difference = _difference(order, dossier, reading)
    columns.apply_detail(order, reading.detail)
    dossier.detail, dossier.failure = reading.detail, reading.failure
    if reading.history is not None:
        dossier.history = reading.history
    _ingest_history(order, dossier.history, reading.at)
    if reading.documents is not None:
        dossier.documents = reading.documents
        _ingest_documents(order, reading.documents, reading.at)
    order.read_at, order.gone_at = reading.at, None
    order.due_at = reading.at + STALE if order.is_open else None
    order.save()
    dossier.save()
    if difference and not is_first:
        record_changes([changes.change_of(order, difference)], reading.at)
    label_options(reading.detail)
    return True


def _knows_newer(order: Order, at: datetime) -> bool:
    """Whether an order's pages were read, or the list told that they have to be, after `at`."""
    if order.read_at and order.read_at >= at:
        return True
    return order.due_at is not None and at < order.due_at <= timezone.now()


def _difference(order: Order, dossier: OrderDetail, reading: Reading) -> Changes:
    """What is new in a reading; what the list tells as well was told with the list, but for a newer state."""
    difference = changes.between(dossier.detail, reading.detail)
    difference = {path: pair for path, pair in difference.items() if path not in order.listed}
    state = reading.detail.get("state")
    if not is_blank(state) and state != order.state:
        difference["state"] = [order.state, state]
    # What could not be read before is no news now.
    if reading.history is not None and (dossier.history or not dossier.failure):
        difference |= changes.of_history(dossier.history, reading.history)
    if reading.documents is not None and (dossier.documents or not dossier.failure):
        before = {filename for _kind, filename in listed_documents(dossier.documents)}
        difference |= changes.of_documents(
            before, {name for _kind, name in listed_documents(reading.documents)}
        )
    return difference


def _ingest_history(order: Order, told: list[Any], at: datetime) -> None:
    entries = history.entries(told)
    current = history.current(entries)
    if order.in_production:
        order.step, order.step_since = (current.state[:60], current.at) if current else ("", None)
        longest = leadtimes.usual()
        order.stuck_on = leadtimes.stuck_on(longest, order.offer_technology, order.step, order.step_since)
    StepTime.objects.filter(order=order).delete()
    StepTime.objects.bulk_create(
        StepTime(
            order=order,
            technology=order.offer_technology,
            step=step.step[:60],
            started_at=step.started_at,
            ended_at=step.ended_at,
            days=step.days,
        )
        for step in history.passed(entries)
    )
    Appointment.objects.filter(order=order).delete()
    Appointment.objects.bulk_create(
        Appointment(order=order, **one._asdict() | {"is_done": one.is_done or not order.in_production})
        for one in history.planned(entries, at)
    )


def listed_documents(told: list[Any]) -> list[tuple[str, str]]:
    """The documents that a listing names, as (type, file name); what is none is left out."""
    found = []
    for group in told:
        names = group.get("values") if isinstance(group, Mapping) else None
        for name in names if isinstance(names, list) else []:
            if isinstance(name, str) and name.strip():
                found.append((str(group.get("type") or "")[:100], name[:250]))
    return found


def _ingest_documents(order: Order, told: list[Any], at: datetime) -> None:
    listed = {filename: kind for kind, filename in listed_documents(told)}
    kept = {paper.filename: paper for paper in Document.objects.filter(order=order)}
    Document.objects.bulk_create(
        Document(order=order, kind=kind, filename=filename, listed_at=at)
        for filename, kind in listed.items()
        if filename not in kept
    )
    for filename, paper in kept.items():
        gone_at = None if filename in listed else paper.gone_at or at
        kind = listed.get(filename, paper.kind)
        if (gone_at, kind) != (paper.gone_at, paper.kind):
            Document.objects.filter(pk=paper.pk).update(gone_at=gone_at, kind=kind)


def put_off(reference: str, until: datetime, failure: str = "") -> None:
    """Leave an order's pages unread until then, and say why they could not be read, if that is known."""
    order = Order.objects.filter(reference=reference).first()
    if order is None:
        return
    Order.objects.filter(pk=order.pk).update(due_at=until)
    if failure:
        OrderDetail.objects.update_or_create(order=order, defaults={"failure": failure})


def mark_gone(reference: str, at: datetime) -> int:
    """Note that the vendor has an order no longer, unless something newer shows that they do."""
    order = Order.objects.filter(reference=reference, gone_at=None)
    # Without its digest the order counts as changed, should it come back. Until then nothing is due of it.
    nothing: dict[str, Any] = dict.fromkeys(("due_at", "due_on", "step_since", "stuck_on", "notice_on"))
    return order.exclude(read_at__gt=at).update(gone_at=at, digest="", step="", **nothing)

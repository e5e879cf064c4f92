"""Storing what was read: a page of the list, or one order's own pages, in one transaction with their changes."""

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
from sessions_app.models import Line, Option
from sync.upsert import digest, upsert
from tracking import leadtimes
from tracking.ingest import mapping
from tracking.models import Appointment, Document, Order, OrderDetail, StepTime
from tracking.orders import changes, history

Raw = dict[str, Any]

# The pages of an open order are read again after this, even if its row in the list didn't change
# (docs/vendor-readings.md, 36).
STALE = timedelta(hours=6)

LINKED_AT_ONCE = 500  # orders looked up in one query


@dataclass(frozen=True)
class Reading:
    """An order's own pages, requested at `at`. What couldn't be read is None, and `failure` says why."""

    reference: str
    at: datetime
    detail: Raw
    history: list[Any] | None = None
    documents: list[Any] | None = None
    failure: str = ""


def ingest_page(page: Iterable[Raw], at: datetime, *, silent: bool = False) -> int:
    """Store a page of the list, requested at `at`. Returns how many rows were written.

    Older documents never replace newer ones. Watchers are notified of changes, unless the import is `silent`.
    """
    documents = {reference: document for document in page if (reference := mapping.reference_of(document))}
    with transaction.atomic():
        known = dict(Order.objects.filter(reference__in=documents).values_list("reference", "digest"))
        differing = [
            reference for reference in documents if known.get(reference) != digest(documents[reference])
        ]
        locked = Order.objects.select_for_update().filter(reference__in=differing).order_by("reference")
        stored = {order.reference: order for order in locked}
        rows: list[Order] = []
        updates: list[Changed] = []
        for reference in differing:
            order = stored.get(reference)
            if order and _is_older(documents[reference], order, at):
                continue
            row = order or Order()
            difference = _apply_listed(row, documents[reference], at)
            rows.append(row)
            if difference and not silent:
                updates.append(changes.change_of(row, difference))
        _link(rows)
        written = upsert(Order, rows, "reference", newer="modification_date")
        record_changes(updates, at)
    return written


def _is_older(raw: Raw, order: Order, at: datetime) -> bool:
    """Whether a row is newer than a document of the list that was requested at `at`."""
    modified = moment(raw.get("modification_date"))
    if modified and order.modification_date and modified < order.modification_date:
        return True
    return order.read_at is not None and order.read_at > at


def _apply_listed(order: Order, raw: Raw, at: datetime) -> Changes:
    before, state = order.listed, order.state or None
    mapping.apply_listed(order, raw, at)
    difference = changes.between(before, raw) if order.pk else {}
    # The order's own page may have reported its state before.
    difference.pop("state", None)
    return difference if order.state == (state or "") else difference | {"state": [state, order.state]}


def _link(orders: list[Order]) -> None:
    """Set the owner, the team and the line of those that were ordered here."""
    unlinked = {order.upstream_id: order for order in orders if order.upstream_id and not order.line_id}
    for upstream_id, owner, team, line in _origins(unlinked) if unlinked else ():
        order = unlinked[upstream_id]
        order.owner_id, order.team_id, order.line_id = owner, team, line


def link_recent(since: datetime) -> None:
    """Link recent orders that were listed before their line, or its owner, was known."""
    recent = Order.objects.filter(owner=None, order_date__gte=since.date()).exclude(upstream_id="")
    upstream_ids = list(recent.values_list("upstream_id", flat=True))
    for start in range(0, len(upstream_ids), LINKED_AT_ONCE):
        for upstream_id, owner, team, line in _origins(upstream_ids[start : start + LINKED_AT_ONCE]):
            orders = Order.objects.filter(upstream_id=upstream_id)
            orders.exclude(owner=owner, team=team, line_id=line).update(owner=owner, team=team, line_id=line)


def _origins(upstream_ids: Collection[str]) -> Iterable[tuple[str, int | None, int | None, UUID]]:
    """For the orders that were ordered here: the vendor's id, the cart's owner and team, and the line."""
    lines = Line.objects.ordered_as(upstream_ids)
    return lines.values_list("order_reference", "cart__owner_id", "cart__team_id", "pk")


@transaction.atomic
def ingest_reading(reading: Reading) -> bool:
    """Store an order's own pages. Returns False, and stores nothing, when newer data is stored already."""
    order = Order.objects.select_for_update().filter(reference=reading.reference).first()
    if order is None or _is_newer(order, reading.at):
        return False
    details = OrderDetail.objects.filter(pk=order.pk).first() or OrderDetail(order=order)
    is_first = order.read_at is None
    difference = _difference(order, details, reading)
    mapping.apply_detail(order, reading.detail)
    details.detail, details.failure = reading.detail, reading.failure
    if reading.history is not None:
        details.history = reading.history
    _ingest_history(order, details.history, reading.at)
    if reading.documents is not None:
        details.documents = reading.documents
        _ingest_documents(order, reading.documents, reading.at)
    order.read_at, order.gone_at = reading.at, None
    order.due_at = reading.at + STALE if order.is_open else None
    order.save()
    details.save()
    if difference and not is_first:
        record_changes([changes.change_of(order, difference)], reading.at)
    label_options(reading.detail)
    return True


def _is_newer(order: Order, at: datetime) -> bool:
    """Whether an order's pages were read, or the list showed that they have to be, after `at`."""
    if order.read_at and order.read_at >= at:
        return True
    return order.due_at is not None and at < order.due_at <= timezone.now()


def _difference(order: Order, details: OrderDetail, reading: Reading) -> Changes:
    """What changed in a reading. What the list has too was reported with the list, except for a newer state."""
    difference = changes.between(details.detail, reading.detail)
    difference = {path: pair for path, pair in difference.items() if path not in order.listed}
    state = reading.detail.get("state")
    if not is_blank(state) and state != order.state:
        difference["state"] = [order.state, state]
    # What could not be read before has not changed now.
    if reading.history is not None and (details.history or not details.failure):
        difference |= changes.of_history(details.history, reading.history)
    if reading.documents is not None and (details.documents or not details.failure):
        before = {filename for _kind, filename in listed_documents(details.documents)}
        difference |= changes.of_documents(
            before, {name for _kind, name in listed_documents(reading.documents)}
        )
    return difference


def _ingest_history(order: Order, raw: list[Any], at: datetime) -> None:
    entries = history.entries(raw)
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


def listed_documents(raw: list[Any]) -> list[tuple[str, str]]:
    """The documents in a listing, as (type, file name); malformed entries are left out."""
    found = []
    for group in raw:
        names = group.get("values") if isinstance(group, Mapping) else None
        for name in names if isinstance(names, list) else []:
            if isinstance(name, str) and name.strip():
                found.append((str(group.get("type") or "")[:100], name[:250]))
    return found


def _ingest_documents(order: Order, raw: list[Any], at: datetime) -> None:
    listed = {filename: kind for kind, filename in listed_documents(raw)}
    kept = {document.filename: document for document in Document.objects.filter(order=order)}
    Document.objects.bulk_create(
        Document(order=order, kind=kind, filename=filename, listed_at=at)
        for filename, kind in listed.items()
        if filename not in kept
    )
    for filename, document in kept.items():
        gone_at = None if filename in listed else document.gone_at or at
        kind = listed.get(filename, document.kind)
        if (gone_at, kind) != (document.gone_at, document.kind):
            Document.objects.filter(pk=document.pk).update(gone_at=gone_at, kind=kind)


def label_options(detail: Mapping[str, Any]) -> None:
    """Store labels of an order's product options that have none yet (order-tracking.txt, options details)."""
    product = detail.get("product")
    options = product.get("options") if isinstance(product, Mapping) else None
    found = (
        [_option(item) for item in options if isinstance(item, Mapping)] if isinstance(options, list) else []
    )
    Option.objects.bulk_create([option for option in found if option], ignore_conflicts=True)


def _option(item: Mapping[str, Any]) -> Option | None:
    option_id, label = (str(item.get(name) or "").strip() for name in ("option_id", "label"))
    label = label or str(item.get("name") or "").strip()
    return Option(option_id=option_id[:40], label=label[:250]) if option_id and label else None


def put_off(reference: str, until: datetime, failure: str = "") -> None:
    """Leave an order's pages unread until `until`, and note why they could not be read, if that is known."""
    order = Order.objects.filter(reference=reference).first()
    if order is None:
        return
    Order.objects.filter(pk=order.pk).update(due_at=until)
    if failure:
        OrderDetail.objects.update_or_create(order=order, defaults={"failure": failure})


def mark_gone(reference: str, at: datetime) -> int:
    """Mark an order gone at the vendor's, unless it was read after `at`. Returns how many rows were marked."""
    order = Order.objects.filter(reference=reference, gone_at=None)
    # Without its digest the order counts as changed if it comes back. Until then it has nothing due.
    nothing: dict[str, Any] = dict.fromkeys(("due_at", "due_on", "step_since", "stuck_on", "notice_on"))
    return order.exclude(read_at__gt=at).update(gone_at=at, digest="", step="", **nothing)

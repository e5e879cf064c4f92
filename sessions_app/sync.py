"""The syncs of carts, lines and reference data: what to read, and when what is no longer shown counts as gone."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.utils import timezone

from covage import Covage, NotFound
from drafts.merge import Document
from outbox import clients
from sessions_app.ingest import (
    ingest_details,
    ingest_line_details,
    ingest_line_summaries,
    ingest_sessions,
    recount_expired,
)
from sessions_app.models import Cart, Line, Reference
from sessions_app.states import CartState
from sync.listing import listed
from sync.models import SyncRun
from sync.runs import Run, as_far_as_possible
from sync.upsert import digest, upsert

# How far back before the last run's start a run reads again.
MARGIN = timedelta(minutes=10)
# For how long after it was ordered a line's state is read again.
UNSETTLED = timedelta(days=2)
DETAILS_AT_ONCE = 50  # sessions or lines read in full between two writes
ROWS_AT_ONCE = 500  # documents ingested at once
# What only a line's own page shows (docs/vendor-readings.md, 18).
ON_ITS_PAGE = ("siret_known", "specific_request", "access_instructions", "offer_family")


def sync_carts(run: Run) -> None:
    """Read open sessions and those created since the last run; every session when the run is full or the first.

    Raises CovageError when the vendor can't be read.
    """
    client = clients.client()
    recount_expired()
    last_synced_at = SyncRun.objects.last_synced_at("carts")
    since = None if run.full else last_synced_at
    began = run.row.started_at
    # The lines of a session may have changed just before it closed, so these are read in full once more.
    were_open = set(Cart.objects.open_upstream().values_list("upstream_id", flat=True))
    after = {"creation_date_gt": since - MARGIN} if since else {}
    listings = [client.session_pages(**after)]
    if since:
        listings += [
            client.session_pages(state=state) for state in (CartState.CREATED, CartState.IN_PROGRESS)
        ]
    seen: set[str] = set()
    for at, page in timed(chain(*listings)):
        seen.update(str(document.get("id")) for document in page)
        run.page(len(page), ingest_sessions(page, at))
    for at, page in timed(_lines_to_read(client, since)):
        run.page(len(page), ingest_line_summaries(page, at))
    _read_details(run, client, seen & were_open)
    _read_new_lines(run, client, last_synced_at)
    _refresh(run, client, seen, began)


def sync_reference(run: Run) -> None:
    """Read projects and ENNIs. What the account has no right to stays as it is here.

    Raises Forbidden or NotFound for an account without the right to one of them, when the other has been read.
    """
    client = clients.client()
    as_far_as_possible(
        lambda: _ingest_references(run, Reference.Kind.PROJECT, client.project_pages(), "code"),
        lambda: _ingest_references(run, Reference.Kind.ENNI, client.enni_pages(), "reference"),
    )


def refresh(cart: Cart, client: Covage) -> None:
    """Read one cart again, its state and its lines; a session that is gone upstream is marked so.

    Raises CovageError when the vendor can't be read.
    """
    at = timezone.now()
    # The list first: if it shows that the vendor is done, the lines read after it are done as well.
    shown = find_session(cart, client) or {}
    try:
        detail = client.session(str(cart.upstream_id))
    except NotFound:
        mark_gone(cart, at)
        return
    ingest_details([shown | detail], at)
    Cart.objects.filter(pk=cart.pk).update(checked_at=at)


def find_session(cart: Cart, client: Covage) -> Document | None:
    """The cart as the list of sessions shows it, which alone has its state (docs/vendor-readings.md, 10)."""
    filters: dict[str, Any]
    if reference := cart.upstream.get("external_id"):
        filters = {"external_id": reference}
    elif cart.creation_date:
        around = timedelta(seconds=2)
        filters = {
            "creation_date_gt": cart.creation_date - around,
            "creation_date_lt": cart.creation_date + around,
        }
    else:
        return None
    sessions = listed(client.session_pages(**filters))
    return next((item for item in sessions if str(item.get("id")) == cart.upstream_id), None)


def mark_gone(cart: Cart, at: datetime) -> int:
    """Mark a session as gone at the vendor, unless something newer shows it. Returns 1 if it was marked, else 0."""
    gone = Cart.objects.filter(pk=cart.pk, gone_at=None, seen_at__lte=at).update(gone_at=at)
    if gone:
        Line.objects.filter(cart=cart, gone_at=None, upstream_id__isnull=False).update(gone_at=at)
    return gone


def timed(pages: Iterator[list[Document]]) -> Iterator[tuple[datetime, list[Document]]]:
    """Yield each page with the moment at which it was requested, a huge one in pieces that fit one statement."""
    at = timezone.now()
    for page in pages:
        for start in range(0, len(page), ROWS_AT_ONCE):
            yield at, page[start : start + ROWS_AT_ONCE]
        at = timezone.now()


def _lines_to_read(client: Covage, since: datetime | None) -> Iterator[list[Document]]:
    """The lines created since a moment, and those ordered lately, whose state may change after their session closed."""
    if since is None:
        return client.line_pages()
    return chain(
        client.line_pages(creation_date_gt=since - MARGIN), client.line_pages(order_date_gt=since - UNSETTLED)
    )


def _read_details(run: Run, client: Covage, closed: set[str]) -> None:
    """Read the details of the open sessions and of those that have since closed, which show every change of a line."""
    is_open = Cart.objects.open_upstream().order_by("pk").values_list("upstream_id", flat=True)
    for batch in _batches(list(dict.fromkeys([*is_open, *sorted(closed)]))):
        at = timezone.now()
        run.page(0, ingest_details(_read(run, client.session, batch), at))


def _read_new_lines(run: Run, client: Covage, last_synced_at: datetime | None) -> None:
    """Read in full, once, the drafts created elsewhere since the last complete run."""
    new = Line.objects.drafts().filter(cart__deleted_at=None, cart__gone_at=None, upstream_id__isnull=False)
    new = new.exclude(upstream__has_any_keys=ON_ITS_PAGE)
    if last_synced_at:
        new = new.filter(seen_at__gte=last_synced_at)
    for batch in _batches(list(new.order_by("pk").values_list("upstream_id", flat=True))):
        at = timezone.now()
        run.page(0, ingest_line_details(_read(run, client.line, batch), at))


def _read(run: Run, read: Callable[[str], Document], upstream_ids: Iterable[Any]) -> list[Document]:
    """The documents with these ids, except those that no longer exist."""
    documents = []
    for upstream_id in upstream_ids:
        run.keep()
        with suppress(NotFound):
            documents.append(read(str(upstream_id)))
    return documents


def _batches(ids: list[Any]) -> Iterator[list[Any]]:
    return (ids[start : start + DETAILS_AT_ONCE] for start in range(0, len(ids), DETAILS_AT_ONCE))


def _refresh(run: Run, client: Covage, seen: set[str], began: datetime) -> None:
    """Read one by one the carts that no listing showed: they moved on, or are gone.

    A full run, whose listing is complete, also reads those that were closed long ago.
    """
    expected = (
        Cart.objects.filter(upstream_id__isnull=False, gone_at=None)
        if run.full
        else Cart.objects.open_upstream()
    )
    known = expected.filter(seen_at__lt=began).values_list("pk", "upstream_id")
    for pk in [pk for pk, upstream_id in known if upstream_id not in seen]:
        run.keep()
        refresh(Cart.objects.get(pk=pk), client)
        run.row.gone += Cart.objects.filter(pk=pk, gone_at__isnull=False).count()


def _ingest_references(run: Run, kind: str, pages: Iterator[list[Document]], code: str) -> None:
    seen: set[str] = set()
    for page in pages:
        rows = [_reference(kind, str(document.get(code) or ""), document) for document in page]
        seen.update(row.key for row in rows)
        run.page(len(page), upsert(Reference, rows, "key"))
    stale = Reference.objects.filter(kind=kind, gone_at=None).exclude(key__in=seen)
    run.row.gone += stale.update(gone_at=timezone.now(), active=False, digest="")


def _reference(kind: str, code: str, document: Document) -> Reference:
    label = document.get("label") or document.get("name") or document.get("code_client") or ""
    return Reference(
        key=f"{kind}:{code}"[:150],
        kind=kind,
        code=code[:100],
        label=str(label)[:250],
        active=document.get("active") is not False,
        document=document,
        digest=digest(document),
    )

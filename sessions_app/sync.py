"""Vendor → rows: what to read, and when something that is not shown any more counts as gone."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from django.utils import timezone

from covage import Covage, NotFound
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

Document = dict[str, Any]

MARGIN = timedelta(minutes=10)
# For how long after its order a line's state is looked at again.
UNSETTLED = timedelta(days=2)
DETAILS_AT_ONCE = 50
ROWS_AT_ONCE = 500
# What only a line's own page shows (docs/vendor-readings.md, 18).
ON_ITS_PAGE = ("siret_known", "specific_request", "access_instructions", "offer_family")


def sync_carts(run: Run) -> None:
    """Open sessions and those made since the last run; every session when the run is full or the first."""
    client = clients.client()
    recount_expired()
    is_up_to_date = SyncRun.objects.last_synced_at("carts")
    since = None if run.full else is_up_to_date
    began = run.row.started_at
    # Those that are closed by now have news in their details all the same.
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
    _read_new_lines(run, client, is_up_to_date)
    _refresh(run, client, seen, began)


def sync_reference(run: Run) -> None:
    """Projects and ENNIs. What an account has no right to stays as it is here.

    Raises Forbidden or NotFound for an account without the right to one of them, when the other has been read.
    """
    client = clients.client()
    as_far_as_possible(
        lambda: _ingest_references(run, Reference.Kind.PROJECT, client.project_pages(), "code"),
        lambda: _ingest_references(run, Reference.Kind.ENNI, client.enni_pages(), "reference"),
    )


def refresh(cart: Cart, client: Covage) -> None:
    """Read one cart anew, its state and its lines; a session that is gone upstream is marked so.

    Raises CovageError when the vendor can't be asked.
    """
    at = timezone.now()
    # The list first: when it shows that the vendor is done, the lines read after it are done as well.
    shown = find_session(cart, client) or {}
    try:
        detail = client.session(str(cart.upstream_id))
    except NotFound:
        mark_gone(cart, at)
        return
    ingest_details([shown | detail], at)
    Cart.objects.filter(pk=cart.pk).update(checked_at=at)


def find_session(cart: Cart, client: Covage) -> Document | None:
    """The cart as the list of sessions shows it, which alone tells its state (docs/vendor-readings.md, 10)."""
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
    """Note that a session is not at the vendor's any more, unless something newer shows that it is."""
    gone = Cart.objects.filter(pk=cart.pk, gone_at=None, seen_at__lte=at).update(gone_at=at)
    if gone:
        Line.objects.filter(cart=cart, gone_at=None, upstream_id__isnull=False).update(gone_at=at)
    return gone


def timed(pages: Iterator[list[Document]]) -> Iterator[tuple[datetime, list[Document]]]:
    """Each page with the moment at which it was asked for, a huge one in pieces that a statement can take."""
    at = timezone.now()
    for page in pages:
        for start in range(0, len(page), ROWS_AT_ONCE):
            yield at, page[start : start + ROWS_AT_ONCE]
        at = timezone.now()


def _lines_to_read(client: Covage, since: datetime | None) -> Iterator[list[Document]]:
    """The lines made since a moment, and those ordered lately, whose state may change after their session closed."""
    if since is None:
        return client.line_pages()
    return chain(
        client.line_pages(creation_date_gt=since - MARGIN), client.line_pages(order_date_gt=since - UNSETTLED)
    )


def _read_details(run: Run, client: Covage, closed: set[str]) -> None:
    """Read the details of the open sessions, and of those that closed meanwhile: they show the lines' every change."""
    is_open = Cart.objects.open_upstream().order_by("pk").values_list("upstream_id", flat=True)
    for batch in _batches(list(dict.fromkeys([*is_open, *sorted(closed)]))):
        at = timezone.now()
        run.page(0, ingest_details(_read(run, client.session, batch), at))


def _read_new_lines(run: Run, client: Covage, is_up_to_date: datetime | None) -> None:
    """Read in full, once, the drafts made elsewhere since the last complete run."""
    new = Line.objects.drafts().filter(cart__deleted_at=None, cart__gone_at=None, upstream_id__isnull=False)
    new = new.exclude(upstream__has_any_keys=ON_ITS_PAGE)
    if is_up_to_date:
        new = new.filter(seen_at__gte=is_up_to_date)
    for batch in _batches(list(new.order_by("pk").values_list("upstream_id", flat=True))):
        at = timezone.now()
        run.page(0, ingest_line_details(_read(run, client.line, batch), at))


def _read(run: Run, read: Callable[[str], Document], keys: Iterable[Any]) -> list[Document]:
    """The documents under these keys, but for those that aren't there any more."""
    documents = []
    for key in keys:
        run.keep()
        with suppress(NotFound):
            documents.append(read(str(key)))
    return documents


def _batches(keys: list[Any]) -> Iterator[list[Any]]:
    return (keys[start : start + DETAILS_AT_ONCE] for start in range(0, len(keys), DETAILS_AT_ONCE))


def _refresh(run: Run, client: Covage, seen: set[str], began: datetime) -> None:
    """Ask one by one for the carts that no listing showed: they moved on, or are gone.

    A full run, whose listing is complete, asks for those that were closed long ago as well.
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

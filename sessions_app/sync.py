"""Vendor → rows: what to read, and when something that is not shown any more counts as gone."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from typing import Any

from django.utils import timezone

from covage import Covage, NotFound
from mirror import vendor
from mirror.models import SyncRun
from mirror.runs import Run
from mirror.upsert import digest, upsert
from sessions_app.intake import take_details, take_line_summaries, take_sessions
from sessions_app.models import Cart, Line, Reference
from sessions_app.states import CartState

Document = dict[str, Any]

MARGIN = timedelta(minutes=10)
DETAILS_AT_ONCE = 50


def sync_carts(run: Run) -> None:
    """Open sessions and those made since the last run; every session when the run is full or the first."""
    client = vendor.client()
    since = None if run.full else SyncRun.objects.in_step_at("carts")
    began = run.row.started_at
    after = {"creation_date_gt": since - MARGIN} if since else {}
    listings = [client.session_pages(**after)]
    if since:
        listings += [client.session_pages(state=state) for state in (CartState.CREATED, CartState.IN_PROGRESS)]
    seen: set[str] = set()
    for at, page in timed(chain(*listings)):
        seen.update(str(document["id"]) for document in page)
        run.page(len(page), take_sessions(page, at))
    for at, page in timed(client.line_pages(**after)):
        run.page(len(page), take_line_summaries(page, at))
    _read_details(run, client)
    _look_after(run, client, seen, began)


def sync_reference(run: Run) -> None:
    """Projects and ENNIs. Raises Forbidden or NotFound for an account without the right to them: what is here stays."""
    client = vendor.client()
    for kind, pages, code in (
        (Reference.Kind.PROJECT, client.project_pages(), "code"),
        (Reference.Kind.ENNI, client.enni_pages(), "reference"),
    ):
        seen: set[str] = set()
        for page in pages:
            rows = [_reference(kind, str(document.get(code) or ""), document) for document in page]
            seen.update(row.key for row in rows)
            run.page(len(page), upsert(Reference, rows, "key"))
        stale = Reference.objects.filter(kind=kind, gone_at=None).exclude(key__in=seen)
        run.row.gone += stale.update(gone_at=timezone.now(), active=False, digest="")


def refresh(cart: Cart, client: Covage) -> None:
    """Read one cart anew, its state and its lines; a session that is gone upstream is marked so.

    Raises CovageError when the vendor can't be asked.
    """
    at = timezone.now()
    try:
        detail = client.session(str(cart.upstream_id))
    except NotFound:
        mark_gone(cart, at)
        return
    listed = find_session(cart, client)
    take_details([detail | listed if listed else detail], at)
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
    pages = client.session_pages(**filters)
    return next((item for page in pages for item in page if str(item.get("id")) == cart.upstream_id), None)


def mark_gone(cart: Cart, at: datetime) -> int:
    """Note that a session is not at the vendor's any more, unless something newer shows that it is."""
    gone = Cart.objects.filter(pk=cart.pk, gone_at=None, seen_at__lte=at).update(gone_at=at)
    if gone:
        Line.objects.filter(cart=cart, gone_at=None, upstream_id__isnull=False).update(gone_at=at)
    return gone


def timed(pages: Iterator[list[Document]]) -> Iterator[tuple[datetime, list[Document]]]:
    """Each page with the moment at which it was asked for."""
    at = timezone.now()
    for page in pages:
        yield at, page
        at = timezone.now()


def _read_details(run: Run, client: Covage) -> None:
    """Read the open sessions' details, which alone show a draft's every field."""
    upstream_ids = iter(Cart.objects.open_upstream().order_by("pk").values_list("upstream_id", flat=True))
    while batch := list(islice(upstream_ids, DETAILS_AT_ONCE)):
        at = timezone.now()
        details = [detail for key in batch if (detail := _detail(client, str(key)))]
        run.page(0, take_details(details, at))


def _detail(client: Covage, key: str) -> Document | None:
    try:
        return client.session(key)
    except NotFound:
        return None


def _look_after(run: Run, client: Covage, seen: Iterable[str], began: datetime) -> None:
    """Ask one by one for the open carts that no listing showed: they moved on, or are gone."""
    unseen = Cart.objects.open_upstream().filter(seen_at__lt=began).exclude(upstream_id__in=list(seen))
    for cart in unseen:
        refresh(cart, client)
        run.row.gone += Cart.objects.filter(pk=cart.pk, gone_at__isnull=False).count()


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

"""The vendor's documents into carts and lines: a page at a time, writing only what differs.

In order: sessions and lines as the vendor's lists and details show them; recounting what is missing in carts; how
documents find and update their rows; the answer to something that we sent.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, Sum
from django.utils import timezone

from covage.moments import moment
from drafts import refusals
from drafts.ingest import created_as, ingest_documents, known_rows, values_in
from drafts.merge import Document
from outbox.models import Operation
from sessions_app import fields
from sessions_app.models import Cart, Line

ITEMS = "product_order_item"  # the lines within a session's document

# Columns that no document of the vendor changes, beside those of every draft.
_OURS = frozenset({"cart", "reorder_of", "confirming_since", "confirmed_by", "checked_at"})

CartOrLine = Cart | Line


def ingest_sessions(page: list[Document], at: datetime) -> int:
    """Ingest sessions, true as of `at`, without their lines. Returns how many carts changed or came."""
    documents = {str(document["id"]): without_items(document) for document in page if document.get("id")}
    known = known_rows(Cart, documents, "external_id")
    fresh = [
        _new_cart(upstream_id, document, at)
        for upstream_id, document in documents.items()
        if upstream_id not in known
    ]
    return _write(Cart, fresh, _updates(known, documents, at), at)


def ingest_details(details: list[Document], at: datetime) -> int:
    """Ingest sessions as their detail shows them, with all their lines.

    Returns how many lines changed, came or went.
    """
    ingest_sessions(details, at)
    carts = {
        cart.upstream_id: cart
        for cart in Cart.objects.filter(upstream_id__in=[str(d["id"]) for d in details])
    }
    items = {
        str(item["id"]): (carts[str(detail["id"])], item)
        for detail in details
        for item in detail.get(ITEMS) or []
        if item.get("id")
    }
    changed = _ingest_lines(items, at)
    present = Line.objects.filter(
        cart__in=carts.values(), gone_at=None, upstream_id__isnull=False, seen_at__lt=at
    )
    gone = [line for line in present.only("pk", "upstream_id", "cart_id") if line.upstream_id not in items]
    if gone:
        Line.objects.filter(pk__in=[line.pk for line in gone], seen_at__lt=at).update(gone_at=at)
        recount({line.cart_id for line in gone})
    return changed + len(gone)


def ingest_line_summaries(page: list[Document], at: datetime) -> int:
    """Ingest a page of the list of lines, which shows some fields of each.

    Returns how many lines changed or came.
    """
    sessions = {str(document.get("product_order_id")) for document in page}
    carts = {cart.upstream_id: cart for cart in Cart.objects.filter(upstream_id__in=sessions)}
    return _ingest_lines(
        {
            str(document["id"]): (carts[str(document["product_order_id"])], document)
            for document in page
            if document.get("id") and str(document.get("product_order_id")) in carts
        },
        at,
    )


def ingest_line_details(documents: list[Document], at: datetime) -> int:
    """Ingest known lines as each one's own page shows them. Returns how many changed."""
    by_id = {str(document["id"]): document for document in documents if document.get("id")}
    known = Line.objects.filter(upstream_id__in=by_id).select_related("cart")
    return _ingest_lines(
        {str(line.upstream_id): (line.cart, by_id[str(line.upstream_id)]) for line in known}, at
    )


@transaction.atomic
def recount_expired() -> None:
    """Recount the drafts that have expired since they were counted."""
    expired = Line.objects.drafts().filter(expires_on__lte=timezone.localdate())
    _lock_carts(expired.values("cart"))
    recounted = []
    for line in expired:
        if line.missing_count != (missing := len(line.missing())):
            line.missing_count = missing
            recounted.append(line)
    Line.objects.bulk_update(recounted, ["missing_count"], batch_size=100)
    recount({line.cart_id for line in recounted})


@transaction.atomic
def recount(cart_ids: Iterable[uuid.UUID]) -> None:
    """Recount what is missing in each cart: in its lines, a first line if it has none, and its own conflicts."""
    recount_locked(_lock_carts(list(cart_ids)))


def recount_locked(carts: Sequence[Cart]) -> None:
    """The same for carts that the caller has locked, so that two recounts at once don't cross."""
    live = Line.objects.live().filter(cart__in=carts, gone_at=None).order_by().values("cart")
    in_lines = dict(live.annotate(total=Sum("missing_count")).values_list("cart", "total"))
    changed = []
    for cart in carts:
        counted = cart.missing_count
        cart.missing_count = in_lines.get(cart.pk, 1) + len(cart.conflicts)
        if cart.missing_count != counted:
            changed.append(cart)
    Cart.objects.bulk_update(changed, ["missing_count"])


def keep_line(line: Line, counted: int | None) -> None:
    """Save a line with the columns that follow from its documents, and recount its cart if need be.

    The cart is locked. `counted` is the line's `counted` before the change.
    """
    line.reflect()
    line.save()
    if line.counted != counted:
        recount_locked([line.cart])


def _lock_carts(cart_ids: Any) -> list[Cart]:
    carts = Cart.objects.select_for_update().filter(pk__in=cart_ids).order_by("pk")
    return list(carts.only("conflicts", "missing_count"))


def _ingest_lines(items: Mapping[str, tuple[Cart, Document]], at: datetime) -> int:
    documents = {upstream_id: fields.LINE.read(document) for upstream_id, (_cart, document) in items.items()}
    known = _known_lines(items)
    fresh = [
        _new_line(upstream_id, items[upstream_id][0], document, at)
        for upstream_id, document in documents.items()
        if upstream_id not in known
    ]
    changed = _write(Line, fresh, _updates(known, documents, at), at)
    if changed:
        recount({cart.pk for cart, _item in items.values()})
    return changed


def _known_lines(items: Mapping[str, tuple[Cart, Document]]) -> dict[str, Line]:
    known = {
        str(line.upstream_id): line
        for line in Line.objects.filter(upstream_id__in=items).select_related("cart")
    }
    unknown = {
        (cart.pk, str(item.get("external_id"))): upstream_id
        for upstream_id, (cart, item) in items.items()
        if upstream_id not in known and item.get("external_id")
    }
    if unknown:
        carts = {cart_id for cart_id, _reference in unknown}
        references = {reference for _cart, reference in unknown}
        sent_as = created_as(references, "external_id")
        ours = Line.objects.filter(
            Q(external_id__in=references, deleted_at=None) | Q(pk__in=sent_as),
            upstream_id=None,
            cart__in=carts,
        ).select_related("cart")
        # Of several with the same reference the oldest was sent first, so it comes last here and is kept.
        for line in ours.order_by("-created_at"):
            if upstream_id := unknown.get((line.cart_id, sent_as.get(line.pk, line.external_id))):
                known[upstream_id] = line
    return known


def _updates(
    known: Mapping[str, CartOrLine], documents: Mapping[str, Document], at: datetime
) -> dict[uuid.UUID, Document]:
    """The documents that change a known row, by its primary key."""
    return {
        row.pk: documents[upstream_id]
        for upstream_id, row in known.items()
        if row.upstream_id is None or row.merge_upstream(documents[upstream_id], at)
    }


def _write(
    model: type[CartOrLine], fresh: list[Any], updates: dict[uuid.UUID, Document], at: datetime
) -> int:
    """Insert the fresh rows and merge the updates. Returns how many rows came or changed."""

    def merge(row: Any, document: Document, offered: Document | None) -> None:
        row.merge_upstream(document, at, offered=offered)
        row.reflect()

    return len(fresh) + len(ingest_documents(model, fresh, updates, merge, ours=_OURS))


def _new_cart(upstream_id: str, document: Document, at: datetime) -> Cart:
    """A cart created elsewhere, as it appears here: without an owner until someone takes it."""
    cart = Cart(upstream_id=upstream_id, created_at=moment(document.get("creation_date")) or at)
    cart.merge_upstream(document, at)
    cart.reflect()
    return cart


def _new_line(upstream_id: str, cart: Cart, document: Document, at: datetime) -> Line:
    line = Line(upstream_id=upstream_id, cart=cart, created_at=moment(document.get("creation_date")) or at)
    line.merge_upstream(document, at)
    line.reflect()
    return line


def without_items(document: Document) -> Document:
    """A session without its lines, which are rows of their own."""
    return {name: value for name, value in document.items() if name != ITEMS}


def ingest_answer(row: CartOrLine, answer: Document, operation: Operation) -> None:
    """Merge the answer to what was sent, which settles the refusals of it. Unsaved."""
    row.merge_upstream(answer, timezone.now(), sent=values_in(operation.sent))
    row.refusals = refusals.remaining(row.refusals)

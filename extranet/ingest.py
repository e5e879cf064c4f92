"""The vendor's documents into copper orders, events, products and contacts, writing only what differs."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from covage.moments import moment
from drafts.ingest import created_as, ingest_documents, is_made_since, known_rows
from drafts.merge import at as value_at
from extranet.contacts.fields import PERSON, tells_of_the_same
from extranet.documents import laid_over
from extranet.drafts.applicability import family_of
from extranet.drafts.facts import facts_of
from extranet.fields import SERVICE
from extranet.models import Contact, CopperOrder, OrderEvent, Product
from extranet.orders import changes
from extranet.querysets import CopperOrderQuerySet
from notifications.changes.recording import record_changes
from outbox.models import Operation
from sync.upsert import digest, upsert

Document = dict[str, Any]
Names = set[tuple[str, str]]  # what orders are found by: (column, value)

DELETE_ORDER, SAVE_CONTACT = "delete-copper", "save-contact"
REFERENCE = "operator_order_ref"
LONGEST_ID = 64
# As many drafts as are locked at a time while they are reckoned anew.
RECOUNTED_AT_ONCE = 100
# What no intake writes: who asked for what is for people to say; `reflect` takes it back when it is done.
OURS = ("uuid", "checked_at", "is_stale")


def ingest_orders(
    page: Iterable[Document], at: datetime, *, in_part: bool = False, silent: bool = False
) -> int:
    """Take documents of orders, true as of `at`; answer how many rows came or changed.

    `in_part`: what a document leaves out is unknown, as in a list. Whoever follows an order is told what changed,
    but for a `silent` first import. What drafts lack is reckoned anew where a name went that they share with an order;
    for names that came, see `names_of`.
    """
    documents = {told["order_uuid"]: told for told in page if _is_id(told.get("order_uuid"))}
    with transaction.atomic():
        known = known_rows(CopperOrder, documents, REFERENCE)
        for away in _being_made_anew(documents.keys() - known.keys(), documents):
            documents.pop(away)
        codes = {str(value_at(told, "product.code")) for told in documents.values()}
        products = dict(Product.objects.filter(code__in=codes).values_list("code", "document"))
        fresh = [_new(told, at, products) for key, told in documents.items() if key not in known]
        news = {
            order.pk: documents[key]
            for key, order in known.items()
            if key in documents and _is_news(order, documents[key], at, in_part=in_part)
        }
        before: dict[int, Document] = {}
        lost: Names = set()

        def take(order: CopperOrder, told: Document, offered: Document | None) -> None:
            names = _names(order)
            before[order.pk], order.products = order.raw, products
            order.merge_raw(told, at, offered=offered, in_part=in_part)
            lost.update(names - _names(order))

        taken = ingest_documents(CopperOrder, fresh, news, take, ours=OURS)
        if not silent:
            differences = [(order, changes.between(before[order.pk], order.raw)) for order, _draft in taken]
            record_changes([changes.change_of(order, found) for order, found in differences if found], at)
    recount_bearing(lost)
    return len(fresh) + len(taken)


def ingest_events(page: Iterable[Document]) -> set[str]:
    """Take a page of events; answer which orders they are about."""
    of_orders = [
        event for event in page if event.get("object_type") == "order" and _is_id(event.get("object_uuid"))
    ]
    upsert(
        OrderEvent, [_event(event) for event in of_orders if _is_id(event.get("event_uuid"))], "event_uuid"
    )
    return {event["object_uuid"] for event in of_orders}


def ingest_products(products: Iterable[Document], at: datetime) -> tuple[int, int]:
    """Take the whole catalogue; answer how many products changed or came, and how many went."""
    rows = [_product(document) for document in products if document.get("code")]
    gone = Product.objects.filter(gone_at=None).exclude(code__in=[row.code for row in rows])
    return upsert(Product, rows, "code"), gone.update(gone_at=at, digest="")


def ingest_contacts(contacts: Iterable[Document], at: datetime) -> tuple[int, int]:
    """Take all contacts, as listed at `at`; answer how many changed or came, and how many went."""
    documents = {Contact.id_in(told): told for told in contacts if told.get("contact_uuid")}
    with transaction.atomic():
        known = {str(row.upstream_id): row for row in Contact.objects.filter(upstream_id__in=documents)}
        strange = {key: told for key, told in documents.items() if key not in known}
        fresh = [_new_contact(told, at) for told in _not_of_ours(strange)]
        news = {row.pk: documents[key] for key, row in known.items() if _is_new_of(row, documents[key])}

        def take(row: Contact, told: Document, offered: Document | None) -> None:
            row.merge_raw(told, at, offered=offered)

        taken = ingest_documents(Contact, fresh, news, take)
        listed = Contact.objects.filter(upstream_id__isnull=False, gone_at=None, seen_at__lte=at)
        return len(fresh) + len(taken), listed.exclude(upstream_id__in=documents).update(gone_at=at)


def _new_contact(told: Document, at: datetime) -> Contact:
    contact = Contact(upstream_id=Contact.id_in(told))
    contact.merge_raw(told, at)
    return contact


def _is_new_of(contact: Contact, told: Document) -> bool:
    shown = PERSON.read(told).items()
    return contact.gone_at is not None or any(contact.upstream.get(name) != value for name, value in shown)


def _not_of_ours(strange: dict[str, Document]) -> list[Document]:
    """Those of contacts unknown here that are not what is being created: its own operation finds that."""
    under_way = Operation.objects.under_way().filter(kind=SAVE_CONTACT).values_list("sent", flat=True)
    creating = [sent for sent in under_way if sent and "create" in sent]
    return [
        told
        for key, told in strange.items()
        if not any(key not in sent["known"] and tells_of_the_same(told, sent["create"]) for sent in creating)
    ]


def compute_terms() -> None:
    """Reckon the ends of terms that nobody could reckon before: most products' default tells the months."""
    products = dict(Product.objects.values_list("code", "document"))
    found = []
    for order in CopperOrder.objects.in_service().filter(term_ends_on=None).iterator(chunk_size=500):
        order.products = products
        order.reflect()
        if order.term_ends_on:
            found.append(order)
    CopperOrder.objects.bulk_update(found, ["term_ends_on"], batch_size=100)


def recount(orders: CopperOrderQuerySet | None = None) -> None:
    """Reckon anew what drafts lack, these or all: what they name, or what names the same as they, came or went."""
    drafts = (CopperOrder.objects.all() if orders is None else orders).drafts()
    keys = list(drafts.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(keys), RECOUNTED_AT_ONCE):
        _recount(keys[start : start + RECOUNTED_AT_ONCE])


def recount_namesakes(*references: str | None) -> None:
    """Reckon anew what the drafts of these references lack: no two orders may share one.

    For callers that hold none of them locked: of two that change at once, each would wait for the other.
    """
    recount_bearing({(REFERENCE, text) for text in references if text})


def names_of(order_uuids: Iterable[str]) -> Names:
    """By what drafts can have to do with orders at Covage: their references, and the services that they end."""
    orders = CopperOrder.objects.filter(upstream_id__in=order_uuids).without_documents()
    return {name for order in orders for name in _names(order)}


def _names(order: CopperOrder) -> Names:
    columns = (REFERENCE, *SERVICE) if order.is_termination else (REFERENCE,)
    return {(column, value) for column in columns if (value := getattr(order, column))}


def recount_bearing(names: Names) -> None:
    """Reckon anew what the drafts lack that bear one of these names."""
    columns = {column for column, _value in names}
    bearing = [(f"{one}__in", {value for column, value in names if column == one}) for one in columns]
    if bearing:
        recount(CopperOrder.objects.filter(Q(*bearing, _connector=Q.OR)))


@transaction.atomic
def _recount(keys: Iterable[int]) -> None:
    drafts = list(CopperOrder.objects.drafts().filter(pk__in=keys).select_for_update().order_by("pk"))
    facts = facts_of(drafts, CopperOrder.objects.all())
    aged = []
    for order in drafts:
        counted = order.missing_count
        order.recount(facts[order.uuid])
        if order.missing_count != counted:
            aged.append(order)
    CopperOrder.objects.bulk_update(aged, ["missing_count"])


def _being_made_anew(strange: set[str], documents: dict[str, Document]) -> set[str]:
    """Those among documents unknown here that are drafts being made anew: the old ones and the new.

    The new one is known once its creation is answered; the old one goes by an operation of its own.
    """
    if not strange:
        return set()
    pending = Operation.objects.unfinished().filter(kind=DELETE_ORDER).values_list("payload", flat=True)
    old = {payload.get("delete") for payload in pending}
    references = {str(documents[key].get(REFERENCE) or "") for key in strange}
    sent_as = created_as(references - {""}, REFERENCE)
    made_anew = CopperOrder.objects.filter(uuid__in=sent_as, upstream_id__isnull=False)
    since = {sent_as[order.uuid]: order.created_at for order in made_anew}
    return {
        key
        for key in strange
        if key in old
        or ((reference := str(documents[key].get(REFERENCE))) in since)
        and is_made_since(documents[key], since[reference])
    }


def _is_news(order: CopperOrder, told: Document, at: datetime, *, in_part: bool) -> bool:
    """Whether a document tells something; asked of a copy that nobody has locked, so it may be said too often."""
    if order.upstream_id is None or order.gone_at:
        return True
    return bool(order.raw != (laid_over(order.raw, told) if in_part else told))


def _new(told: Document, at: datetime, products: dict[str, Document]) -> CopperOrder:
    """An order made elsewhere, as it appears here: nobody's until someone takes it."""
    order = CopperOrder(upstream_id=told["order_uuid"], created_at=moment(told.get("creation_date")) or at)
    order.products = products
    order.merge_raw(told, at)
    return order


def _is_id(value: object) -> bool:
    """Whether a value can be an id at the vendor's: it fits, and leads somewhere as a part of an address."""
    return isinstance(value, str) and 0 < len(value) <= LONGEST_ID and bool(value.strip("."))


def _event(document: Document) -> OrderEvent:
    return OrderEvent(
        event_uuid=document["event_uuid"],
        order_uuid=document["object_uuid"],
        type=str(document.get("type") or "")[:100],
        event_date=moment(document.get("event_date")) or moment(document.get("creation_date")),
        document=document,
        digest=digest(document),
    )


def _product(document: Document) -> Product:
    return Product(
        code=str(document["code"])[:40],
        name=str(document.get("name") or "")[:250],
        description=str(document.get("description") or "")[:500],
        family=family_of(document)[:40],
        document=document,
        digest=digest(document),
    )

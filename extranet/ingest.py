"""Vendor documents → copper orders, events, products and contacts; only what differs is written."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from covage.moments import moment
from drafts.ingest import created_as, ingest_documents, is_made_since, known_rows
from drafts.merge import at as value_at
from extranet.contacts.fields import PERSON, is_same_person
from extranet.documents import merge_partial
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
Names = set[tuple[str, str]]  # references that orders share: (column, value)

DELETE_ORDER, SAVE_CONTACT = "delete-copper", "save-contact"
REFERENCE = "operator_order_ref"
LONGEST_ID = 64  # characters
# How many drafts are locked at a time while they are counted again.
RECOUNTED_AT_ONCE = 100
# Columns that are never overwritten with the vendor's data.
OURS = ("uuid", "checked_at", "is_stale")


def ingest_orders(
    page: Iterable[Document], at: datetime, *, in_part: bool = False, silent: bool = False
) -> int:
    """Ingest documents of orders, true as of `at`. Returns how many rows came or changed.

    `in_part`: what a document leaves out is unknown, as in a list. Users who follow an order are notified of changes,
    except by a `silent` first import. What is missing in drafts is counted again where an order lost a reference
    that they share; for references that came, see `names_of`.
    """
    documents = {raw["order_uuid"]: raw for raw in page if _is_id(raw.get("order_uuid"))}
    with transaction.atomic():
        known = known_rows(CopperOrder, documents, REFERENCE)
        for order_uuid in _being_recreated(documents.keys() - known.keys(), documents):
            documents.pop(order_uuid)
        codes = {str(value_at(raw, "product.code")) for raw in documents.values()}
        products = dict(Product.objects.filter(code__in=codes).values_list("code", "document"))
        fresh = [_new(raw, at, products) for order_uuid, raw in documents.items() if order_uuid not in known]
        differing = {
            order.pk: documents[order_uuid]
            for order_uuid, order in known.items()
            if order_uuid in documents and _differs(order, documents[order_uuid], in_part=in_part)
        }
        before: dict[int, Document] = {}
        lost: Names = set()

        def merge(order: CopperOrder, raw: Document, offered: Document | None) -> None:
            names = _names(order)
            before[order.pk], order.products = order.raw, products
            order.merge_raw(raw, at, offered=offered, in_part=in_part)
            lost.update(names - _names(order))

        merged = ingest_documents(CopperOrder, fresh, differing, merge, ours=OURS)
        if not silent:
            differences = [(order, changes.between(before[order.pk], order.raw)) for order, _draft in merged]
            record_changes([changes.change_of(order, found) for order, found in differences if found], at)
    recount_bearing(lost)
    return len(fresh) + len(merged)


def ingest_events(page: Iterable[Document]) -> set[str]:
    """Ingest a page of events. Returns the upstream ids of the orders that they are about."""
    of_orders = [
        event for event in page if event.get("object_type") == "order" and _is_id(event.get("object_uuid"))
    ]
    upsert(
        OrderEvent, [_event(event) for event in of_orders if _is_id(event.get("event_uuid"))], "event_uuid"
    )
    return {event["object_uuid"] for event in of_orders}


def ingest_products(products: Iterable[Document], at: datetime) -> tuple[int, int]:
    """Ingest the whole list of products. Returns how many came or changed, and how many went."""
    rows = [_product(document) for document in products if document.get("code")]
    gone = Product.objects.filter(gone_at=None).exclude(code__in=[row.code for row in rows])
    return upsert(Product, rows, "code"), gone.update(gone_at=at, digest="")


def ingest_contacts(contacts: Iterable[Document], at: datetime) -> tuple[int, int]:
    """Ingest all contacts, as listed at `at`. Returns how many came or changed, and how many went."""
    documents = {Contact.id_in(raw): raw for raw in contacts if raw.get("contact_uuid")}
    with transaction.atomic():
        known = {str(row.upstream_id): row for row in Contact.objects.filter(upstream_id__in=documents)}
        strange = {contact_uuid: raw for contact_uuid, raw in documents.items() if contact_uuid not in known}
        fresh = [_new_contact(raw, at) for raw in _not_being_created(strange)]
        differing = {
            row.pk: documents[contact_uuid]
            for contact_uuid, row in known.items()
            if _contact_differs(row, documents[contact_uuid])
        }

        def merge(row: Contact, raw: Document, offered: Document | None) -> None:
            row.merge_raw(raw, at, offered=offered)

        merged = ingest_documents(Contact, fresh, differing, merge)
        listed = Contact.objects.filter(upstream_id__isnull=False, gone_at=None, seen_at__lte=at)
        return len(fresh) + len(merged), listed.exclude(upstream_id__in=documents).update(gone_at=at)


def _new_contact(raw: Document, at: datetime) -> Contact:
    contact = Contact(upstream_id=Contact.id_in(raw))
    contact.merge_raw(raw, at)
    return contact


def _contact_differs(contact: Contact, raw: Document) -> bool:
    shown = PERSON.read(raw).items()
    return contact.gone_at is not None or any(contact.upstream.get(name) != value for name, value in shown)


def _not_being_created(strange: dict[str, Document]) -> list[Document]:
    """Documents of contacts unknown here, without those just being created: their own operation finds them."""
    under_way = Operation.objects.under_way().filter(kind=SAVE_CONTACT).values_list("sent", flat=True)
    creating = [sent for sent in under_way if sent and "create" in sent]
    return [
        raw
        for contact_uuid, raw in strange.items()
        if not any(
            contact_uuid not in sent["known"] and is_same_person(raw, sent["create"]) for sent in creating
        )
    ]


def compute_terms() -> None:
    """Compute the ends of contract terms that were unknown: most products have a default term."""
    products = dict(Product.objects.values_list("code", "document"))
    found = []
    for order in CopperOrder.objects.in_service().filter(term_ends_on=None).iterator(chunk_size=500):
        order.products = products
        order.reflect()
        if order.term_ends_on:
            found.append(order)
    CopperOrder.objects.bulk_update(found, ["term_ends_on"], batch_size=100)


def recount(orders: CopperOrderQuerySet | None = None) -> None:
    """Count again what is missing in these drafts, or all: what they refer to or share references with changed."""
    drafts = (CopperOrder.objects.all() if orders is None else orders).drafts()
    pks = list(drafts.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(pks), RECOUNTED_AT_ONCE):
        _recount(pks[start : start + RECOUNTED_AT_ONCE])


def recount_namesakes(*references: str | None) -> None:
    """Count again what is missing in drafts with these references: no two orders may share one.

    The caller must hold none of them locked: two changing at once would wait for each other.
    """
    recount_bearing({(REFERENCE, text) for text in references if text})


def names_of(order_uuids: Iterable[str]) -> Names:
    """What drafts can share with orders at Covage: their references, and the services that they end."""
    orders = CopperOrder.objects.filter(upstream_id__in=order_uuids).without_documents()
    return {name for order in orders for name in _names(order)}


def _names(order: CopperOrder) -> Names:
    columns = (REFERENCE, *SERVICE) if order.is_termination else (REFERENCE,)
    return {(column, value) for column in columns if (value := getattr(order, column))}


def recount_bearing(names: Names) -> None:
    """Count again what is missing in the drafts with one of these references."""
    columns = {column for column, _value in names}
    conditions = [(f"{one}__in", {value for column, value in names if column == one}) for one in columns]
    if conditions:
        recount(CopperOrder.objects.filter(Q(*conditions, _connector=Q.OR)))


@transaction.atomic
def _recount(pks: Iterable[int]) -> None:
    drafts = list(CopperOrder.objects.drafts().filter(pk__in=pks).select_for_update().order_by("pk"))
    facts = facts_of(drafts, CopperOrder.objects.all())
    recounted = []
    for order in drafts:
        before = order.missing_count
        order.recount(facts[order.uuid])
        if order.missing_count != before:
            recounted.append(order)
    CopperOrder.objects.bulk_update(recounted, ["missing_count"])


def _being_recreated(strange: set[str], documents: dict[str, Document]) -> set[str]:
    """The ids of unknown drafts that are being created again: the old ones and the new.

    The new one is known once its creation is answered; the old one goes by an operation of its own.
    """
    if not strange:
        return set()
    pending = Operation.objects.unfinished().filter(kind=DELETE_ORDER).values_list("payload", flat=True)
    old = {payload.get("delete") for payload in pending}
    references = {str(documents[order_uuid].get(REFERENCE) or "") for order_uuid in strange}
    sent_as = created_as(references - {""}, REFERENCE)
    made_anew = CopperOrder.objects.filter(uuid__in=sent_as, upstream_id__isnull=False)
    since = {sent_as[order.uuid]: order.created_at for order in made_anew}
    return {
        order_uuid
        for order_uuid in strange
        if order_uuid in old
        or ((reference := str(documents[order_uuid].get(REFERENCE))) in since)
        and is_made_since(documents[order_uuid], since[reference])
    }


def _differs(order: CopperOrder, raw: Document, *, in_part: bool) -> bool:
    """Whether a document brings something new; the row isn't locked, so this may be true too often."""
    if order.upstream_id is None or order.gone_at:
        return True
    return bool(order.raw != (merge_partial(order.raw, raw) if in_part else raw))


def _new(raw: Document, at: datetime, products: dict[str, Document]) -> CopperOrder:
    """An order created elsewhere, without an owner until somebody takes it."""
    order = CopperOrder(upstream_id=raw["order_uuid"], created_at=moment(raw.get("creation_date")) or at)
    order.products = products
    order.merge_raw(raw, at)
    return order


def _is_id(value: object) -> bool:
    """Whether a value can be a vendor's id: it fits the column, and is usable in a URL."""
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

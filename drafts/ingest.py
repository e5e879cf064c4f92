"""Where the vendor's documents meet our rows with two sides: a page at a time, writing only what differs."""

import uuid
from collections.abc import Callable, Collection, Container, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Q

from covage.moments import moment
from drafts.merge import Document, Flat, differences, flatten, name_of, same
from drafts.models import Draft, Event
from outbox.models import Operation

RowT = TypeVar("RowT", bound=Draft)

# A row with what stood in it before: its state and its flat draft.
Changed = tuple[RowT, Flat]

# What only people here decide, or what has been asked of the vendor: no intake writes it.
OURS = frozenset({"id", "created_at", "modified_at", "deleted_at", "owner", "team", "typed", "refusals"})

ROWS_A_STATEMENT = 100

# How far the vendor's clock may be behind ours when we recognise something as made by us.
SKEW = timedelta(minutes=5)


def ingest_documents(
    model: type[RowT],
    fresh: Sequence[RowT],
    news: Mapping[Any, Document],
    take: Callable[[RowT, Document, Document | None], None],
    *,
    ours: Collection[str] = (),
) -> list[Changed[RowT]]:
    """Insert what is `fresh`; let each piece of news (by primary key) meet its row, and write them all at once.

    `take(row, document, offered)` puts a document into a locked row; `offered` is what was sent of it without an
    answer so far. Columns named in `ours` are left as they are, beside those that are everywhere. Answers the rows
    that news was taken into.
    """
    if not fresh and not news:
        return []
    with transaction.atomic():
        model._default_manager.bulk_create(fresh, ignore_conflicts=True)
        rows = list(model._default_manager.select_for_update().filter(pk__in=news).order_by("pk"))
        # One that was taken for ours by its reference is not, when ours has come to be known meanwhile.
        rows = [row for row in rows if row.upstream_id in (None, row.id_in(news[row.pk]))]
        unanswered = offered(rows)
        changed = [(row, row.snapshot()) for row in rows]
        for row in rows:
            row.upstream_id = row.id_in(news[row.pk])
            take(row, news[row.pk], unanswered.get(row.key))
        if rows:
            # One INSERT … ON CONFLICT a batch: bulk_update's CASE for each row and column costs ten times as much.
            kept = OURS | set(ours)
            model._default_manager.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[field.name for field in model._meta.concrete_fields if field.name not in kept],
                batch_size=ROWS_A_STATEMENT,
            )
        Event.objects.bulk_create(event for row, before in changed if (event := _told(row, before)))
    return changed


def known_rows(model: type[RowT], documents: Mapping[str, Document], reference: str) -> dict[str, RowT]:
    """The rows of documents by upstream id, with those that we made and whose id upstream we don't know yet.

    `reference` is the name, in the documents and of the column, of what ours are found by. One that was deleted here
    counts only while its creation is under way: before that it never was at the vendor's.
    """
    found = {str(row.upstream_id): row for row in model._default_manager.filter(upstream_id__in=documents)}
    strange = {
        str(told[reference]): key
        for key, told in documents.items()
        if key not in found and told.get(reference)
    }
    if strange:
        sent_as = created_as(strange, reference)
        ours = Q(**{f"{reference}__in": strange, "deleted_at": None}) | Q(**{f"{model.KEY}__in": sent_as})
        for row in model._default_manager.filter(ours, upstream_id=None):
            key = strange.get(sent_as.get(row.key, getattr(row, reference)), "")
            if key and is_made_since(documents[key], row.created_at):
                found[key] = row
    return found


def is_made_since(told: Document, at: datetime) -> bool:
    """Whether the vendor made something at a moment of ours or later, as far as its document tells."""
    made = moment(told.get("creation_date"))
    return made is None or made >= at - SKEW


def offered(rows: Sequence[Draft]) -> dict[uuid.UUID, Document]:
    """What was sent of rows and is not answered yet, by the rows' keys: to see it upstream is no news."""
    under_way = Operation.objects.under_way().filter(target_id__in=[row.key for row in rows])
    return {operation.target_id: values_in(operation.sent) for operation in under_way}


def values_in(sent: Document | None) -> Document:
    """The fields among what an operation sends, to create something or to change it."""
    values: Document = (sent or {}).get("create") or (sent or {}).get("change") or {}
    return values


def created_as(references: Container[str], name: str) -> dict[uuid.UUID, str]:
    """The rows just being created under one of these references, by key: they may bear another by now.

    `name` is the field of what is sent that holds the reference.
    """
    under_way = Operation.objects.under_way().values_list("target_id", "sent")
    sent = {key: (sent or {}).get("create", {}).get(name) for key, sent in under_way}
    return {key: reference for key, reference in sent.items() if reference in references}


def _told(row: Draft, before: Flat) -> Event | None:
    """The event, if any, that tells what the vendor's side changed on a row."""
    after = row.snapshot()
    changes = {path: [before.get(path), after.get(path)] for path in differences(before, after)}
    if not changes:
        return None
    return Event(
        verb="changed-upstream",
        subject_id=row.subject_key,
        target_id=row.key,
        label=str(row)[:200],
        changes=changes,
    )


def if_equal(document: Document, sent: Document) -> Document | None:
    """The document if it shows all that was sent, else None. What it does not show can't speak against."""
    shown, wanted = flatten({k: v for k, v in document.items() if k in sent}), flatten(sent)
    hidden = set(sent) - set(document)
    equal = all(
        same(shown.get(path), wanted.get(path))
        for path in shown.keys() | wanted.keys()
        if name_of(path) not in hidden
    )
    return document if equal else None

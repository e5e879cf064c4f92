"""Merging the vendor's documents into our drafts, a page at a time, writing only what differs.

In order: merging documents into their rows; which rows they belong to; what was sent of a row and isn't answered yet.
"""

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

DraftT = TypeVar("DraftT", bound=Draft)

# A row with its snapshot from before: its state and its flat draft.
Changed = tuple[DraftT, Flat]

# What only people here decide, or what was requested of the vendor: never written here.
_OURS = frozenset({"id", "created_at", "modified_at", "deleted_at", "owner", "team", "typed", "refusals"})

_ROWS_A_STATEMENT = 100

# How far the vendor's clock may be behind ours when we recognise something as created by us.
SKEW = timedelta(minutes=5)


def ingest_documents(
    model: type[DraftT],
    fresh: Sequence[DraftT],
    updates: Mapping[Any, Document],
    merge: Callable[[DraftT, Document, Document | None], None],
    *,
    ours: Collection[str] = (),
) -> list[Changed[DraftT]]:
    """Insert the `fresh` rows, merge each of the `updates` (by primary key) into its row, and write them all at once.

    `merge(row, document, offered)` puts a document into a locked row; `offered` is what was sent of it and isn't
    answered yet. Columns named in `ours` are left as they are, as are those that no draft's documents change. Returns
    the rows that were updated.
    """
    if not fresh and not updates:
        return []
    with transaction.atomic():
        model._default_manager.bulk_create(fresh, ignore_conflicts=True)
        rows = list(model._default_manager.select_for_update().filter(pk__in=updates).order_by("pk"))
        # One that was taken for ours by its reference is not, if ours has become known in the meantime.
        rows = [row for row in rows if row.upstream_id in (None, row.id_in(updates[row.pk]))]
        unanswered = offered(rows)
        changed = [(row, row.snapshot()) for row in rows]
        for row in rows:
            row.upstream_id = row.id_in(updates[row.pk])
            merge(row, updates[row.pk], unanswered.get(row.key))
        if rows:
            # One INSERT … ON CONFLICT a batch: bulk_update's CASE for each row and column costs ten times as much.
            kept = _OURS | set(ours)
            model._default_manager.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["id"],
                update_fields=[field.name for field in model._meta.concrete_fields if field.name not in kept],
                batch_size=_ROWS_A_STATEMENT,
            )
        Event.objects.bulk_create(event for row, before in changed if (event := _change_event(row, before)))
    return changed


def _change_event(row: Draft, before: Flat) -> Event | None:
    """The event that says what the vendor's side changed on a row; None when nothing did."""
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


def known_rows(model: type[DraftT], documents: Mapping[str, Document], reference: str) -> dict[str, DraftT]:
    """The rows of documents by upstream id, including those that we created and whose id we don't know yet.

    `reference` names the field, and the column, by which ours are found. One that was deleted here counts only while
    its creation is under way: before that, the vendor never had it.
    """
    found = {str(row.upstream_id): row for row in model._default_manager.filter(upstream_id__in=documents)}
    unknown = {
        str(document[reference]): upstream_id
        for upstream_id, document in documents.items()
        if upstream_id not in found and document.get(reference)
    }
    if unknown:
        sent_as = created_as(unknown, reference)
        ours = Q(**{f"{reference}__in": unknown, "deleted_at": None}) | Q(**{f"{model.KEY}__in": sent_as})
        for row in model._default_manager.filter(ours, upstream_id=None):
            upstream_id = unknown.get(sent_as.get(row.key, getattr(row, reference)), "")
            if upstream_id and is_made_since(documents[upstream_id], row.created_at):
                found[upstream_id] = row
    return found


def is_made_since(document: Document, at: datetime) -> bool:
    """Whether the vendor created something at a moment of ours or later, as far as its document says."""
    made = moment(document.get("creation_date"))
    return made is None or made >= at - SKEW


def created_as(references: Container[str], name: str) -> dict[uuid.UUID, str]:
    """The rows just being created under one of these references, by key: they may have another by now.

    `name` is the field of what is sent that holds the reference.
    """
    under_way = Operation.objects.under_way().values_list("target_id", "sent")
    sent = {key: (sent or {}).get("create", {}).get(name) for key, sent in under_way}
    return {key: reference for key, reference in sent.items() if reference in references}


def offered(rows: Sequence[Draft]) -> dict[uuid.UUID, Document]:
    """What was sent of rows and is not answered yet, by the rows' keys: seeing it upstream is no change."""
    under_way = Operation.objects.under_way().filter(target_id__in=[row.key for row in rows])
    return {operation.target_id: values_in(operation.sent) for operation in under_way}


def values_in(sent: Document | None) -> Document:
    """The fields that an operation sends, to create something or to change it."""
    values: Document = (sent or {}).get("create") or (sent or {}).get("change") or {}
    return values


def if_equal(document: Document, sent: Document) -> Document | None:
    """The document if it shows all that was sent, else None. What it does not show counts as equal."""
    shown, wanted = flatten({k: v for k, v in document.items() if k in sent}), flatten(sent)
    hidden = set(sent) - set(document)
    equal = all(
        same(shown.get(path), wanted.get(path))
        for path in shown.keys() | wanted.keys()
        if name_of(path) not in hidden
    )
    return document if equal else None

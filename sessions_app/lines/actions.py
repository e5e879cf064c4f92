"""What people do to lines, each in one transaction: the change, its event, and the operation for the vendor."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from drafts import actions
from drafts.actions import NotADraft
from drafts.editing import Posted, SavedEdit, apply_posted
from drafts.history import record
from drafts.merge import Changes
from sessions_app import fields
from sessions_app.carts.actions import Values, keep, lock_cart
from sessions_app.ingest import recount_locked
from sessions_app.lines.completion import completed
from sessions_app.lines.operations import DELETE_LINE, SAVE_LINE, enqueue_line
from sessions_app.models import Cart, Line

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def add_line(
    cart_id: uuid.UUID,
    by: "User",
    *,
    key: uuid.UUID | None = None,
    values: Values | None = None,
    typed: Mapping[str, str] | None = None,
) -> Line:
    """Add a line to a draft cart. The same `key` again returns the line that it made. Raises NotADraft."""
    cart = lock_cart(cart_id)
    if key and (made := cart.lines.filter(pk=key).first()):
        return made
    line = Line(pk=key or uuid.uuid4(), cart=cart)
    line.edit(values or {}, typed or {})
    return insert_line(line, by, "line-added")


@transaction.atomic
def edit_line(
    line_id: uuid.UUID, by: "User", values: Values, typed: Mapping[str, str]
) -> tuple[Line, Changes]:
    """Save what a person typed: `values` by path, and by path what isn't a valid value (`typed`). Raises NotADraft.

    Returns the line and what changed, {path: [before, after]}. Values of locked fields are ignored.
    """
    line = _lock_line(line_id)
    changes = actions.edit(line, values, typed)
    _keep_edited(line, by, [changes])
    return line, changes


@transaction.atomic
def save_line(line_id: uuid.UUID, by: "User", posted: Posted) -> tuple[Line, SavedEdit]:
    """Save what a line's form sent. Returns the line and what was typed into it. Raises NotADraft."""
    line = _lock_line(line_id)
    saved = apply_posted(line, posted, completed)
    _keep_edited(line, by, saved.changes)
    return line, saved


@transaction.atomic
def duplicate_line(
    line_id: uuid.UUID, by: "User", *, with_site: bool, into: Cart | None = None, key: uuid.UUID
) -> Line:
    """Copy a line, with or without its site, into its own cart or another draft. Raises NotADraft.

    The same `key` again returns the copy that it made.
    """
    source = Line.objects.get(pk=line_id)
    cart = lock_cart((into or source.cart).pk)
    if made := cart.lines.filter(pk=key).first():
        return made
    line = Line(pk=key, cart=cart, draft=copied(source, with_site=with_site))
    return insert_line(line, by, "line-duplicated")


@transaction.atomic
def delete_line(line_id: uuid.UUID, by: "User") -> Line:
    """Delete a line of a draft cart, here at once, and upstream if it is there. Raises NotADraft."""
    line = _lock_line(line_id)
    line.deleted_at = timezone.now()
    line.save(update_fields=["deleted_at"])
    recount_locked([line.cart])
    record("line-deleted", line.cart_id, target_id=line.pk, actor=by, label=str(line))
    enqueue_line(DELETE_LINE, line, by)
    return line


@transaction.atomic
def settle_conflict(line_id: uuid.UUID, by: "User", path: str, *, ours: bool) -> Line:
    """End a conflict of a line as a person decided. A path without a conflict is left as it is. Raises NotADraft."""
    line = _lock_line(line_id)
    if changes := actions.settle(line, path, ours=ours):
        keep(line, by, "conflict-settled", changes)
        if line.unsent:
            enqueue_line(SAVE_LINE, line, by)
    return line


def _keep_edited(line: Line, by: "User", steps: Sequence[Changes]) -> None:
    """Save a line as it was edited in these steps, and enqueue it."""
    keep(line, by, "line-edited", *steps)
    # Enqueued even if the vendor last showed just this: something else may be on its way there.
    if any(steps) or line.unsent:
        enqueue_line(SAVE_LINE, line, by)


def insert_line(line: Line, by: "User", verb: str) -> Line:
    """Insert a new line, its cart locked, and enqueue it."""
    line.reflect()
    line.save(force_insert=True)
    recount_locked([line.cart])
    record(verb, line.cart_id, target_id=line.pk, actor=by, label=str(line))
    enqueue_line(SAVE_LINE, line, by)
    return line


def copied(source: Line, *, with_site: bool) -> dict[str, Any]:
    """The draft of a copy of a line, without its reference and quotation, which each belong to one line only."""
    omitted = {"external_id", "quote_item_id"} | (set() if with_site else {fields.CONTACTS})
    if fields.is_dia(source.draft):
        omitted.add("enni")  # The vendor worked it out, for that line alone.
    return {name: value for name, value in source.draft.items() if name not in omitted}


def _lock_line(line_id: uuid.UUID) -> Line:
    """Return a line that can be changed, locked after its cart as everywhere. Raises NotADraft."""
    cart = actions.lock_draft(Cart, lines=line_id)
    line = Line.objects.select_for_update().get(pk=line_id)
    line.cart = cart
    if not line.is_editable:
        raise NotADraft
    return line

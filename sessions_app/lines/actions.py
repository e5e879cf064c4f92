"""What people do to carts and lines. Each is one transaction: the change, its event, and what is owed to the vendor."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from drafts import actions
from drafts.actions import NotADraft, settle
from drafts.editing import Posted, Saved, apply_posted
from drafts.history import record
from drafts.merge import Changes
from sessions_app import fields
from sessions_app.ingest import recount_locked
from sessions_app.lines.completion import completed
from sessions_app.lines.operations import DELETE_LINE, SAVE_LINE, enqueue_line
from sessions_app.models import Cart, Line

if TYPE_CHECKING:
    from accounts.models import User
from sessions_app.carts.actions import Values, keep, lock_cart


@transaction.atomic
def add_line(
    cart_id: uuid.UUID,
    by: "User",
    *,
    key: uuid.UUID | None = None,
    values: Values | None = None,
    typed: Mapping[str, str] | None = None,
) -> Line:
    """A new line of a draft cart. With `key`, the same key again answers the line it made. Raises NotADraft."""
    cart = lock_cart(cart_id)
    if key and (made := cart.lines.filter(pk=key).first()):
        return made
    line = Line(pk=key or uuid.uuid4(), cart=cart)
    line.edit(values or {}, typed or {})
    return insert_line(line, by, "line-added")


@transaction.atomic
def edit_line(
    line_id: uuid.UUID, by: "User", values: Values, typed: Mapping[str, str]
) -> tuple[Line, dict[str, Any]]:
    """Take what a person typed into a line: `values` by path, and by path what is no valid value (`typed`).

    Answers the line and what changed, {path: [before, after]}. Values of locked fields are left aside. Raises
    NotADraft.
    """
    line = lock_line(line_id)
    changes = actions.edit(line, values, typed)
    _keep_edited(line, by, [changes])
    return line, changes


@transaction.atomic
def save_line(line_id: uuid.UUID, by: "User", posted: Posted) -> tuple[Line, Saved]:
    """Take what a line's form sent. Answers the line, and what was typed into it. Raises NotADraft."""
    line = lock_line(line_id)
    saved = apply_posted(line, posted, completed)
    _keep_edited(line, by, saved.changes)
    return line, saved


@transaction.atomic
def duplicate_line(
    line_id: uuid.UUID, by: "User", *, with_site: bool, into: Cart | None = None, key: uuid.UUID
) -> Line:
    """A copy of a line, with or without its site, in its own cart or another draft. Raises NotADraft."""
    source = Line.objects.get(pk=line_id)
    cart = lock_cart((into or source.cart).pk)
    if made := cart.lines.filter(pk=key).first():
        return made
    line = Line(pk=key, cart=cart, draft=copied(source, with_site=with_site))
    return insert_line(line, by, "line-duplicated")


@transaction.atomic
def delete_line(line_id: uuid.UUID, by: "User") -> Line:
    """Take a line out of its draft cart, here at once and upstream when it is there. Raises NotADraft."""
    line = lock_line(line_id)
    line.deleted_at = timezone.now()
    line.save(update_fields=["deleted_at"])
    recount_locked([line.cart])
    record("line-deleted", line.cart_id, target_id=line.pk, actor=by, label=str(line))
    enqueue_line(DELETE_LINE, line, by)
    return line


@transaction.atomic
def settle_conflict(line_id: uuid.UUID, by: "User", path: str, *, ours: bool) -> Line:
    """End a conflict of a line as a person decided. A path without a conflict is left as it is. Raises NotADraft."""
    line = lock_line(line_id)
    if changes := settle(line, path, ours=ours):
        keep(line, by, "conflict-settled", changes)
        if line.unsent:
            enqueue_line(SAVE_LINE, line, by)
    return line


def _keep_edited(line: Line, by: "User", steps: Sequence[Changes]) -> None:
    """Keep a line as it was edited in these steps, and owe it."""
    keep(line, by, "line-edited", *steps)
    # Even what is as the vendor last showed it is owed: something else may be on its way there.
    if any(steps) or line.unsent:
        enqueue_line(SAVE_LINE, line, by)


def insert_line(line: Line, by: "User", verb: str) -> Line:
    line.reflect()
    line.save(force_insert=True)
    recount_locked([line.cart])
    record(verb, line.cart_id, target_id=line.pk, actor=by, label=str(line))
    enqueue_line(SAVE_LINE, line, by)
    return line


def copied(source: Line, *, with_site: bool) -> dict[str, Any]:
    """What a copy of a line starts from: neither its reference nor its quotation, which belong to one line each."""
    left = {"external_id", "quote_item_id"} | (set() if with_site else {fields.CONTACTS})
    if fields.is_dia(source.draft):
        left.add("enni")  # The vendor worked it out, for that line alone.
    return {name: value for name, value in source.draft.items() if name not in left}


def lock_line(line_id: uuid.UUID) -> Line:
    """A line that can be changed and its cart, both locked, the cart first as everywhere. Raises NotADraft."""
    cart = actions.lock_draft(Cart, lines=line_id)
    line = Line.objects.select_for_update().get(pk=line_id)
    line.cart = cart
    if not line.is_editable:
        raise NotADraft
    return line

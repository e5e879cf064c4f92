"""What people do to carts and lines. Each is one transaction: the change, its event, and what is owed to the vendor."""

import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from covage import termination_errors
from drafting import changing, owning, refusals
from drafting.changing import NotADraft, NotReady, ReviewedOtherwise
from drafting.rows import Changes
from drafting.saving import Posted, Saved, take_posted
from drafting.settling import settle
from mirror import outbox
from mirror.history import record
from mirror.merge import is_blank
from mirror.models import Operation
from mirror.twosided import own_reference
from sessions_app import fields
from sessions_app.completion import completed
from sessions_app.intake import keep_line, reckon, reckon_locked
from sessions_app.models import Cart, Line
from sessions_app.writes import (
    CONFIRM_CART,
    DELETE_CART,
    DELETE_LINE,
    SAVE_CART,
    SAVE_LINE,
    owe_cart,
    owe_line,
    review_digest,
)

if TYPE_CHECKING:
    from accounts.models import Team, User

Values = Mapping[str, Any]


@transaction.atomic
def create_cart(
    by: "User", values: Values, *, team: "Team | None" = None, key: uuid.UUID | None = None
) -> Cart:
    """A new cart of someone's, owed to the vendor. With `key`, the same key again answers the cart it made."""
    if key and (made := Cart.objects.select_for_update().filter(pk=key, owner=by).first()):
        return made
    cart = Cart(pk=key or uuid.uuid4(), owner=by, team=team)
    cart.edit(values, {})
    if not changing.insert(cart):
        return Cart.objects.get(pk=cart.pk, owner=by)
    record("created", cart.pk, actor=by, label=str(cart))
    owe_cart(SAVE_CART, cart, by)
    return cart


@transaction.atomic
def edit_cart(
    cart_id: uuid.UUID, by: "User", values: Values, *, owner: "User | None", team: "Team | None"
) -> Cart:
    """Change a cart's reference, project, owner or team. Raises NotADraft for the first two once it is none."""
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    if cart.external_id and is_blank(values.get("external_id", cart.external_id)):
        values = {**values, "external_id": own_reference(cart.pk)}
    changes = cart.edit(values, {})
    is_changed = bool(changes)
    if is_changed and not cart.is_draft:
        raise NotADraft
    changes |= owning.hand_over(cart, owner, team)
    if not changes:
        return cart
    _keep(cart, by, "edited", changes)
    # Even what is as the vendor last showed it is owed: something else may be on its way there.
    if is_changed or cart.unsent or not cart.upstream_id:
        owe_cart(SAVE_CART, cart, by)
    return cart


@transaction.atomic
def delete_cart(cart_id: uuid.UUID, by: "User") -> None:
    """Take a draft away, here at once and upstream when it is there. Raises NotADraft."""
    cart = _draft(cart_id)
    cart.deleted_at = timezone.now()
    cart.save(update_fields=["deleted_at"])
    record("deleted", cart.pk, actor=by, label=str(cart))
    outbox.withdraw_waiting(cart.pk)
    owe_cart(DELETE_CART, cart, by)


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
    cart = _draft(cart_id)
    if key and (made := cart.lines.filter(pk=key).first()):
        return made
    line = Line(pk=key or uuid.uuid4(), cart=cart)
    line.edit(values or {}, typed or {})
    return _insert(line, by, "line-added")


@transaction.atomic
def edit_line(
    line_id: uuid.UUID, by: "User", values: Values, typed: Mapping[str, str]
) -> tuple[Line, dict[str, Any]]:
    """Take what a person typed into a line: `values` by path, and by path what is no valid value (`typed`).

    Answers the line and what changed, {path: [before, after]}. Values of locked fields are left aside. Raises
    NotADraft.
    """
    line = lock_line(line_id)
    changes = changing.edit(line, values, typed)
    _keep_edited(line, by, [changes])
    return line, changes


@transaction.atomic
def save_line(line_id: uuid.UUID, by: "User", posted: Posted) -> tuple[Line, Saved]:
    """Take what a line's form sent. Answers the line, and what was typed into it. Raises NotADraft."""
    line = lock_line(line_id)
    saved = take_posted(line, posted, completed)
    _keep_edited(line, by, saved.changes)
    return line, saved


@transaction.atomic
def duplicate_line(
    line_id: uuid.UUID, by: "User", *, with_site: bool, into: Cart | None = None, key: uuid.UUID
) -> Line:
    """A copy of a line, with or without its site, in its own cart or another draft. Raises NotADraft."""
    source = Line.objects.get(pk=line_id)
    cart = _draft((into or source.cart).pk)
    if made := cart.lines.filter(pk=key).first():
        return made
    line = Line(pk=key, cart=cart, draft=_copied(source, with_site=with_site))
    return _insert(line, by, "line-duplicated")


@transaction.atomic
def delete_line(line_id: uuid.UUID, by: "User") -> Line:
    """Take a line out of its draft cart, here at once and upstream when it is there. Raises NotADraft."""
    line = lock_line(line_id)
    line.deleted_at = timezone.now()
    line.save(update_fields=["deleted_at"])
    reckon_locked([line.cart])
    record("line-deleted", line.cart_id, target_id=line.pk, actor=by, label=str(line))
    owe_line(DELETE_LINE, line, by)
    return line


@transaction.atomic
def settle_conflict(line_id: uuid.UUID, by: "User", path: str, *, ours: bool) -> Line:
    """End a conflict of a line as a person decided. A path without a conflict is left as it is. Raises NotADraft."""
    line = lock_line(line_id)
    if changes := settle(line, path, ours=ours):
        _keep(line, by, "conflict-settled", changes)
        if line.unsent:
            owe_line(SAVE_LINE, line, by)
    return line


@transaction.atomic
def settle_cart_conflict(cart_id: uuid.UUID, by: "User", path: str, *, ours: bool) -> Cart:
    """The same for a cart's own two fields. Raises NotADraft."""
    cart = _draft(cart_id)
    if changes := settle(cart, path, ours=ours):
        _keep(cart, by, "conflict-settled", changes)
        if cart.unsent:
            owe_cart(SAVE_CART, cart, by)
    return cart


@transaction.atomic
def take_cart(cart_id: uuid.UUID, by: "User") -> Cart:
    """Make a cart that came from elsewhere one's own, if nobody did before."""
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    owning.take(cart, by)
    return cart


@transaction.atomic
def confirm_cart(cart_id: uuid.UUID, by: "User", reviewed: str) -> Cart:
    """Owe the confirmation of a cart whose content bears the mark `reviewed`, once.

    A cart that is being confirmed or is confirmed already is answered as it is. Raises NotADraft, NotReady,
    ReviewedOtherwise.
    """
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    if cart.confirming_since or cart.state not in ("", "created"):
        return cart
    if not cart.is_draft:
        raise NotADraft
    lines = list(cart.live_lines().select_for_update().filter(gone_at=None))
    if review_digest(cart, lines) != reviewed:
        raise ReviewedOtherwise
    if not lines or cart.conflicts or any(line.missing() for line in lines):
        raise NotReady
    _owe_all(cart, by)
    cart.confirming_since, cart.confirmed_by = timezone.now(), by
    cart.save(update_fields=["confirming_since", "confirmed_by"])
    owe_cart(CONFIRM_CART, cart, by, payload={"reviewed": reviewed}, once=f"{CONFIRM_CART}:{cart.pk}")
    record("confirmation-asked", cart.pk, actor=by, label=str(cart))
    return cart


@transaction.atomic
def withdraw(operation: Operation, by: "User") -> bool:
    """Take back what was owed before anything of it was sent. The draft stays as it is."""
    Cart.objects.select_for_update().filter(pk=operation.subject_id).first()
    if not outbox.withdraw(operation):
        return False
    if operation.kind == CONFIRM_CART:
        Cart.objects.filter(pk=operation.subject_id).update(confirming_since=None, confirmed_by=None)
    if operation.kind == DELETE_CART:
        Cart.objects.filter(pk=operation.subject_id).update(deleted_at=None)
    if operation.kind == DELETE_LINE:
        Line.objects.filter(pk=operation.target_id).update(deleted_at=None)
        reckon([operation.subject_id])
    record("withdrawn", operation.subject_id, target_id=operation.target_id, actor=by, label=operation.label)
    return True


@transaction.atomic
def send_again(cart_id: uuid.UUID, by: "User") -> None:
    """Owe again all of a draft cart that the vendor hasn't got, after a refusal or a withdrawal. Raises NotADraft."""
    _owe_all(_draft(cart_id), by)


@transaction.atomic
def reorder_rejected(cart_id: uuid.UUID, by: "User") -> Cart | None:
    """A new cart with the rejected lines of one, to be mended; each line is taken along once.

    What the vendor refused of each stands at its fields. Answers None when nothing is left to take.
    """
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    rejected = list(cart.lines.to_reorder().order_by("created_at", "id"))
    if not rejected:
        return None
    Line.objects.away().filter(reorder_of__in=rejected).update(reorder_of=None)
    again = create_cart(by, {"project_id": cart.project_id}, team=cart.team)
    for source in rejected:
        line = Line(cart=again, reorder_of=source, draft=_copied(source, with_site=True))
        line.refusals = refusals.until_changed(rejections(source), line.draft, line.catalogue)
        _insert(line, by, "line-reordered")
    record("reordered", cart.pk, actor=by, label=str(again))
    return again


def rejections(line: Line) -> list[dict[str, Any]]:
    """Why the vendor rejected a line: [{"path", "code", "message", "value"}] from its `termination_error`."""
    told = termination_errors({"termination_error": line.upstream.get("termination_error")})
    return [
        {
            "path": error.path if fields.LINE.field_at(error.path) else "",
            "code": error.code,
            "message": "" if error.message == error.code else error.message,
            "value": error.value,
        }
        for error in told
    ]


def _keep_edited(line: Line, by: "User", steps: Sequence[Changes]) -> None:
    """Keep a line as it was edited in these steps, and owe it."""
    _keep(line, by, "line-edited", *steps)
    # Even what is as the vendor last showed it is owed: something else may be on its way there.
    if any(steps) or line.unsent:
        owe_line(SAVE_LINE, line, by)


def _keep(row: Cart | Line, by: "User", verb: str, *steps: Changes) -> None:
    """Save a cart or line as it was changed, count anew what its cart lacks, and tell its history each step.

    The cart is locked.
    """
    if isinstance(row, Line):
        keep_line(row, row.counted)
    else:
        row.reflect()
        row.save()
        reckon_locked([row])
    for changes in filter(None, steps):
        record(verb, row.subject_key, target_id=row.pk, actor=by, label=str(row), changes=changes)


def _insert(line: Line, by: "User", verb: str) -> Line:
    line.reflect()
    line.save(force_insert=True)
    reckon_locked([line.cart])
    record(verb, line.cart_id, target_id=line.pk, actor=by, label=str(line))
    owe_line(SAVE_LINE, line, by)
    return line


def _copied(source: Line, *, with_site: bool) -> dict[str, Any]:
    """What a copy of a line starts from: neither its reference nor its quotation, which belong to one line each."""
    left = {"external_id", "quote_item_id"} | (set() if with_site else {fields.CONTACTS})
    if fields.is_dia(source.draft):
        left.add("enni")  # The vendor worked it out, for that line alone.
    return {name: value for name, value in source.draft.items() if name not in left}


def _owe_all(cart: Cart, by: "User") -> None:
    """Owe whatever of a cart the vendor hasn't got yet, or still has though it was deleted here."""
    if cart.unsent or not cart.upstream_id:
        owe_cart(SAVE_CART, cart, by)
    for line in cart.live_lines().filter(gone_at=None):
        if line.unsent or not line.upstream_id:
            owe_line(SAVE_LINE, line, by)
    for line in cart.lines.filter(deleted_at__isnull=False, gone_at=None, upstream_id__isnull=False):
        owe_line(DELETE_LINE, line, by)


def _draft(cart_id: uuid.UUID) -> Cart:
    return changing.lock_draft(Cart, pk=cart_id)


def lock_line(line_id: uuid.UUID) -> Line:
    """A line that can be changed and its cart, both locked, the cart first as everywhere. Raises NotADraft."""
    cart = changing.lock_draft(Cart, lines=line_id)
    line = Line.objects.select_for_update().get(pk=line_id)
    line.cart = cart
    if not line.is_editable:
        raise NotADraft
    return line

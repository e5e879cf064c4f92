"""What people do to carts, each in one transaction: the change, its event, and the operation for the vendor.

Below the actions, the steps that those of lines and of the confirmation share.
"""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from drafts import actions
from drafts.actions import NotADraft
from drafts.history import record
from drafts.merge import Changes, is_blank
from drafts.models import own_reference
from outbox import queue
from outbox.models import Operation
from sessions_app.carts.operations import DELETE_CART, SAVE_CART, enqueue_cart
from sessions_app.confirmation.operations import CONFIRM_CART
from sessions_app.ingest import keep_line, recount, recount_locked
from sessions_app.lines.operations import DELETE_LINE, SAVE_LINE, enqueue_line
from sessions_app.models import Cart, Line

if TYPE_CHECKING:
    from accounts.models import Team, User

Values = Mapping[str, Any]


@transaction.atomic
def create_cart(
    by: "User", values: Values, *, team: "Team | None" = None, key: uuid.UUID | None = None
) -> Cart:
    """Create a cart that `by` owns. The same `key` again returns the cart that it created."""
    if key and (made := Cart.objects.select_for_update().filter(pk=key, owner=by).first()):
        return made
    cart = Cart(pk=key or uuid.uuid4(), owner=by, team=team)
    cart.edit(values, {})
    if not actions.insert(cart):
        return Cart.objects.get(pk=cart.pk, owner=by)
    record("created", cart.pk, actor=by, label=str(cart))
    enqueue_cart(SAVE_CART, cart, by)
    return cart


@transaction.atomic
def edit_cart(
    cart_id: uuid.UUID, by: "User", values: Values, *, owner: "User | None", team: "Team | None"
) -> Cart:
    """Change a cart's reference, project, owner or team.

    Raises NotADraft when the reference or the project would change in a cart that isn't a draft.
    """
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    if cart.external_id and is_blank(values.get("external_id", cart.external_id)):
        values = {**values, "external_id": own_reference(cart.pk)}
    changes = cart.edit(values, {})
    is_changed = bool(changes)
    if is_changed and not cart.is_draft:
        raise NotADraft
    changes |= actions.hand_over(cart, owner, team)
    if not changes:
        return cart
    keep(cart, by, "edited", changes)
    # Enqueued even if the vendor last showed just this: something else may be on its way there.
    if is_changed or cart.unsent or not cart.upstream_id:
        enqueue_cart(SAVE_CART, cart, by)
    return cart


@transaction.atomic
def delete_cart(cart_id: uuid.UUID, by: "User") -> None:
    """Delete a draft, here at once, and upstream if it is there. Raises NotADraft."""
    cart = lock_cart(cart_id)
    cart.deleted_at = timezone.now()
    cart.save(update_fields=["deleted_at"])
    record("deleted", cart.pk, actor=by, label=str(cart))
    queue.withdraw_waiting(cart.pk)
    enqueue_cart(DELETE_CART, cart, by)


@transaction.atomic
def settle_cart_conflict(cart_id: uuid.UUID, by: "User", path: str, *, ours: bool) -> Cart:
    """End a conflict of one of a cart's own two fields. Raises NotADraft.

    A path without a conflict is left as it is.
    """
    cart = lock_cart(cart_id)
    if changes := actions.settle(cart, path, ours=ours):
        keep(cart, by, "conflict-settled", changes)
        if cart.unsent:
            enqueue_cart(SAVE_CART, cart, by)
    return cart


@transaction.atomic
def take_cart(cart_id: uuid.UUID, by: "User") -> Cart:
    """Make `by` the owner of a cart created elsewhere, if it has none yet."""
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    actions.take_over(cart, by)
    return cart


@transaction.atomic
def withdraw(operation: Operation, by: "User") -> bool:
    """Withdraw an operation that was never sent; False if it was. The draft stays as it is."""
    Cart.objects.select_for_update().filter(pk=operation.subject_id).first()
    if not queue.withdraw(operation):
        return False
    if operation.kind == CONFIRM_CART:
        Cart.objects.filter(pk=operation.subject_id).update(confirming_since=None, confirmed_by=None)
    if operation.kind == DELETE_CART:
        Cart.objects.filter(pk=operation.subject_id).update(deleted_at=None)
    if operation.kind == DELETE_LINE:
        Line.objects.filter(pk=operation.target_id).update(deleted_at=None)
        recount([operation.subject_id])
    record("withdrawn", operation.subject_id, target_id=operation.target_id, actor=by, label=operation.label)
    return True


@transaction.atomic
def send_again(cart_id: uuid.UUID, by: "User") -> None:
    """Enqueue again all of a draft cart that the vendor doesn't have. Raises NotADraft."""
    enqueue_all(lock_cart(cart_id), by)


def keep(row: Cart | Line, by: "User", verb: str, *steps: Changes) -> None:
    """Save a cart or line as it was changed, recount what is missing in its cart, and record each step.

    The cart is locked.
    """
    if isinstance(row, Line):
        keep_line(row, row.counted)
    else:
        row.reflect()
        row.save()
        recount_locked([row])
    for changes in filter(None, steps):
        record(verb, row.subject_key, target_id=row.pk, actor=by, label=str(row), changes=changes)


def enqueue_all(cart: Cart, by: "User") -> None:
    """Enqueue whatever of a cart the vendor doesn't have yet, or still has though it was deleted here."""
    if cart.unsent or not cart.upstream_id:
        enqueue_cart(SAVE_CART, cart, by)
    for line in cart.live_lines().filter(gone_at=None):
        if line.unsent or not line.upstream_id:
            enqueue_line(SAVE_LINE, line, by)
    for line in cart.lines.filter(deleted_at__isnull=False, gone_at=None, upstream_id__isnull=False):
        enqueue_line(DELETE_LINE, line, by)


def lock_cart(cart_id: uuid.UUID) -> Cart:
    """Return a draft cart, locked. Raises NotADraft."""
    return actions.lock_draft(Cart, pk=cart_id)

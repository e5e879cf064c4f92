"""Confirming a cart, and carrying its rejected lines over into a new one.

Each action is one transaction: the change, its event, and the operation for the vendor.
"""

import uuid
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from covage import termination_errors
from drafts import refusals
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from drafts.history import record
from sessions_app import fields
from sessions_app.carts.actions import create_cart, enqueue_all
from sessions_app.carts.operations import enqueue_cart
from sessions_app.confirmation.operations import CONFIRM_CART, review_digest
from sessions_app.lines.actions import copied, insert_line
from sessions_app.models import Cart, Line
from sessions_app.querysets import DRAFTS

if TYPE_CHECKING:
    from accounts.models import User


@transaction.atomic
def confirm_cart(cart_id: uuid.UUID, by: "User", reviewed: str) -> Cart:
    """Enqueue, once, the confirmation of a cart whose content has the digest `reviewed`.

    Returns the cart, unchanged if it is being confirmed or confirmed already. Raises NotADraft, NotReady,
    ReviewedOtherwise.
    """
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    if cart.confirming_since or cart.state not in DRAFTS:
        return cart
    if not cart.is_draft:
        raise NotADraft
    lines = list(cart.live_lines().select_for_update().filter(gone_at=None))
    if review_digest(cart, lines) != reviewed:
        raise ReviewedOtherwise
    if not lines or cart.conflicts or any(line.missing() for line in lines):
        raise NotReady
    enqueue_all(cart, by)
    cart.confirming_since, cart.confirmed_by = timezone.now(), by
    cart.save(update_fields=["confirming_since", "confirmed_by"])
    enqueue_cart(CONFIRM_CART, cart, by, payload={"reviewed": reviewed}, once=f"{CONFIRM_CART}:{cart.pk}")
    record("confirmation-asked", cart.pk, actor=by, label=str(cart))
    return cart


@transaction.atomic
def reorder_rejected(cart_id: uuid.UUID, by: "User") -> Cart | None:
    """Create a cart with the rejected lines of another, to be corrected; each line is carried over once.

    What the vendor refused of each is shown at its fields. Returns None when no line is left to carry over.
    """
    cart = Cart.objects.select_for_update().get(pk=cart_id)
    rejected = list(cart.lines.to_reorder().order_by("created_at", "id"))
    if not rejected:
        return None
    Line.objects.away().filter(reorder_of__in=rejected).update(reorder_of=None)
    again = create_cart(by, {"project_id": cart.project_id}, team=cart.team)
    for source in rejected:
        line = Line(cart=again, reorder_of=source, draft=copied(source, with_site=True))
        line.refusals = refusals.until_changed(rejections(source), line.draft, line.field_set)
        insert_line(line, by, "line-reordered")
    record("reordered", cart.pk, actor=by, label=str(again))
    return again


def rejections(line: Line) -> list[dict[str, Any]]:
    """Why the vendor rejected a line: [{"path", "code", "message", "value"}] from its `termination_error`."""
    errors = termination_errors({"termination_error": line.upstream.get("termination_error")})
    return [
        {
            "path": error.path if fields.LINE.field_at(error.path) else "",
            "code": error.code,
            "message": "" if error.message == error.code else error.message,
            "value": error.value,
        }
        for error in errors
    ]

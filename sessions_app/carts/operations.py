"""The outbox operations of a cart: save it at the vendor, and delete it there."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from covage import Covage
from drafts import refusals
from drafts.ingest import SKEW, if_equal
from drafts.merge import Document
from outbox.deletion import Deletion
from outbox.handlers import Handler
from outbox.models import Operation
from outbox.queue import NewOperation, enqueue
from sessions_app.fields import wire_blanks
from sessions_app.ingest import ingest_answer, ingest_sessions, recount_locked, without_items
from sessions_app.lines.operations import SAVE_LINE, enqueue_line
from sessions_app.models import Cart
from sessions_app.sync import mark_gone
from sync.listing import listed

SAVE_CART = "save-cart"
DELETE_CART = "delete-cart"


def enqueue_cart(kind: str, cart: Cart, actor: Any, **more: Any) -> Operation | None:
    """Enqueue an operation of a cart. In the caller's transaction."""
    return enqueue(NewOperation(kind, cart.pk, cart.pk, str(cart), cart.get_absolute_url(), **more), actor)


class SaveCart:
    """Create a session, or update it from the draft."""

    def describe(self, operation: Operation) -> str:
        return _("create or change the cart")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        if cart.deleted_at:
            return None
        if not cart.upstream_id:
            return {"create": {name: cart.draft.get(name) or "" for name in cart.field_set.names}}
        at = timezone.now()
        ingest_sessions([client.session(cart.upstream_id)], at)
        cart.refresh_from_db()
        changes = cart.changes_to_send()
        return {"change": changes} if changes else None

    def send(self, operation: Operation, client: Covage) -> Document:
        sent = operation.sent or {}
        if "create" in sent:
            return client.create_session(sent["create"])
        cart = Cart.objects.get(pk=operation.target_id)
        return client.update_session(str(cart.upstream_id), wire_blanks(sent["change"]))

    def verify(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        sent = operation.sent or {}
        if "create" not in sent:
            return if_equal(client.session(str(cart.upstream_id)), sent["change"])
        others = Cart.objects.exclude(pk=cart.pk)
        reference, since = sent["create"]["external_id"], cart.created_at - SKEW
        for item in listed(client.session_pages(external_id=reference, creation_date_gt=since)):
            is_ours = not others.filter(upstream_id=str(item["id"]), owner__isnull=False).exists()
            if is_ours and item.get("external_id") == reference:
                return item
        return None

    def apply(self, operation: Operation, answer: Document) -> None:
        cart = Cart.objects.select_for_update().get(pk=operation.target_id)
        was_new = cart.upstream_id is None
        # A sync may have shown our new session as a stranger's a moment ago.
        Cart.objects.filter(upstream_id=str(answer["id"])).exclude(pk=cart.pk).delete()
        cart.upstream_id = str(answer["id"])
        ingest_answer(cart, without_items(answer), operation)
        cart.reflect()
        cart.save()
        recount_locked([cart])
        if was_new:
            for line in cart.live_lines():
                enqueue_line(SAVE_LINE, line, operation.actor)

    def refused(self, operation: Operation) -> None:
        cart = Cart.objects.select_for_update().get(pk=operation.target_id)
        if operation.failure == "NotFound":
            mark_gone(cart, timezone.now())
        cart.refusals = refusals.of(operation.errors, cart.draft)
        cart.save(update_fields=["refusals"])


class DeleteCart(Deletion[Covage]):
    """Delete a session with all its lines."""

    def describe(self, operation: Operation) -> str:
        return _("delete the cart")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        return {"delete": cart.upstream_id} if cart.upstream_id else None

    def delete(self, sent: Document, client: Covage) -> None:
        client.delete_session(sent["delete"])

    def is_there(self, sent: Document, client: Covage) -> bool:
        client.session(sent["delete"])
        return True

    def apply(self, operation: Operation, answer: Document) -> None:
        mark_gone(Cart.objects.get(pk=operation.target_id), timezone.now())

    def refused(self, operation: Operation) -> None:
        """The cart is still there, so it comes back."""
        Cart.objects.filter(pk=operation.target_id).update(deleted_at=None)


HANDLERS: dict[str, Handler[Covage]] = {SAVE_CART: SaveCart(), DELETE_CART: DeleteCart()}

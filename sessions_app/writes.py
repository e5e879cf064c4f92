"""Rows → vendor: the operations that a cart owes, each able to send itself and to find out whether it took effect."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from covage import Covage
from drafting import refusals
from drafting.review import mark_of, said
from drafting.sending import if_equal
from mirror.deleting import Deletion
from mirror.history import record
from mirror.listing import listed
from mirror.meeting import SKEW, values_in
from mirror.models import Operation
from mirror.outbox import Handler, Owed, Refused, enqueue
from sessions_app import fields, readiness
from sessions_app.intake import (
    ITEMS,
    keep_line,
    reckon,
    reckon_locked,
    take_details,
    take_sessions,
    without_items,
)
from sessions_app.models import Cart, Line
from sessions_app.states import CartState
from sessions_app.sync import find_session, mark_gone

Document = dict[str, Any]

SAVE_CART, DELETE_CART, CONFIRM_CART = "save-cart", "delete-cart", "confirm-cart"
SAVE_LINE, DELETE_LINE = "save-line", "delete-line"


def owe_cart(kind: str, cart: Cart, actor: Any, **more: Any) -> Operation | None:
    """Owe something about a cart. In the caller's transaction."""
    return enqueue(Owed(kind, cart.pk, cart.pk, str(cart), cart.get_absolute_url(), **more), actor)


def owe_line(kind: str, line: Line, actor: Any) -> Operation | None:
    """Owe something about a line, unless the vendor would not take the line yet. In the caller's transaction."""
    if kind == SAVE_LINE and not line.upstream_id and not readiness.is_creatable(line.draft):
        return None
    url = reverse("sessions_app:line", args=[line.pk])
    return enqueue(Owed(kind, line.cart_id, line.pk, str(line), url), actor)


def review_digest(cart: Cart, lines: list[Line]) -> str:
    """A mark of exactly what a person reviews before confirming."""
    return mark_of([said(cart.draft), sorted((str(line.pk), said(line.draft)) for line in lines)])


class SaveCart:
    """Create a session, or bring it in line with the draft."""

    def asks(self, operation: Operation) -> str:
        return _("create or change the cart")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        if cart.deleted_at:
            return None
        if not cart.upstream_id:
            return {"create": {name: cart.draft.get(name) or "" for name in cart.catalogue.names}}
        at = timezone.now()
        take_sessions([client.session(cart.upstream_id)], at)
        cart.refresh_from_db()
        changes = cart.changes_to_send()
        return {"change": changes} if changes else None

    def send(self, operation: Operation, client: Covage) -> Document:
        sent = operation.sent or {}
        if "create" in sent:
            return client.create_session(sent["create"])
        cart = Cart.objects.get(pk=operation.target_id)
        return client.update_session(str(cart.upstream_id), _wire_blanks(sent["change"]))

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
        _take(cart, without_items(answer), operation)
        cart.reflect()
        cart.save()
        reckon_locked([cart])
        if was_new:
            for line in cart.live_lines():
                owe_line(SAVE_LINE, line, operation.actor)

    def refused(self, operation: Operation) -> None:
        cart = Cart.objects.select_for_update().get(pk=operation.target_id)
        if operation.failure == "NotFound":
            mark_gone(cart, timezone.now())
        cart.refusals = refusals.of(operation.errors, cart.draft)
        cart.save(update_fields=["refusals"])


class SaveLine:
    """Create a line in its session, or bring it in line with the draft."""

    def asks(self, operation: Operation) -> str:
        return _("create or change an order line")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        line = Line.objects.select_related("cart").get(pk=operation.target_id)
        if line.deleted_at or line.cart.deleted_at:
            return None
        if not line.cart.upstream_id:
            raise Refused("CartMissing")
        if not line.upstream_id:
            return {"create": dict(line.draft), "in": line.cart.upstream_id}
        at = timezone.now()
        document = fields.LINE.read(client.line(line.upstream_id))
        # Asked of a copy that nobody has locked first: mostly they show nothing new.
        if line.take(document, at):
            line = _met(operation, document, at)
        changes = {k: v for k, v in line.changes_to_send().items() if k not in fields.ONLY_AT_CREATION}
        return {"change": changes, "of": line.upstream_id, "in": line.cart.upstream_id} if changes else None

    def send(self, operation: Operation, client: Covage) -> Document:
        sent = operation.sent or {}
        if "create" in sent:
            return client.create_line(sent["in"], sent["create"])
        return client.update_line(sent["in"], sent["of"], _wire_blanks(sent["change"]))

    def verify(self, operation: Operation, client: Covage) -> Document | None:
        line = Line.objects.select_related("cart").get(pk=operation.target_id)
        sent = operation.sent or {}
        if "create" not in sent:
            return if_equal(fields.LINE.read(client.line(str(line.upstream_id))), sent["change"])
        ours = set(line.cart.lines.exclude(pk=line.pk).values_list("upstream_id", flat=True))
        items: list[Document] = client.session(str(line.cart.upstream_id)).get(ITEMS) or []
        for item in items:
            if item.get("external_id") == sent["create"]["external_id"] and str(item["id"]) not in ours:
                return item
        return None

    def apply(self, operation: Operation, answer: Document) -> None:
        line = _locked_line(operation)
        counted = line.counted
        if line.upstream_id != str(answer["id"]):
            # A sync may have shown our new line as a stranger's a moment ago.
            Line.objects.filter(upstream_id=str(answer["id"])).exclude(pk=line.pk).delete()
            line.upstream_id = str(answer["id"])
        _take(line, fields.LINE.read(answer), operation)
        keep_line(line, counted)

    def refused(self, operation: Operation) -> None:
        line = _locked_line(operation)
        counted = line.counted
        if operation.failure == "NotFound" and line.upstream_id:
            line.gone_at = timezone.now()
        line.refusals = refusals.of(operation.errors, line.draft)
        keep_line(line, counted)


class DeleteLine(Deletion[Covage]):
    """Take a line out of its session."""

    def asks(self, operation: Operation) -> str:
        return _("delete an order line")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        line = Line.objects.select_related("cart").get(pk=operation.target_id)
        return {"delete": line.upstream_id, "from": line.cart.upstream_id} if line.upstream_id else None

    def delete(self, sent: Document, client: Covage) -> None:
        client.delete_line(sent["from"], sent["delete"])

    def is_there(self, sent: Document, client: Covage) -> bool:
        items = client.session(sent["from"]).get(ITEMS) or []
        return any(str(item["id"]) == sent["delete"] for item in items)

    def apply(self, operation: Operation, answer: Document) -> None:
        Line.objects.filter(pk=operation.target_id).update(gone_at=timezone.now())

    def refused(self, operation: Operation) -> None:
        """The line is still there, so it comes back."""
        Cart.objects.select_for_update().get(pk=operation.subject_id)
        Line.objects.filter(pk=operation.target_id).update(deleted_at=None)
        reckon([operation.subject_id])


class DeleteCart(Deletion[Covage]):
    """Take a session away with all its lines."""

    def asks(self, operation: Operation) -> str:
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


class ConfirmCart:
    """Turn a session into orders, if it is still exactly what was reviewed."""

    def asks(self, operation: Operation) -> str:
        return _("confirm the cart")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        if not cart.upstream_id:
            raise Refused("CartMissing")
        at = timezone.now()
        detail = client.session(cart.upstream_id)
        take_details([detail], at)
        cart.refresh_from_db()
        lines = list(cart.live_lines().filter(gone_at=None))
        if review_digest(cart, lines) != operation.payload["reviewed"]:
            raise Refused("ChangedSinceReview")
        ordered = [str(item["id"]) for item in detail.get(ITEMS) or []]
        # A line that was deleted here and is still there would be ordered along with the rest.
        in_step = {line.upstream_id for line in lines} == set(ordered)
        if not in_step or cart.unsent or any(line.unsent or line.conflicts for line in lines):
            raise Refused("NotInStep")
        return {"confirm": cart.upstream_id, "lines": ordered}

    def send(self, operation: Operation, client: Covage) -> Document:
        return client.confirm_session((operation.sent or {})["confirm"])

    def verify(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        shown = find_session(cart, client)
        if not shown or shown.get("state") in (None, "", CartState.CREATED):
            return None
        return shown | client.session(str(cart.upstream_id))

    def apply(self, operation: Operation, answer: Document) -> None:
        cart = Cart.objects.select_for_update().get(pk=operation.target_id)
        # The answer to a confirmation tells no state; a sync may have seen a later one than this already.
        state = CartState.IN_PROGRESS if cart.state in ("", CartState.CREATED) else cart.state
        take_details([{"state": state} | answer], timezone.now())
        record("confirmed", operation.subject_id, actor=operation.actor, label=operation.label)

    def refused(self, operation: Operation) -> None:
        """The cart can be changed again; each error goes to the line and field that it names."""
        Cart.objects.filter(pk=operation.target_id).update(confirming_since=None, confirmed_by=None)
        if operation.failure == "NotFound":
            mark_gone(Cart.objects.get(pk=operation.target_id), timezone.now())
        upstream_ids = (operation.sent or {}).get("lines", [])
        for line in Line.objects.select_for_update().filter(
            cart=operation.target_id, upstream_id__in=upstream_ids
        ):
            prefixes = (f"{ITEMS}.{upstream_ids.index(line.upstream_id)}.", f"{ITEMS}.{line.upstream_id}.")
            errors = [
                error | {"path": error["path"].removeprefix(prefix)}
                for error in operation.errors
                for prefix in prefixes
                if error["path"].startswith(prefix)
            ]
            if errors:
                line.refusals = refusals.until_changed(errors, line.draft, line.catalogue)
                line.reflect()
                line.save()
        reckon([operation.subject_id])


HANDLERS: dict[str, Handler[Covage]] = {
    SAVE_CART: SaveCart(),
    DELETE_CART: DeleteCart(),
    CONFIRM_CART: ConfirmCart(),
    SAVE_LINE: SaveLine(),
    DELETE_LINE: DeleteLine(),
}


def _locked_line(operation: Operation) -> Line:
    """The line that an operation is about, its cart locked before it as everywhere."""
    cart = Cart.objects.select_for_update().get(pk=operation.subject_id)
    line = Line.objects.select_for_update().get(pk=operation.target_id)
    line.cart = cart
    return line


@transaction.atomic
def _met(operation: Operation, document: Document, at: datetime) -> Line:
    """The line with what the vendor shows of it, true as of `at`."""
    line = _locked_line(operation)
    counted = line.counted
    if line.take(document, at):
        keep_line(line, counted)
    return line


def _take(row: Cart | Line, answer: Document, operation: Operation) -> None:
    """Take the answer to what was sent, the newest news there is, which settles what stood in its way. Unsaved."""
    row.take(answer, timezone.now(), sent=values_in(operation.sent))
    row.refusals = refusals.settled(row.refusals)


def _wire_blanks(changes: Document) -> Document:
    """Changes with each emptied field as the blank that its type asks for; a site contact has every field."""
    declared = {f.name: f for f in (*fields.LINE_FIELDS, *fields.CART_FIELDS)}
    sent = {name: declared[name].blank if value is None else value for name, value in changes.items()}
    if contacts := sent.get(fields.CONTACTS):
        emptied = {field.name: field.blank for field in fields.site_contact_fields()}
        sent[fields.CONTACTS] = [emptied | contact for contact in contacts]
    return sent

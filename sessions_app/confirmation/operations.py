"""The outbox operation that confirms a cart, which turns its lines into orders."""

from django.utils import timezone
from django.utils.translation import gettext as _

from covage import Covage
from drafts import refusals
from drafts.actions import content_of, digest_of
from drafts.history import record
from drafts.merge import Document
from outbox.handlers import Handler, Refused
from outbox.models import Operation
from sessions_app.ingest import ITEMS, ingest_details, recount
from sessions_app.models import Cart, Line
from sessions_app.querysets import DRAFTS
from sessions_app.states import CartState
from sessions_app.sync import find_session, mark_gone

CONFIRM_CART = "confirm-cart"


def review_digest(cart: Cart, lines: list[Line]) -> str:
    """The digest of exactly what a person reviews before confirming."""
    contents = sorted((str(line.pk), content_of(line.draft)) for line in lines)
    return digest_of([content_of(cart.draft), contents])


class ConfirmCart:
    """Turn a session into orders, if it is still exactly what was reviewed."""

    def describe(self, operation: Operation) -> str:
        return _("confirm the cart")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        if not cart.upstream_id:
            raise Refused("CartMissing")
        at = timezone.now()
        detail = client.session(cart.upstream_id)
        ingest_details([detail], at)
        cart.refresh_from_db()
        lines = list(cart.live_lines().filter(gone_at=None))
        if review_digest(cart, lines) != operation.payload["reviewed"]:
            raise Refused("ChangedSinceReview")
        ordered = [str(item["id"]) for item in detail.get(ITEMS) or []]
        # A line that was deleted here and is still there would be ordered along with the rest.
        is_up_to_date = {line.upstream_id for line in lines} == set(ordered)
        if not is_up_to_date or cart.unsent or any(line.unsent or line.conflicts for line in lines):
            raise Refused("NotInStep")
        return {"confirm": cart.upstream_id, "lines": ordered}

    def send(self, operation: Operation, client: Covage) -> Document:
        return client.confirm_session((operation.sent or {})["confirm"])

    def verify(self, operation: Operation, client: Covage) -> Document | None:
        cart = Cart.objects.get(pk=operation.target_id)
        shown = find_session(cart, client)
        if not shown or shown.get("state") in (None, *DRAFTS):
            return None
        return shown | client.session(str(cart.upstream_id))

    def apply(self, operation: Operation, answer: Document) -> None:
        cart = Cart.objects.select_for_update().get(pk=operation.target_id)
        # The answer to a confirmation has no state; a sync may have seen a later one than this already.
        state = CartState.IN_PROGRESS if cart.state in DRAFTS else cart.state
        ingest_details([{"state": state} | answer], timezone.now())
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
                line.refusals = refusals.until_changed(errors, line.draft, line.field_set)
                line.reflect()
                line.save()
        recount([operation.subject_id])


HANDLERS: dict[str, Handler[Covage]] = {CONFIRM_CART: ConfirmCart()}

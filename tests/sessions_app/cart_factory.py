"""Carts as people make them, and short functions to send, sync and look at what became of them."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from covage import Covage
from drafts.models import Event
from outbox import clients, delivery
from outbox.models import Operation
from sessions_app import sync
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.confirmation.operations import review_digest
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from sync import runs
from sync.models import SyncRun
from tests.sandbox_process import TOKEN_PATH, SandboxProcess

SITE = {
    "end_customer_name": "Boulangerie Martin",
    "contact1_firstname": "Jeanne",
    "contact1_lastname": "Martin",
    "contact1_phone_number": "0123456789",
    "contact1_email_address": "jeanne.martin@example.test",
    "street_number": "4",
    "street_name": "Rue Andrei Sakharov",
    "postcode": "76130",
    "city": "Mont-Saint-Aignan",
    "insee_code": "76451",
}


def site(index: int = 0, **changes: Any) -> dict[str, Any]:
    """A complete site contact, by path."""
    return {f"related_contact_information.{index}.{name}": value for name, value in (SITE | changes).items()}


def ready_values(**changes: Any) -> dict[str, Any]:
    """What a line needs to be ready, by path."""
    values = {
        "product_offering_id": "2173",
        "product_offering_qualification_item_id": "d5a4a9aa-ba2c-4f53-95c7-0c1ce6f6e7fa",
        "offer_family": "BPE",
        "offer_technology": "FIBDE",
        "enni": "CN012345",
        **site(),
    }
    return values | changes


def ready_draft(**changes: Any) -> dict[str, Any]:
    """The same as a document."""
    line = Line()
    line.edit(ready_values(**changes), {})
    return line.draft


def open_cart(by: User, *, lines: int = 0, **values: Any) -> Cart:
    """A cart with this many ready lines, sent."""
    cart = cart_actions.create_cart(by, values)
    for _ in range(lines):
        line_actions.add_line(cart.pk, by, values=ready_values())
    return send(cart)


def unsent_cart(by: User, lines: int = 1, **values: Any) -> Cart:
    """A cart of which nothing has been sent."""
    cart = cart_actions.create_cart(by, values)
    for _ in range(lines):
        line_actions.add_line(cart.pk, by, values=ready_values())
    return Cart.objects.get(pk=cart.pk)


def send(cart: Cart, client: Covage | None = None) -> Cart:
    """Send what is due of a cart, once. Returns the cart as it is then."""
    Operation.objects.unfinished().filter(subject_id=cart.pk).update(due_at=timezone.now())
    delivery.deliver(cart.pk, client or clients.interactive_client())
    return Cart.objects.get(pk=cart.pk)


def send_all(cart: Cart) -> Cart:
    """Send until nothing is pending, however often that takes another try."""
    for _ in range(6):
        cart = send(cart)
        if not pending(cart):
            break
    return cart


def pending(cart: Cart) -> list[str]:
    """The kinds of a cart's unfinished operations, in order."""
    return list(
        Operation.objects.unfinished()
        .filter(subject_id=cart.pk)
        .order_by("id")
        .values_list("kind", flat=True)
    )


def verbs_of(cart: Cart) -> list[str]:
    """The events of a cart and its lines: their verbs in order."""
    return list(Event.objects.filter(subject_id=cart.pk).order_by("id").values_list("verb", flat=True))


def assert_up_to_date(cart: Cart) -> None:
    """Nothing of the cart and its lines is waiting, and the vendor has all of it."""
    assert pending(cart) == []
    assert not cart.unsent
    assert not cart.conflicts
    for line in cart.live_lines():
        assert line.upstream_id
        assert not line.unsent
        assert not line.conflicts


def only_line(cart: Cart) -> Line:
    return cart.lines.select_related("cart").get()


def newest_operation(cart: Cart) -> Operation:
    return Operation.objects.filter(subject_id=cart.pk).latest("id")


def edit(line: Line, by: User, **values: Any) -> Line:
    """Change a line by path, with `__` for the dots."""
    saved, _changes = line_actions.edit_line(
        line.pk, by, {path.replace("__", "."): value for path, value in values.items()}, {}
    )
    return saved


def reviewed(cart: Cart) -> str:
    """The digest of what a person sees of a cart right now."""
    return review_digest(Cart.objects.get(pk=cart.pk), list(cart.live_lines().filter(gone_at=None)))


def confirm(cart: Cart, by: User) -> Cart:
    """Review and confirm at once, and send it."""
    confirmation_actions.confirm_cart(cart.pk, by, reviewed(cart))
    return send(cart)


def run_sync(*, full: bool = False) -> SyncRun:
    return runs.run("carts", sync.sync_carts, full=full)


def elsewhere(sandbox: SandboxProcess) -> Covage:
    """The operator's other system, which works on the same carts."""
    return Covage(
        api_url=sandbox.url,
        token_url=sandbox.url + TOKEN_PATH,
        client_id="api-client",
        username="extranet@example.test",
        password="extranet-sandbox",
    )


def upstream_sessions(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    """Every session that the vendor holds, its lines under `lines`."""
    sessions: list[dict[str, Any]] = sandbox.state()["sessions"]
    return sessions


def upstream_fields(sandbox: SandboxProcess) -> dict[str, Any]:
    """What the vendor holds of the only line of the only session."""
    (session,) = upstream_sessions(sandbox)
    (line,) = session["lines"]
    fields: dict[str, Any] = line["fields"]
    return fields

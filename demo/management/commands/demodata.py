"""`manage.py demodata`: the demo's carts and copper orders, created as people create them and sent to the sandbox."""

import time
import uuid
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Team, User
from covage import Covage, Extranet, Unreachable
from demo import copper_orders
from demo.carts import (
    ELSEWHERE,
    FOLLOWER,
    NOTE,
    VIEW,
    VIEW_NAME,
    DemoCart,
    DemoLine,
    demo_carts,
    elsewhere_line,
    key_of,
)
from demo.copper_orders import DemoOrder, demo_orders
from extranet.drafts import actions as copper
from extranet.drafts.operations import review_digest as copper_digest
from extranet.models import Contact, CopperOrder
from extranet.orders.changes import PAGE as COPPER_PAGE
from extranet.states import Service
from extranet.tasks import refresh
from lists.models import SavedView
from notifications.models import Note
from notifications.watches.actions import watch_subjects
from outbox import clients, delivery
from outbox.apis import COVAGE, EXTRANET, is_configured
from outbox.models import Operation
from portal.operations.syncs import SYNCS
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.confirmation.operations import review_digest
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Reference
from sync import runs
from sync.leases import Taken
from tracking import leadtimes
from tracking.models import Order
from tracking.orders.changes import subject_of

# The sandbox's other account: what it makes was made "elsewhere".
OTHER_USERNAME, OTHER_PASSWORD = "extranet@example.test", "extranet-sandbox"
Doors = QuerySet[Reference]
TIMEOUT_SECONDS = 60.0
PAUSE_SECONDS = 0.5


class Command(BaseCommand):
    help = "Create carts and copper orders for the demo in the sandbox. Harmless to repeat. Only where DEBUG is on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "demodata writes to the vendor: it works only where DEBUG is on. Nothing was done."
            )
        people = _people()
        _until(
            _is_responding, "The sandbox isn't responding. Start it (manage.py sandbox), then run this again."
        )
        if is_configured(COVAGE):
            self._make_fibre(people)
        if is_configured(EXTRANET):
            self._make_copper(people)

    def _make_fibre(self, people: dict[str, User]) -> None:
        _sync("reference")
        doors = Reference.objects.filter(kind=Reference.Kind.ENNI, active=True)
        for demo in demo_carts():
            self.stdout.write(_describe(_made(demo, people[demo.owner], doors)))
        self.stdout.write(_describe(_made_elsewhere(_door(doors, "Saint-Denis"))))
        self.stdout.write(_orders_followed())

    def _make_copper(self, people: dict[str, User]) -> None:
        _sync("extranet-catalogue")
        _sync("extranet")
        contact = Contact.objects.pickable().first()
        for demo in demo_orders():
            self.stdout.write(_describe_copper(_ordered(demo, people[demo.owner], contact)))
        self.stdout.write(_copper_followed())


def _people() -> dict[str, User]:
    names = {demo.owner for demo in demo_carts()} | {demo.owner for demo in demo_orders()}
    people = {person.username: person for person in User.objects.filter(username__in=names)}
    if missing := names - people.keys():
        raise CommandError(f"There is no {', '.join(sorted(missing))}: run manage.py demousers first.")
    return people


def _is_responding() -> bool:
    try:
        if is_configured(COVAGE):
            next(clients.client().with_timeout(2.0).project_pages(), None)
        else:
            clients.extranet().with_timeout(2.0).contacts()
    except Unreachable:
        return False
    return True


def _made(demo: DemoCart, owner: User, doors: Doors) -> Cart:
    """The cart, made unless it exists already, confirmed if it is to be, and sent."""
    if not Cart.objects.filter(pk=demo.key).exists():
        _build(demo, owner, doors)
    _deliver(demo.key, demo.reference, clients.client())
    cart = Cart.objects.get(pk=demo.key)
    if demo.confirmed and cart.is_ready:
        confirmation_actions.confirm_cart(cart.pk, owner, review_digest(cart, list(cart.live_lines())))
        _deliver(demo.key, demo.reference, clients.client())
        cart.refresh_from_db()
    return cart


@transaction.atomic
def _build(demo: DemoCart, owner: User, doors: Doors) -> None:
    team = Team.objects.filter(name=demo.team).first()
    values = {"external_id": demo.reference, "project_id": demo.project}
    cart = cart_actions.create_cart(owner, values, team=team, key=demo.key)
    for line in demo.lines:
        key = key_of(f"{demo.reference} {line.name}")
        line_actions.add_line(cart.pk, owner, key=key, values=_values(line, doors))


def _values(line: DemoLine, doors: Doors) -> dict[str, Any]:
    return dict(line.values) | ({"enni": _door(doors, line.door)} if line.door else {})


def _door(doors: Doors, name: str) -> str:
    """The reference of the door whose label begins with a name, or of any when that one is closed."""
    door = doors.filter(label__startswith=name).first() or doors.first()
    return door.code if door else ""


def _deliver(key: uuid.UUID, name: str, client: Covage | Extranet) -> None:
    """Send what is pending about a subject; a worker that runs at the same time may be sending some of it.

    Raises CommandError when it is not sent in time.
    """

    def is_sent() -> bool:
        delivery.deliver(key, client)
        return not Operation.objects.about(key).unfinished().exists()

    _until(is_sent, f"{name} couldn't be sent to the sandbox; /outbox/ says why.")


def _made_elsewhere(door: str) -> Cart:
    """A cart that the other account makes without Carnet, as the sync then finds it."""
    other = Covage(
        api_url=settings.COVAGE_API_URL,
        token_url=settings.COVAGE_TOKEN_URL,
        client_id=settings.COVAGE_CLIENT_ID,
        username=OTHER_USERNAME,
        password=OTHER_PASSWORD,
        edition=settings.COVAGE_EDITION,
    )
    if not any(page for page in other.session_pages(external_id=ELSEWHERE["external_id"])):
        session = other.create_session(ELSEWHERE)
        other.create_line(str(session["id"]), elsewhere_line(door))
    _sync("carts")
    return Cart.objects.get(external_id=ELSEWHERE["external_id"])


def _orders_followed() -> str:
    """Sync the sandbox's orders, and add what the back office keeps with them."""
    _sync("orders")
    _sync("order-pages")
    leadtimes.roll_up()
    person = User.objects.filter(username=FOLLOWER).first()
    late = Order.objects.late().order_by("due_on").first()
    if person and late:
        SavedView.objects.get_or_create(
            owner=person,
            page="orders",
            name=VIEW_NAME,
            defaults={"query": VIEW, "team": person.teams.first()},
        )
        watch_subjects(person, [subject_of(late)])
        Note.objects.get_or_create(subject_id=late.uuid, author=person, text=NOTE)
    return f"{Order.objects.count()} orders, {Order.objects.late().count()} of them late"


def _ordered(demo: DemoOrder, owner: User, contact: Contact | None) -> CopperOrder:
    """The copper order, made unless it exists already, and followed until it has the status that it is to have."""
    named = {"contacts.operator.contact_uuid": contact.contact_uuid} if contact and demo.names_contact else {}
    values = {"operator_order_ref": demo.reference, **demo.values, **named}
    team = Team.objects.filter(name=demo.team).first()
    order = copper.create_order(owner, values, team=team, key=demo.key)
    _deliver(order.uuid, demo.reference, clients.extranet())
    order.refresh_from_db()
    if demo.until and order.is_ready:
        copper.submit_order(order.uuid, owner, copper_digest(order))
        _deliver(order.uuid, demo.reference, clients.extranet())
        _until(lambda: _is_at(order, demo.until), f"{demo.reference} isn't making progress at the sandbox.")
    return order


def _is_at(order: CopperOrder, status: str) -> bool:
    CopperOrder.objects.filter(pk=order.pk).update(checked_at=None)
    refresh(order)
    order.refresh_from_db()
    return order.status == status


def _copper_followed() -> str:
    """Add what the back office does with the sandbox's copper orders: a view of its own, and a service to end."""
    person = User.objects.filter(username=copper_orders.ENDS_SERVICES).first()
    ending = CopperOrder.objects.term_ending().order_by("term_ends_on", "id").first()
    ending = ending or CopperOrder.objects.in_service().filter(service=Service.COLLECT).order_by("id").first()
    if person:
        view = {"query": copper_orders.VIEW, "team": person.teams.first()}
        names = {"owner": person, "page": COPPER_PAGE, "name": copper_orders.VIEW_NAME}
        SavedView.objects.get_or_create(**names, defaults=view)
    if person and ending:
        draft = copper.terminate_service(ending.uuid, person, form=key_of("copper termination"))
        _deliver(draft.uuid, str(draft), clients.extranet())
    return f"{CopperOrder.objects.live().count()} copper orders"


def _sync(kind: str) -> None:
    """Run a kind of sync, once the worker's own is over. Raises CommandError when that takes too long."""

    def is_done() -> bool:
        try:
            runs.run(kind, SYNCS[kind])
        except Taken:
            return False
        return True

    _until(
        is_done,
        f"A sync of {kind} has been under way for a long time: look at /operations/, then run this again.",
    )


def _until(condition: Callable[[], bool], otherwise: str) -> None:
    """Wait for a condition. Raises CommandError when it isn't met in time."""
    deadline = time.monotonic() + TIMEOUT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise CommandError(otherwise)
        time.sleep(PAUSE_SECONDS)


def _describe(cart: Cart) -> str:
    missing = f", {cart.missing_count} missing" if cart.is_draft and cart.missing_count else ""
    owner = cart.owner.username if cart.owner else "nobody"
    return f"{cart}: {owner}, {cart.live_lines().count()} lines, {cart.state}{missing}"


def _describe_copper(order: CopperOrder) -> str:
    missing = f", {order.missing_count} missing" if order.missing_count else ""
    return f"{order.operator_order_ref}: {order.owner}, copper, {order.status or 'draft'}{missing}"

"""`manage.py demodata`: the demo's carts, made the way people make them and sent to the sandbox, and its orders."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Team, User
from covage import Covage, Unreachable
from desk.models import Note, SavedView
from desk.watching import watch_subjects
from mirror import outbox, runs, vendor
from mirror.leases import Taken
from mirror.models import Operation
from portal.demodata import (
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
from portal.syncs import SYNCS
from sessions_app import actions
from sessions_app.models import Cart, Reference
from sessions_app.writes import review_digest
from tracking import leadtimes
from tracking.changes import subject_of
from tracking.models import Order

# The account that the sandbox knows beside the portal's own: what it makes was made "elsewhere".
OTHER_USERNAME, OTHER_PASSWORD = "extranet@example.test", "extranet-sandbox"
Doors = QuerySet[Reference]
PATIENCE = 60.0
PAUSE = 0.5


class Command(BaseCommand):
    help = "Create carts for the demo in the sandbox. Harmless to repeat. Only where DEBUG is on."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                "demodata writes to the vendor: it works only where DEBUG is on. Nothing was done."
            )
        people = _people()
        _until(_answers, "The sandbox does not answer. Start it (manage.py sandbox), then run this again.")
        _sync("reference")
        doors = Reference.objects.filter(kind=Reference.Kind.ENNI, active=True)
        for demo in demo_carts():
            self.stdout.write(_describe(_made(demo, people[demo.owner], doors)))
        self.stdout.write(_describe(_made_elsewhere(_door(doors, "Saint-Denis"))))
        self.stdout.write(_orders_followed())


def _people() -> dict[str, User]:
    names = {demo.owner for demo in demo_carts()}
    people = {person.username: person for person in User.objects.filter(username__in=names)}
    if missing := names - people.keys():
        raise CommandError(f"There is no {', '.join(sorted(missing))}: run manage.py demousers first.")
    return people


def _answers() -> bool:
    try:
        next(vendor.client().with_timeout(2.0).project_pages(), None)
    except Unreachable:
        return False
    return True


def _made(demo: DemoCart, owner: User, doors: Doors) -> Cart:
    """The cart, made unless it is there already, confirmed if it is to be, and sent."""
    if not Cart.objects.filter(pk=demo.key).exists():
        _build(demo, owner, doors)
    _deliver(demo)
    cart = Cart.objects.get(pk=demo.key)
    if demo.confirmed and cart.is_ready:
        actions.confirm_cart(cart.pk, owner, review_digest(cart, list(cart.live_lines())))
        _deliver(demo)
        cart.refresh_from_db()
    return cart


@transaction.atomic
def _build(demo: DemoCart, owner: User, doors: Doors) -> None:
    team = Team.objects.filter(name=demo.team).first()
    values = {"external_id": demo.reference, "project_id": demo.project}
    cart = actions.create_cart(owner, values, team=team, key=demo.key)
    for line in demo.lines:
        key = key_of(f"{demo.reference} {line.name}")
        actions.add_line(cart.pk, owner, key=key, values=_values(line, doors))


def _values(line: DemoLine, doors: Doors) -> dict[str, Any]:
    return dict(line.values) | ({"enni": _door(doors, line.door)} if line.door else {})


def _door(doors: Doors, name: str) -> str:
    """The reference of the door whose label begins with a name, or of any when that one is closed."""
    door = doors.filter(label__startswith=name).first() or doors.first()
    return door.code if door else ""


def _deliver(demo: DemoCart) -> None:
    """Send what the cart owes; a worker that runs beside us may have a part of it in hand."""

    def is_sent() -> bool:
        outbox.deliver(demo.key, vendor.client())
        return not Operation.objects.unfinished().filter(subject_id=demo.key).exists()

    _until(is_sent, f"{demo.reference} could not be sent to the sandbox; /outbox/ says why.")


def _made_elsewhere(door: str) -> Cart:
    """A cart that the other account makes behind our back, as the sync then finds it."""
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
    """The stand-in's orders in the mirror, and what the back office keeps beside them."""
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


def _sync(kind: str) -> None:
    """Bring a kind in step; when the worker is at it, after it."""

    def is_done() -> bool:
        try:
            runs.run(kind, SYNCS[kind])
        except Taken:
            return False
        return True

    _until(
        is_done, f"A sync of {kind} has been under way for long: look at /operations/, then run this again."
    )


def _until(condition: Callable[[], bool], otherwise: str) -> None:
    """Wait for a condition, with an end to it."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > deadline:
            raise CommandError(otherwise)
        time.sleep(PAUSE)


def _describe(cart: Cart) -> str:
    lacking = f", {cart.missing_count} missing" if cart.is_draft and cart.missing_count else ""
    owner = cart.owner.username if cart.owner else "nobody"
    return f"{cart}: {owner}, {cart.live_lines().count()} lines, {cart.state}{lacking}"

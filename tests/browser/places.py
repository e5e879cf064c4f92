"""Every page of the portal in every state that looks different, for what is asked of all of them."""

import uuid
from collections.abc import Iterator
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from desk import watching
from desk.models import Note, Notice, SavedView
from desk.subjects import Subject
from desk.telling import Changed, changed, tell
from mirror import runs
from sessions_app import actions, sync
from sessions_app.models import Cart, Line
from tests.browser import ways
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.carts import confirm, edit, elsewhere, open_cart, ready_values, run_sync, send


class Place(NamedTuple):
    """A page: what it is, where, who looks at it, and the status it answers with."""

    name: str
    address: str
    person: User | None
    status: int = 200


def every_place(people: People, sandbox: SandboxProcess) -> list[Place]:
    """The pages, after the carts that they show were made."""
    runs.run("reference", sync.sync_reference)
    sales = people.sales
    rejected = _rejected(sales, sandbox)
    ready = open_cart(sales, lines=2, project_id="AB123")
    confirming = confirm(open_cart(sales, lines=1), sales)
    lacking = _lacking(sales, sandbox)
    empty = open_cart(sales)
    again = actions.reorder_rejected(rejected.pk, sales)
    assert again
    carts = {"rejected": rejected, "ready": ready, "confirming": confirming, "lacking": lacking}
    return [
        *_carts(carts | {"empty": empty}, sales),
        *_lines(lacking.lines.get(), rejected, send(again), sales),
        *_shell(people),
        Place("cart of another team", empty.get_absolute_url(), people.other_sales, 404),
    ]


def _carts(carts: dict[str, Cart], sales: User) -> Iterator[Place]:
    yield Place("carts", "/carts/", sales)
    yield Place("carts, none found", "/carts/?state=completed", sales)
    yield Place("cart, new", "/carts/new/", sales)
    for name, cart in carts.items():
        yield Place(f"cart, {name}", cart.get_absolute_url(), sales)
    for page in ("confirm", "edit", "delete", "lines/new"):
        yield Place(f"cart, {page}", f"{carts['ready'].get_absolute_url()}{page}/", sales)
    yield Place("cart, confirm though lacking", f"{carts['lacking'].get_absolute_url()}confirm/", sales)


def _lines(lacking: Line, rejected: Cart, again: Cart, sales: User) -> Iterator[Place]:
    yield Place("lines", "/lines/", sales)
    yield Place("line, lacking", lacking.get_absolute_url(), sales)
    yield Place("line, to be mended", again.lines.get().get_absolute_url(), sales)
    for line in rejected.lines.all():
        yield Place(f"line, {line.state}", line.get_absolute_url(), sales)
    for page in ("duplicate", "delete"):
        yield Place(f"line, {page}", f"{lacking.get_absolute_url()}{page}/", sales)


def _shell(people: People) -> Iterator[Place]:
    yield Place("sign in", "/accounts/login/", None)
    for person in (people.sales, people.back_office, people.administrator, people.nobody):
        yield Place(f"home of {person}", "/", person)
    yield Place("outbox", "/outbox/", people.sales)
    yield Place("outbox, done", "/outbox/?show=done", people.sales)
    yield Place("search, found", "/search/?q=boulangerie", people.sales)
    yield Place("search, nothing", "/search/?q=xyzzy", people.sales)
    yield from _desk(people.sales)
    yield Place("operations", "/operations/", people.administrator)
    yield Place("change password", "/accounts/password/change/", people.sales)
    yield Place("second factor", "/accounts/2fa/", people.sales)
    yield Place("no such page", "/nowhere/", people.sales, 404)
    yield Place("not for this role", "/operations/", people.sales, 403)


def _desk(sales: User) -> Iterator[Place]:
    """Notices of two kinds, one of them read, and something of each kind that is watched."""
    order = Subject(uuid.uuid4(), "CMD_X_1", "/orders/CMD_X_1/", "Boulangerie Martin")
    view = SavedView.objects.create(owner=sales, page="orders", name="Active ones", query="state=active")
    note = Note.objects.create(subject_id=order.id, author=sales, text="Call before ten.")
    watching.watch_subjects(sales, [order])
    watching.watch_customer(sales, order.customer)
    watching.watch_view(sales, view)
    for changes in ({"state": ["in_progress", "active"]}, {}):
        told = Changed("orders", order.id, order.label, order.url, order.customer, changes)
        changed([told], timezone.now())
    tell()
    Notice.objects.filter(change__changes={}).update(is_unread=False)
    yield Place("notices", "/notices/", sales)
    yield Place("how one is told", "/notices/settings/", sales)
    yield Place("note, to be changed", f"/notes/{note.pk}/", sales)
    yield Place("saved view, to be changed", f"/views/{view.pk}/", sales)


def _rejected(sales: User, sandbox: SandboxProcess) -> Cart:
    cart = open_cart(sales, lines=1)
    values = ready_values(enni=ways.UNKNOWN_ENNI, end_customer_name="Cabinet Lenoir")
    actions.add_line(cart.pk, sales, values=values)
    confirm(send(cart), sales)
    ways.let_covage_work(sandbox)
    run_sync()
    return Cart.objects.get(pk=cart.pk)


def _lacking(sales: User, sandbox: SandboxProcess) -> Cart:
    """A cart that lacks much, with a value that is none, and a change on both sides."""
    cart = open_cart(sales)
    values = ready_values(end_customer_name="Garage du Centre", enni=None, note="Here")
    values = {path: value for path, value in values.items() if "contact1" not in path}
    line = actions.add_line(cart.pk, sales, values=values, typed={"vlan_reference": "5000"})
    cart = send(cart)
    line.refresh_from_db()
    elsewhere(sandbox).update_line(str(cart.upstream_id), str(line.upstream_id), {"note": "There"})
    edit(line, sales, note="Here, changed")
    return send(cart)

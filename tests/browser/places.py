"""Every page of the portal in every state that looks different, for what is asked of all of them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import NamedTuple

from django.utils import timezone

from accounts.models import User
from extranet.drafts import actions as copper
from extranet.models import Contact, CopperOrder
from lists.models import SavedView
from notifications.calendars import feeds
from notifications.changes.recording import Changed, record_changes
from notifications.models import Note, Notice
from notifications.notices.distribution import notify_watchers
from notifications.subjects import Subject
from notifications.watches import actions as watches_actions
from outbox import clients
from sessions_app import sync
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from sync import runs
from tests.browser import ways
from tests.conftest import People
from tests.extranet import order_factory as copper_orders
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    confirm,
    edit,
    elsewhere,
    open_cart,
    ready_values,
    run_sync,
    send,
)
from tests.tracking.request_forms import ask, know_reasons, order_at, orders_at, requests_at
from tracking import leadtimes
from tracking.exports import actions as exports_actions
from tracking.ingest import sync as tracking_sync
from tracking.ingest.store import mark_gone
from tracking.ingest.sync import ingest_requests
from tracking.models import Export, Order
from tracking.orders import statistics


class Place(NamedTuple):
    """A page: what it is, where, who looks at it, the status it answers with, and what is done before."""

    name: str
    address: str
    person: User | None
    status: int = 200
    prepare: Callable[[], object] = lambda: None


def every_place(people: People, sandbox: SandboxProcess) -> list[Place]:
    """The pages, after the carts that they show were made."""
    runs.run("reference", sync.sync_reference)
    know_reasons()
    sales = people.sales
    rejected = _rejected(sales, sandbox)
    ready = open_cart(sales, lines=2, project_id="AB123")
    confirming = confirm(open_cart(sales, lines=1), sales)
    lacking = _lacking(sales, sandbox)
    empty = open_cart(sales)
    again = confirmation_actions.reorder_rejected(rejected.pk, sales)
    assert again
    carts = {"rejected": rejected, "ready": ready, "confirming": confirming, "lacking": lacking}
    return [
        *_carts(carts | {"empty": empty}, sales),
        *_lines(lacking.lines.get(), rejected, send(again), sales),
        *_shell(people),
        *_orders(people, sandbox),
        *_exports(people.back_office),
        *_copper(people, sandbox),
        *_contacts(people),
        *_dashboards(people),
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
    watches_actions.watch_subjects(sales, [order])
    watches_actions.watch_customer(sales, order.customer)
    watches_actions.watch_view(sales, view)
    for changes in ({"state": ["in_progress", "active"]}, {}):
        told = Changed("orders", order.id, order.label, order.url, order.customer, changes)
        record_changes([told], timezone.now())
    notify_watchers()
    Notice.objects.filter(change__changes={}).update(is_unread=False)
    yield Place("notices", "/notices/", sales)
    feeds.open_feed(sales)
    yield Place("how one is told", "/notices/settings/", sales)
    yield Place("note, to be changed", f"/notes/{note.pk}/", sales)
    yield Place("saved view, to be changed", f"/views/{view.pk}/", sales)


def _orders(people: People, sandbox: SandboxProcess) -> Iterator[Place]:
    """Orders in each state that looks different, their documents, and what is asked for on them."""
    sales, back_office = people.sales, people.back_office
    building, ended = order_at(sandbox, "in_progress"), order_at(sandbox, "terminated")
    active, asked, odd, gone = orders_at(sandbox, "active", 4)
    _make_odd(odd, sandbox)
    mark_gone(gone.reference, timezone.now())
    ingest_requests(requests_at(sandbox, ended))
    ask(asked, back_office)
    named = {"in production": building, "terminated": ended, "of an unknown state": odd, "gone": gone}
    for name, order in (named | {"active": active, "asked to be ended": asked}).items():
        yield Place(f"order, {name}", order.get_absolute_url(), back_office)
    yield Place("order, to sales", active.get_absolute_url(), sales)
    yield Place("order, a document", f"{active.get_absolute_url()}?view={active.reference}_1.pdf", sales)
    framed = f"{active.get_absolute_url()}documents/{active.reference}_1.pdf/frame/"
    yield Place("order, a document's frame", framed, sales)
    yield Place("order, a bad document", f"{odd.get_absolute_url()}documents/form.pdf", sales, 502)
    yield Place("order, none such", "/orders/CMD_X_NONE/", sales, 404)
    for name, order in (("", active), (", not possible", ended)):
        yield Place(f"termination{name}", f"{order.get_absolute_url()}terminate/", back_office)
    yield Place("requests", "/requests/", back_office)
    yield Place("requests, none found", "/requests/?order_reference=none", sales)
    yield Place("orders", "/orders/?sort=reference", back_office)
    yield Place("orders, filtered", "/orders/?late=true&state=in_progress&state=active", sales)
    yield Place("orders, saved view", "/orders/?state=active", sales)
    yield Place("orders, none found", "/orders/?q=xyzzy", sales)
    yield Place("orders, a filter in error", "/orders/?q=a", sales)


def _make_odd(order: Order, sandbox: SandboxProcess) -> None:
    """A state that nobody knows, an appointment in the past, and a document that is none."""
    sandbox.on_order(order.reference, "change", {"state": "road_permit_requested"})
    sandbox.on_order(
        order.reference, "history", {"state": "road_permit_requested", "change_reason": "Voirie"}
    )
    paper = {"type": "BDC", "filename": "form.pdf", "text": "<html>no PDF"}
    sandbox.on_order(order.reference, "documents", paper)
    tracking_sync.refresh(order, clients.client())


def _exports(back_office: User) -> Iterator[Place]:
    """The exports as they are one after the other: nobody sees them all at once."""
    states = Export.State
    later, long = timezone.now() + timedelta(minutes=4), timezone.now() + timedelta(hours=1)
    ready = {"state": states.READY, "size": 1234, "stopped": timezone.now(), "content": "exports/one.csv"}
    kinds: dict[str, dict[str, object]] = {
        "none yet": {},
        "running": {"state": states.RUNNING, "started": timezone.now(), "checked_at": long},
        "failed": {"state": states.FAILED, "failure": exports_actions.NOT_MADE},
        "limited": ready | {"next_at": later},
        "idle": ready,
    }
    for name, columns in kinds.items():
        yield Place(f"exports, {name}", "/exports/", back_office, prepare=partial(_only_export, columns))


def _only_export(columns: dict[str, object]) -> None:
    Export.objects.all().delete()
    if columns:
        Export.objects.create(**columns)


def _copper(people: People, sandbox: SandboxProcess) -> Iterator[Place]:
    """Copper orders in each status that looks different, and what is asked about them."""
    sales, back_office = people.sales, people.back_office
    copper_orders.read_products()
    named = _copper_orders(people, sandbox)
    for name, order in named.items():
        yield Place(f"copper order, {name}", order.get_absolute_url(), sales)
    for name in ("pending", "completed", "door"):
        yield Place(f"copper order, {name}, to the office", named[name].get_absolute_url(), back_office)
    for page in ("submit", "delete", "owner"):
        yield Place(f"copper draft, {page}", f"{named['ready'].get_absolute_url()}{page}/", sales)
    yield Place("copper, submit though lacking", f"{named['lacking'].get_absolute_url()}submit/", sales)
    for page in ("confirm", "cancel"):
        yield Place(f"copper order, {page}", f"{named['pending'].get_absolute_url()}{page}/", sales)
    yield Place("copper, terminate by reference", "/extranet/terminate/", back_office)
    yield Place("copper, terminate an unknown", "/extranet/terminate/?service=S20101102_99999", back_office)
    yield Place("copper, terminate", f"{named['completed'].get_absolute_url()}terminate/", back_office)
    for level in ("standard", "premium"):
        slots = f"{named['line to build'].get_absolute_url()}slots/?level={level}"
        yield Place(f"copper order, slots, {level}", slots, sales)
    yield Place("copper, new", "/extranet/new/", sales)
    for person in (sales, back_office):
        yield Place(f"copper orders of {person}", "/extranet/", person)
    yield Place("copper orders, filtered", "/extranet/?status=completed&product_family=S", back_office)
    yield Place("copper orders, none found", "/extranet/?q=xyzzy", sales)
    yield Place("all of a customer", "/search/?customer=Untel", sales)
    yield Place("home with copper of the office", "/", back_office)
    yield Place("home with copper of sales", "/", sales)


def _copper_orders(people: People, sandbox: SandboxProcess) -> dict[str, CopperOrder]:
    """The orders by what is special about them, and all of the past in step."""
    sales = people.sales
    ended = copper_orders.completed_order(sandbox, sales)
    named = {
        "lacking": _copper_lacking(sales, sandbox),
        "ready": copper_orders.open_order(sales, contacts__owner__email="jeanne@example.test"),
        "refused": _copper_refused(sales, sandbox),
        "line to build": copper_orders.submit(
            copper_orders.send(copper.create_order(sales, copper_orders.line_to_build())), sales
        ),
        "pending": copper_orders.pending_order(sandbox, sales),
        "rejected": _copper_rejected(sales, sandbox),
        "completed": copper_orders.completed_order(sandbox, sales),
        "ended": ended,
        "termination": copper_orders.send(copper.terminate_service(ended.uuid, sales)),
    }
    copper_orders.run_sync(full=True)
    named |= {
        "door": CopperOrder.objects.filter(service="enni", status="completed")[0],
        "held": CopperOrder.objects.filter(status="held")[0],
        "running": CopperOrder.objects.filter(status="running", service="collect")[0],
    }
    return {name: copper_orders.fresh(order) for name, order in named.items()}


def _copper_lacking(sales: User, sandbox: SandboxProcess) -> CopperOrder:
    """A draft that lacks much, with a value that is none, and a change on both sides."""
    order = copper_orders.open_order(sales, comment="Here", enni__enni_vlan=None)
    copper.edit_order(order.uuid, sales, {"owner.type": "registrated"}, {"owner.siret": "123"})
    told = copper_orders.upstream(sandbox, order)
    copper_orders.elsewhere(sandbox).replace_order(str(order.upstream_id), told | {"comment": "There"})
    return copper_orders.send(copper_orders.edit(order, sales, comment="Here, changed"))


def _copper_refused(sales: User, sandbox: SandboxProcess) -> CopperOrder:
    """A draft whose contact is gone at Covage, and with it a contact that was known here."""
    order = copper_orders.open_order(sales, contacts__operator__contact_uuid="k2nlerox")
    sandbox.extranet("DELETE", "contacts/k2nlerox/")
    return copper_orders.send(copper_orders.edit(order, sales, comment="Ring twice"))


def _copper_rejected(sales: User, sandbox: SandboxProcess) -> CopperOrder:
    order = copper_orders.submitted_order(sales, comment="REJECT-CONTROL")
    sandbox.on_copper(str(order.upstream_id), "advance", {"steps": 1})
    return copper_orders.look(order)


def _contacts(people: People) -> Iterator[Place]:
    sales, back_office = people.sales, people.back_office
    known = Contact.objects.get(upstream_id="bp5nkkcx")
    for person in (sales, back_office):
        yield Place(f"contacts, to {person}", "/extranet/contacts/", person)
    yield Place("contacts, none found", "/extranet/contacts/?q=xyzzy", sales)
    yield Place("contact, new", "/extranet/contacts/new/", sales)
    yield Place("contact", known.get_absolute_url(), back_office)
    yield Place("contact, delete", f"{known.get_absolute_url()}delete/", back_office)


def _dashboards(people: People) -> Iterator[Place]:
    leadtimes.roll_up()
    statistics.count_orders()
    for person in (people.back_office, people.sales):
        yield Place(f"dashboard of {person}", "/dashboard/", person)
    yield Place("appointments", "/dashboard/appointments/", people.back_office)
    yield Place("notices, none", "/notices/", people.back_office)
    yield Place("how one is told, nothing watched", "/notices/settings/", people.back_office)


def _rejected(sales: User, sandbox: SandboxProcess) -> Cart:
    cart = open_cart(sales, lines=1)
    values = ready_values(enni=ways.UNKNOWN_ENNI, end_customer_name="Cabinet Lenoir")
    line_actions.add_line(cart.pk, sales, values=values)
    confirm(send(cart), sales)
    ways.let_covage_work(sandbox)
    run_sync()
    return Cart.objects.get(pk=cart.pk)


def _lacking(sales: User, sandbox: SandboxProcess) -> Cart:
    """A cart that lacks much, with a value that is none, and a change on both sides."""
    cart = open_cart(sales)
    values = ready_values(end_customer_name="Garage du Centre", enni=None, note="Here")
    values = {path: value for path, value in values.items() if "contact1" not in path}
    line = line_actions.add_line(cart.pk, sales, values=values, typed={"vlan_reference": "5000"})
    cart = send(cart)
    line.refresh_from_db()
    elsewhere(sandbox).update_line(str(cart.upstream_id), str(line.upstream_id), {"note": "There"})
    edit(line, sales, note="Here, changed")
    return send(cart)

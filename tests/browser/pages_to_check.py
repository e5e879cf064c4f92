"""Every page of the portal in every state that looks different, for the checks that all have to pass."""

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
from tests.browser import page_helpers
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


class PageToCheck(NamedTuple):
    """A page: its name, address and reader, the status it responds with, and what is done before."""

    name: str
    address: str
    person: User | None
    status: int = 200
    prepare: Callable[[], object] = lambda: None


def every_page(people: People, sandbox: SandboxProcess) -> list[PageToCheck]:
    """Every page, once the carts and orders that they show were made."""
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
        PageToCheck("cart of another team", empty.get_absolute_url(), people.other_sales, 404),
    ]


def _carts(carts: dict[str, Cart], sales: User) -> Iterator[PageToCheck]:
    yield PageToCheck("carts", "/carts/", sales)
    yield PageToCheck("carts, none found", "/carts/?state=completed", sales)
    yield PageToCheck("cart, new", "/carts/new/", sales)
    for name, cart in carts.items():
        yield PageToCheck(f"cart, {name}", cart.get_absolute_url(), sales)
    for page in ("confirm", "edit", "delete", "lines/new"):
        yield PageToCheck(f"cart, {page}", f"{carts['ready'].get_absolute_url()}{page}/", sales)
    yield PageToCheck("cart, confirm though lacking", f"{carts['lacking'].get_absolute_url()}confirm/", sales)


def _lines(lacking: Line, rejected: Cart, again: Cart, sales: User) -> Iterator[PageToCheck]:
    yield PageToCheck("lines", "/lines/", sales)
    yield PageToCheck("line, lacking", lacking.get_absolute_url(), sales)
    yield PageToCheck("line, to be corrected", again.lines.get().get_absolute_url(), sales)
    for line in rejected.lines.all():
        yield PageToCheck(f"line, {line.state}", line.get_absolute_url(), sales)
    for page in ("duplicate", "delete"):
        yield PageToCheck(f"line, {page}", f"{lacking.get_absolute_url()}{page}/", sales)


def _shell(people: People) -> Iterator[PageToCheck]:
    yield PageToCheck("sign in", "/accounts/login/", None)
    for person in (people.sales, people.back_office, people.administrator, people.nobody):
        yield PageToCheck(f"home of {person}", "/", person)
    yield PageToCheck("outbox", "/outbox/", people.sales)
    yield PageToCheck("outbox, done", "/outbox/?show=done", people.sales)
    yield PageToCheck("search, found", "/search/?q=boulangerie", people.sales)
    yield PageToCheck("search, nothing", "/search/?q=xyzzy", people.sales)
    yield from _notifications(people.sales)
    yield PageToCheck("operations", "/operations/", people.administrator)
    yield PageToCheck("change password", "/accounts/password/change/", people.sales)
    yield PageToCheck("second factor", "/accounts/2fa/", people.sales)
    yield PageToCheck("no such page", "/nowhere/", people.sales, 404)
    yield PageToCheck("not for this role", "/operations/", people.sales, 403)


def _notifications(sales: User) -> Iterator[PageToCheck]:
    """Notices of two kinds, one of them read, and something of each kind that is watched."""
    order = Subject(uuid.uuid4(), "CMD_X_1", "/orders/CMD_X_1/", "Boulangerie Martin")
    view = SavedView.objects.create(owner=sales, page="orders", name="Active ones", query="state=active")
    note = Note.objects.create(subject_id=order.id, author=sales, text="Call before ten.")
    watches_actions.watch_subjects(sales, [order])
    watches_actions.watch_customer(sales, order.customer)
    watches_actions.watch_view(sales, view)
    for changes in ({"state": ["in_progress", "active"]}, {}):
        change = Changed("orders", order.id, order.label, order.url, order.customer, changes)
        record_changes([change], timezone.now())
    notify_watchers()
    Notice.objects.filter(change__changes={}).update(is_unread=False)
    yield PageToCheck("notices", "/notices/", sales)
    feeds.open_feed(sales)
    yield PageToCheck("notification settings", "/notices/settings/", sales)
    yield PageToCheck("note, to be changed", f"/notes/{note.pk}/", sales)
    yield PageToCheck("saved view, to be changed", f"/views/{view.pk}/", sales)


def _orders(people: People, sandbox: SandboxProcess) -> Iterator[PageToCheck]:
    """Orders in each state that looks different, their documents, and the requests on them."""
    sales, back_office = people.sales, people.back_office
    building, ended = order_at(sandbox, "in_progress"), order_at(sandbox, "terminated")
    active, requested, odd, gone = orders_at(sandbox, "active", 4)
    _make_odd(odd, sandbox)
    mark_gone(gone.reference, timezone.now())
    ingest_requests(requests_at(sandbox, ended))
    ask(requested, back_office)
    named = {"in production": building, "terminated": ended, "of an unknown state": odd, "gone": gone}
    for name, order in (named | {"active": active, "termination requested": requested}).items():
        yield PageToCheck(f"order, {name}", order.get_absolute_url(), back_office)
    yield PageToCheck("order, to sales", active.get_absolute_url(), sales)
    yield PageToCheck(
        "order, a document", f"{active.get_absolute_url()}?view={active.reference}_1.pdf", sales
    )
    framed = f"{active.get_absolute_url()}documents/{active.reference}_1.pdf/frame/"
    yield PageToCheck("order, a document's frame", framed, sales)
    yield PageToCheck("order, a bad document", f"{odd.get_absolute_url()}documents/form.pdf", sales, 502)
    yield PageToCheck("order, none such", "/orders/CMD_X_NONE/", sales, 404)
    for name, order in (("", active), (", not possible", ended)):
        yield PageToCheck(f"termination{name}", f"{order.get_absolute_url()}terminate/", back_office)
    yield PageToCheck("requests", "/requests/", back_office)
    yield PageToCheck("requests, none found", "/requests/?order_reference=none", sales)
    yield PageToCheck("orders", "/orders/?sort=reference", back_office)
    yield PageToCheck("orders, filtered", "/orders/?late=true&state=in_progress&state=active", sales)
    yield PageToCheck("orders, saved view", "/orders/?state=active", sales)
    yield PageToCheck("orders, none found", "/orders/?q=xyzzy", sales)
    yield PageToCheck("orders, a filter in error", "/orders/?q=a", sales)


def _make_odd(order: Order, sandbox: SandboxProcess) -> None:
    """A state that nobody knows, an appointment in the past, and an invalid document."""
    sandbox.on_order(order.reference, "change", {"state": "road_permit_requested"})
    sandbox.on_order(
        order.reference, "history", {"state": "road_permit_requested", "change_reason": "Voirie"}
    )
    document = {"type": "BDC", "filename": "form.pdf", "text": "<html>no PDF"}
    sandbox.on_order(order.reference, "documents", document)
    tracking_sync.refresh(order, clients.client())


def _exports(back_office: User) -> Iterator[PageToCheck]:
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
        yield PageToCheck(
            f"exports, {name}", "/exports/", back_office, prepare=partial(_only_export, columns)
        )


def _only_export(columns: dict[str, object]) -> None:
    Export.objects.all().delete()
    if columns:
        Export.objects.create(**columns)


def _copper(people: People, sandbox: SandboxProcess) -> Iterator[PageToCheck]:
    """Copper orders in each status that looks different, and the pages on which they are answered."""
    sales, back_office = people.sales, people.back_office
    copper_orders.read_products()
    named = _copper_orders(people, sandbox)
    for name, order in named.items():
        yield PageToCheck(f"copper order, {name}", order.get_absolute_url(), sales)
    for name in ("pending", "completed", "door"):
        yield PageToCheck(f"copper order, {name}, to the office", named[name].get_absolute_url(), back_office)
    for page in ("submit", "delete", "owner"):
        yield PageToCheck(f"copper draft, {page}", f"{named['ready'].get_absolute_url()}{page}/", sales)
    yield PageToCheck("copper, submit though lacking", f"{named['lacking'].get_absolute_url()}submit/", sales)
    for page in ("confirm", "cancel"):
        yield PageToCheck(f"copper order, {page}", f"{named['pending'].get_absolute_url()}{page}/", sales)
    yield PageToCheck("copper, terminate by reference", "/extranet/terminate/", back_office)
    yield PageToCheck(
        "copper, terminate an unknown", "/extranet/terminate/?service=S20101102_99999", back_office
    )
    yield PageToCheck("copper, terminate", f"{named['completed'].get_absolute_url()}terminate/", back_office)
    for level in ("standard", "premium"):
        slots = f"{named['line to build'].get_absolute_url()}slots/?level={level}"
        yield PageToCheck(f"copper order, slots, {level}", slots, sales)
    yield PageToCheck("copper, new", "/extranet/new/", sales)
    for person in (sales, back_office):
        yield PageToCheck(f"copper orders of {person}", "/extranet/", person)
    yield PageToCheck("copper orders, filtered", "/extranet/?status=completed&product_family=S", back_office)
    yield PageToCheck("copper orders, none found", "/extranet/?q=xyzzy", sales)
    yield PageToCheck("all of a customer", "/search/?customer=Untel", sales)
    yield PageToCheck("home with copper of the office", "/", back_office)
    yield PageToCheck("home with copper of sales", "/", sales)


def _copper_orders(people: People, sandbox: SandboxProcess) -> dict[str, CopperOrder]:
    """The orders by what is special about them; those of the past are synced."""
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
    """A draft that lacks much, with an invalid value, and a change on both sides."""
    order = copper_orders.open_order(sales, comment="Here", enni__enni_vlan=None)
    copper.edit_order(order.uuid, sales, {"owner.type": "registrated"}, {"owner.siret": "123"})
    raw = copper_orders.upstream(sandbox, order)
    copper_orders.elsewhere(sandbox).replace_order(str(order.upstream_id), raw | {"comment": "There"})
    return copper_orders.send(copper_orders.edit(order, sales, comment="Here, changed"))


def _copper_refused(sales: User, sandbox: SandboxProcess) -> CopperOrder:
    """A draft whose contact is gone at Covage, and with it a contact that was known here."""
    order = copper_orders.open_order(sales, contacts__operator__contact_uuid="k2nlerox")
    sandbox.extranet("DELETE", "contacts/k2nlerox/")
    return copper_orders.send(copper_orders.edit(order, sales, comment="Ring twice"))


def _copper_rejected(sales: User, sandbox: SandboxProcess) -> CopperOrder:
    order = copper_orders.submitted_order(sales, comment="REJECT-CONTROL")
    sandbox.on_copper(str(order.upstream_id), "advance", {"steps": 1})
    return copper_orders.refreshed(order)


def _contacts(people: People) -> Iterator[PageToCheck]:
    sales, back_office = people.sales, people.back_office
    known = Contact.objects.get(upstream_id="bp5nkkcx")
    for person in (sales, back_office):
        yield PageToCheck(f"contacts, to {person}", "/extranet/contacts/", person)
    yield PageToCheck("contacts, none found", "/extranet/contacts/?q=xyzzy", sales)
    yield PageToCheck("contact, new", "/extranet/contacts/new/", sales)
    yield PageToCheck("contact", known.get_absolute_url(), back_office)
    yield PageToCheck("contact, delete", f"{known.get_absolute_url()}delete/", back_office)


def _dashboards(people: People) -> Iterator[PageToCheck]:
    leadtimes.roll_up()
    statistics.count_orders()
    for person in (people.back_office, people.sales):
        yield PageToCheck(f"dashboard of {person}", "/dashboard/", person)
    yield PageToCheck("appointments", "/dashboard/appointments/", people.back_office)
    yield PageToCheck("notices, none", "/notices/", people.back_office)
    yield PageToCheck("notification settings, nothing watched", "/notices/settings/", people.back_office)


def _rejected(sales: User, sandbox: SandboxProcess) -> Cart:
    cart = open_cart(sales, lines=1)
    values = ready_values(enni=page_helpers.UNKNOWN_ENNI, end_customer_name="Cabinet Lenoir")
    line_actions.add_line(cart.pk, sales, values=values)
    confirm(send(cart), sales)
    page_helpers.advance_covage(sandbox)
    run_sync()
    return Cart.objects.get(pk=cart.pk)


def _lacking(sales: User, sandbox: SandboxProcess) -> Cart:
    """A cart that lacks much, with an invalid value, and a change on both sides."""
    cart = open_cart(sales)
    values = ready_values(end_customer_name="Garage du Centre", enni=None, note="Here")
    values = {path: value for path, value in values.items() if "contact1" not in path}
    line = line_actions.add_line(cart.pk, sales, values=values, typed={"vlan_reference": "5000"})
    cart = send(cart)
    line.refresh_from_db()
    elsewhere(sandbox).update_line(str(cart.upstream_id), str(line.upstream_id), {"note": "There"})
    edit(line, sales, note="Here, changed")
    return send(cart)

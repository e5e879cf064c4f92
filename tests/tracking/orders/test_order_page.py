"""An order's page."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given
from hypothesis import settings as limits

from accounts.models import User
from notifications.models import Note, Unread
from outbox.apis import COVAGE
from outbox.models import ApiHealth, Operation
from sessions_app.models import Cart, Line
from tests.conftest import People, switch_on_field_names
from tests.sandbox_process import SandboxProcess
from tests.tracking.order_factory import an_order
from tests.tracking.vendor_documents import DETAIL, as_received, detail, history, hostile, listed
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Document, LeadTime, Order, OrderDetail, Request, StepTime
from tracking.orders.timeline import milestones_of
from tracking.requests.actions import ACTIONS, RequestData, make_request
from tracking.states import Step

pytestmark = pytest.mark.django_db

SPEC = Path(__file__).parents[2] / "fixtures" / "spec"
SignIn = Callable[[User], Client]


def _order(
    raw: dict[str, Any] | None = None, states: list[Any] | None = None, *, ago: int = 0, **changes: Any
) -> Order:
    """An order as read `ago` seconds ago, so that the page need not ask the vendor."""
    at = timezone.now() - timedelta(seconds=ago)
    store.ingest_page([listed(**changes)], at - timedelta(seconds=1))
    page = {"state": changes.get("state", "in_progress")} | (raw or {})
    store.ingest_reading(Reading("CMD_X_00000001", at, detail(**page), states or history("acknowledged"), []))
    return Order.objects.get()


def _page(client: Client, order: Order, **query: str) -> str:
    response = client.get(order.get_absolute_url(), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def _undeclared(page: str) -> str:
    return page[page.index("More from Covage") :]


def _spec(name: str) -> Any:
    return json.loads((SPEC / f"order-tracking-order-{name}.json").read_text(encoding="utf-8"))


def test_an_unknown_order_is_not_found(sales_client: Client) -> None:
    assert sales_client.get("/orders/CMD_X_NOTHING/").status_code == 404


def test_the_vendors_own_id_leads_to_the_order(sales_client: Client) -> None:
    order = _order()
    response = sales_client.get(f"/orders/{order.upstream_id}/")
    assert (response.status_code, response["Location"]) == (302, order.get_absolute_url())


def test_everything_of_the_documentations_example_is_on_the_page(
    people: People, sales_client: Client
) -> None:
    switch_on_field_names(people.sales)
    at = timezone.now()
    store.ingest_page([_spec("list-item")], at)
    raw = _spec("detail")
    store.ingest_reading(
        Reading(raw["order_reference"], at, raw, _spec("history")["results"], _spec("documents"))
    )
    page = _page(sales_client, Order.objects.get())
    for name, value in {**_spec("list-item"), **raw}.items():
        if value not in (None, "", []) and name != "state":
            assert f"{name}" in page or name in ("termination_error", "related_contact_information"), name
    for text in (
        "PO_DC173_20250423_003366",
        "toto@gmail.com",
        "THD Zone 1",
        "440.00 €",
        "960.00 €",
        "540.00 €",
        "GTR 4H HO",
        "Livraison locale",
        "COVAGE INFRA",
        "Gregory DUPONT",
        "1 week after the order",
        "CMD_X_00009444_1.pdf",
        "held for ADV validation",
    ):
        assert text in page


def test_undeclared_fields_are_shown_in_their_own_words_and_by_name_to_anyone_who_wants_names(
    people: People, sales_client: Client
) -> None:
    order = _order(
        {
            "drone_slot": {"at": "noon"},
            "product": {"name": "BPE", "colour": "red", "options": [{"label": "GTR", "sla": "gold"}]},
            "manager_regional": {"name": "Gregory", "pager": "12"},
        }
    )
    plain = _undeclared(_page(sales_client, order))
    switch_on_field_names(people.sales)
    named = _undeclared(_page(sales_client, order))
    for words, name, value in (
        ("Drone slot", "drone_slot", "noon"),
        ("Product › colour", "product.colour", "red"),
        ("Product › options › 1 › sla", "product.options.0.sla", "gold"),
        ("Manager regional › pager", "manager_regional.pager", "12"),
    ):
        assert f"<dt>{words} </dt>" in plain
        assert name not in plain
        assert f'<dt>{words} <code class="vendor-name">{name}</code></dt>' in named
        assert value in plain
        assert value in named


def test_contacts_and_managers_can_be_called_and_written_to(sales_client: Client) -> None:
    raw = {
        "related_contact_information": [
            {"contact1_phone_number": "215488745", "contact1_email_address": "toto@gmail.com"},
            {"contact1_phone_number": "call me", "contact1_email_address": "javascript:alert(1)"},
        ],
        "manager_regional": {"name": "Gregory DUPONT", "email": "g@covage.com", "phone": "612345678"},
        "manager_national": {"name": "<b>Anne</b>", "email": "nobody", "phone": ""},
    }
    page = _page(sales_client, _order(raw))
    assert '<a href="tel:0215488745">215488745</a>' in page
    assert '<a href="mailto:toto@gmail.com">toto@gmail.com</a>' in page
    assert '<a href="tel:0612345678">612345678</a>' in page
    assert '<a href="mailto:g@covage.com">g@covage.com</a>' in page
    assert "call me" in page
    assert 'href="javascript' not in page
    assert 'href="mailto:nobody"' not in page
    assert "&lt;b&gt;Anne&lt;/b&gt;" in page


def test_errors_of_a_termination_are_shown_with_their_field(sales_client: Client) -> None:
    errors = [{"code": "invalid", "property_path": "notice_period", "value": "0"}]
    page = _page(sales_client, _order({"termination_error": errors}))
    assert "Errors of the termination" in page
    assert "Notice period:</strong> Invalid" in page


def test_the_timeline_shows_what_was_reached_and_what_comes_next(sales_client: Client) -> None:
    states = history(
        "production_in_progress", "production_manager_assigned", "technical_visit_planned", "lost"
    )
    order = _order(states=states)
    places = {step.name: step.place for step in milestones_of(order, states)}
    assert places["production_manager_assigned"] == "done"
    assert places["optical_route_received"] == "unreported"
    assert places["technical_visit_planned"] == "done"
    assert places["technical_visit_completed"] == "next"
    assert places["intervention_report_published"] == "ahead"
    assert list(places) == Step.values
    page = _page(sales_client, order)
    assert "Now: Lost, since" in page
    assert "comes next" in page
    assert "passed, not reported" in page


def test_the_current_step_shows_for_how_long(sales_client: Client) -> None:
    states = history("production_manager_assigned", "optical_route_received")
    order = _order(states=states)
    steps = {step.name: step for step in milestones_of(order, states)}
    assert steps["production_manager_assigned"].took == "24 hours"
    assert steps["optical_route_received"].place == "current"
    assert 'aria-current="step"' in _page(sales_client, order)


def test_an_order_in_service_has_no_next_step(sales_client: Client) -> None:
    states = history("production_manager_assigned", "active")
    order = _order(states=states, state="active")
    assert {step.place for step in milestones_of(order, states)} == {"done", "ahead"}
    assert "comes next" not in _page(sales_client, order)


def test_how_long_a_step_usually_takes_is_shown_for_the_technology_or_else_for_all() -> None:
    step, other = "optical_route_received", "connexion_planned"
    LeadTime.objects.create(technology="", step=step, count=50, median=9, p90=20)
    LeadTime.objects.create(technology="", step=other, count=50, median=0.02, p90=0.5)
    LeadTime.objects.create(technology="FIBDE", step=step, count=30, median=4, p90=11)
    LeadTime.objects.create(technology="FON", step=step, count=30, median=40, p90=110)
    order = _order(states=history(step))
    usual = {one.name: one.usual for one in milestones_of(order, history(step))}
    assert usual[step] == "usually 4 days, nine in ten within 11 days"
    assert usual[other] == "usually less than an hour, nine in ten within 12 hours"


def test_a_planned_visit_is_shown_with_its_day(sales_client: Client) -> None:
    reasons = {"technical_visit_planned": "Rendez-vous le 12/01/2031 à 09:00"}
    order = _order(states=history("technical_visit_planned", reasons=reasons))
    assert "planned for 12 Jan 2031, 09:00" in _page(sales_client, order)


def test_the_history_keeps_unknown_states_and_unreadable_dates(sales_client: Client) -> None:
    states = [
        {"state": "held_by_gnomes", "change_date": "2026-09-02T10:00:00Z", "change_reason": "No <tea>"},
        {"state": "acknowledged", "change_date": "once upon a time", "change_reason": ""},
        {"change_date": "2026-09-01"},
        "no entry at all",
    ]
    page = _page(sales_client, _order(states=states))
    activity = page[page.index("History at Covage") :]
    for text in (
        "Held by gnomes",
        "No &lt;tea&gt;",
        "once upon a time",
        "no entry at all",
        "no state given",
        "02/09/2026 12:00",
    ):
        assert text in activity


def test_commitment_and_notice_are_shown_in_sentences(sales_client: Client) -> None:
    raw = {"commitment_end_date": "2031-01-31", "notice_period": 3}
    page = _page(sales_client, _order(raw, state="active"))
    assert "The commitment runs until 31/01/2031" in page
    assert "the last day to end it is 31/10/2030." in page
    assert "calculated from the delivery" not in page


def test_a_commitment_end_that_covage_does_not_give_is_computed_and_says_so(sales_client: Client) -> None:
    raw = {"completion_date": "2030-05-10", "minimum_commitment_duration": 12}
    page = _page(sales_client, _order(raw, state="active"))
    assert "calculated from the delivery and 12 months." in page
    assert "The commitment runs until 10/05/2031" in page


def test_an_order_in_production_says_nothing_of_ending_it(sales_client: Client) -> None:
    assert "The commitment runs" not in _page(sales_client, _order({"commitment_end_date": "2031-01-31"}))


def test_an_order_that_is_late_or_stuck_says_so(sales_client: Client) -> None:
    late = (timezone.localdate() - timedelta(days=3)).isoformat()
    order = _order({"estimated_delivery_date": late})
    Order.objects.update(stuck_on=timezone.now() - timedelta(days=1))
    page = _page(sales_client, order)
    assert "3 days late." in page
    assert "step taking longer than usual" in page


def test_an_order_on_time_says_when_it_is_expected(sales_client: Client) -> None:
    assert "Expected on 1 Jan 2031." in _page(sales_client, _order({"estimated_delivery_date": "2031-01-01"}))


def test_changes_since_the_reader_last_looked_are_shown_once(sales_client: Client) -> None:
    order = _order(ago=40)
    assert "Changed since you last looked" not in _page(sales_client, order)
    later = detail(technical_note="Ring twice", state="in_progress")
    at = timezone.now()
    store.ingest_reading(Reading(order.reference, at, later, history("acknowledged", "created"), None))
    assert Unread.objects.count() == 1
    page = _page(sales_client, order)
    assert "Changed since you last looked" in page
    assert "Technical note: <del>—</del> → <ins>Ring twice</ins>" in page
    assert "Production step: <del>acknowledged</del> → <ins>created</ins>" in page
    assert Unread.objects.count() == 0
    assert "Changed since you last looked" not in _page(sales_client, order)


def test_an_order_never_read_is_read_while_the_reader_waits(
    sales_client: Client, sandbox: SandboxProcess
) -> None:
    raw = sandbox.control("GET", "orders?state=active&limit=1")[0]
    store.ingest_page([raw], timezone.now())
    order = Order.objects.get()
    page = _page(sales_client, order)
    assert "Last read from Covage at" in page
    assert "Commitment and notice" in page
    assert "Service reference" in page
    assert OrderDetail.objects.get().detail


def test_while_covage_is_down_what_is_kept_is_shown_with_its_age(
    sales_client: Client, sandbox: SandboxProcess
) -> None:
    order = _order(ago=3600)
    sandbox.down()
    page = _page(sales_client, order)
    assert "Covage couldn't be asked for newer data just now." in page
    assert "FR000001" in page
    sandbox.down(False)


def test_an_order_that_was_never_read_shows_the_lists_data_meanwhile(sales_client: Client) -> None:
    store.ingest_page([listed()], timezone.now())
    now = timezone.now()
    ApiHealth.objects.create(name=COVAGE, down_since=now, tried_at=now)
    page = _page(sales_client, Order.objects.get())
    assert "this is what the list of orders shows" in page
    assert "Boulangerie Martin" in page


def test_an_order_read_a_few_minutes_ago_is_shown_at_once_and_read_again_behind_it(
    sales_client: Client, sandbox: SandboxProcess
) -> None:
    raw = sandbox.control("GET", "orders?state=active&limit=1")[0]
    before = timezone.now() - timedelta(minutes=5)
    store.ingest_page([raw], before - timedelta(seconds=1))
    reference = raw["order_reference"]
    old = detail(state="active", order_reference=reference, note="As it was")
    store.ingest_reading(Reading(reference, before, old, [], []))
    order = Order.objects.get()
    page = _page(sales_client, order)
    assert "As it was" in page
    assert "?fresh=1&amp;since=" in page
    assert not [entry for entry in sandbox.log() if reference in entry["path"]]
    since = (before - timedelta(minutes=1)).isoformat()
    fresh = sales_client.get(
        order.get_absolute_url(), {"fresh": "1", "since": since}, headers={"HX-Request": "true"}
    ).content.decode()
    assert fresh.lstrip().startswith('<div id="live"')
    assert "Changed since you last looked" in fresh
    assert "fresh=1" not in fresh
    assert Order.objects.filter(read_at__gt=before).exists()
    assert not Unread.objects.exists()


def test_an_order_just_read_is_not_requested_again(sales_client: Client, sandbox: SandboxProcess) -> None:
    order = _order()
    page = _page(sales_client, order)
    sales_client.get(order.get_absolute_url(), {"fresh": "1"}, headers={"HX-Request": "true"})
    assert "fresh=1" not in page
    assert not [entry for entry in sandbox.log() if order.reference in entry["path"]]


def test_an_order_that_is_gone_says_so_and_stays_readable(sales_client: Client) -> None:
    order = _order(state="active")
    Order.objects.update(gone_at=timezone.now())
    page = _page(sales_client, order)
    assert "no longer at Covage" in page
    assert "Covage no longer has this order" in page


def test_half_a_reading_says_what_is_missing(sales_client: Client) -> None:
    order = _order()
    OrderDetail.objects.update(
        failure="Covage couldn't list this order's documents. Those already known are kept."
    )
    assert "list this order&#x27;s documents." in _page(sales_client, order)


def test_only_the_back_office_is_offered_to_terminate_and_only_what_is_active(
    sales_client: Client, back_office_client: Client
) -> None:
    order = _order(state="active")
    address = f"{order.get_absolute_url()}terminate/"
    assert address in _page(back_office_client, order)
    assert address not in _page(sales_client, order)
    Order.objects.update(state="in_progress")
    assert address not in _page(back_office_client, order)


def test_requests_on_the_order_are_shown_as_pending_refused_and_made(
    back_office_client: Client, people: People
) -> None:
    order = _order(state="active")
    Request.objects.create(
        upstream_id="1",
        order_reference=order.reference,
        action="Résiliation",
        reason="Déménagement",
        request_effective_date="2031-01-31",
        creation_date="2026-01-01T10:00:00Z",
        requested_by=people.back_office,
    )
    Request.objects.create(upstream_id="2", order_reference=order.reference, action="Danse", digest="x")
    operation = make_request(
        order, ACTIONS["terminate"], people.back_office, RequestData("r", "", None, ("1", "2")), key="k"
    )
    page = _page(back_office_client, order)
    for text in ("Termination:</strong> Déménagement", "Effective on 31 Jan 2031", "Danse", "waiting"):
        assert text in page
    assert f"{order.get_absolute_url()}terminate/" not in page
    failed = {"failure": "ServerError", "request_uuid": "KOSC_1f0c"}
    Operation.objects.filter(pk=operation.pk).update(**failed)
    page = _page(back_office_client, order)
    assert "<strong>Terminate</strong>" in page
    assert ">KOSC_1f0c</code>" in page
    refused = {"state": Operation.State.REFUSED, "failure": "NotInState", "finished_at": timezone.now()}
    Operation.objects.filter(pk=operation.pk).update(**refused)
    page = _page(back_office_client, order)
    assert "The order has since changed state" in page
    assert ">KOSC_1f0c</code>" in page


def test_notes_and_watching_are_on_the_page(sales_client: Client, people: People) -> None:
    order = _order()
    Note.objects.create(subject_id=order.uuid, author=people.sales, text="Ask for the keys")
    page = _page(sales_client, order)
    assert "Ask for the keys" in page
    assert "Watch this order" in page
    assert "Watch all of Boulangerie Martin" in page


def test_an_order_made_here_leads_to_its_line_and_cart_and_the_line_to_it(
    people: People, signed_in: SignIn
) -> None:
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    line = Line.objects.create(
        cart=cart, order_reference=listed()["id"], state="in_progress", order_date=timezone.now()
    )
    order = _order()
    assert order.line_id == line.pk
    page = _page(signed_in(people.sales), order)
    assert line.get_absolute_url() in page
    assert cart.get_absolute_url() in page
    assert "Ordered by" in page
    assert line.get_absolute_url() not in _page(signed_in(people.other_sales), order)
    of_line = signed_in(people.sales).get(line.get_absolute_url()).content.decode()
    assert f'href="/lines/{line.pk}/order/">Order {line.order_reference}</a>' in of_line
    response = signed_in(people.sales).get(f"/lines/{line.pk}/order/")
    assert (response.status_code, response["Location"]) == (302, "/orders/CMD_X_00000001/")


def _led_from(line: Line, client: Client) -> tuple[str, str]:
    """Where the link to a line's order leads, and the page there."""
    response = client.get(f"/lines/{line.pk}/order/", follow=True)
    assert response.status_code == 200
    return response.redirect_chain[-1][0], response.content.decode()


def test_an_order_that_is_not_known_yet_leads_back_to_its_line_and_says_so(
    people: People, sales_client: Client
) -> None:
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    line = Line.objects.create(cart=cart, order_reference="PO_DC173_9", order_date=timezone.now())
    address, page = _led_from(line, sales_client)
    assert address == line.get_absolute_url()
    assert "The order of this line isn&#x27;t known here yet." in page


def test_a_line_without_a_reference_is_no_orders_whose_id_is_blank(
    people: People, sales_client: Client
) -> None:
    an_order(id="")
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1")
    line = Line.objects.create(cart=cart)
    assert _led_from(line, sales_client)[0] == line.get_absolute_url()


def test_somebody_elses_line_leads_nowhere(people: People, signed_in: SignIn) -> None:
    _order()
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    line = Line.objects.create(cart=cart, order_reference=listed()["id"], order_date=timezone.now())
    assert signed_in(people.other_sales).get(f"/lines/{line.pk}/order/").status_code == 404


@pytest.mark.parametrize(
    "columns", [{"order_date": None, "state": "created"}, {"state": "rejected_creation"}]
)
def test_a_line_that_was_not_ordered_or_was_rejected_has_no_link_to_an_order(
    people: People, back_office_client: Client, columns: dict[str, Any]
) -> None:
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    columns = {"order_date": timezone.now()} | columns
    line = Line.objects.create(cart=cart, order_reference=listed()["id"], **columns)
    page = back_office_client.get(line.get_absolute_url()).content.decode()
    assert line.order_reference in page
    assert f"/lines/{line.pk}/order/" not in page


def test_the_page_needs_no_more_queries_the_more_there_is_on_it(sales_client: Client) -> None:
    order = _order(states=history(*Step.values))
    _page(sales_client, order)
    with CaptureQueriesContext(
        connection,
    ) as few:
        _page(sales_client, order)
    for number in range(20):
        Document.objects.create(order=order, kind=str(number % 3), filename=f"{number}.pdf")
        Request.objects.create(upstream_id=str(number), order_reference=order.reference, action="Résiliation")
        StepTime.objects.create(
            order=order, step="x", started_at=timezone.now(), ended_at=timezone.now(), days=1
        )
    with CaptureQueriesContext(connection) as many:
        _page(sales_client, order)
    assert len(many) == len(few)


@limits(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    raw=hostile(DETAIL | {"related_contact_information": [{"city": "X"}], "manager_regional": {"name": "Y"}})
)
def test_a_document_of_any_content_makes_a_page(sales_client: Client, raw: dict[str, Any]) -> None:
    order = Order.objects.first() or _order()
    OrderDetail.objects.update(detail=as_received(raw), history=[as_received(raw), as_received(list(raw))])
    Order.objects.update(read_at=timezone.now())
    assert sales_client.get(order.get_absolute_url()).status_code == 200

"""An order's page: all that Covage shows of it, commitment and notice, requests, notes."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import given

from notifications.models import Note
from outbox.models import Operation
from tests.conftest import People, switch_on_field_names
from tests.tracking.orders.page_helpers import ingested_order, order_page
from tests.tracking.vendor_documents import DETAIL, as_received, history, hostile
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Document, Order, OrderDetail, Request, StepTime
from tracking.requests.actions import ACTIONS, RequestData, make_request
from tracking.states import Step

pytestmark = pytest.mark.django_db

SPEC = Path(__file__).parents[2] / "fixtures" / "spec"


def _undeclared(page: str) -> str:
    return page[page.index("More from Covage") :]


def _spec(name: str) -> Any:
    return json.loads((SPEC / f"order-tracking-order-{name}.json").read_text(encoding="utf-8"))


def test_an_unknown_order_is_not_found(sales_client: Client) -> None:
    assert sales_client.get("/orders/CMD_X_NOTHING/").status_code == 404


def test_the_vendors_own_id_leads_to_the_order(sales_client: Client) -> None:
    order = ingested_order()
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
    page = order_page(sales_client, Order.objects.get())
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
    order = ingested_order(
        {
            "drone_slot": {"at": "noon"},
            "product": {"name": "BPE", "colour": "red", "options": [{"label": "GTR", "sla": "gold"}]},
            "manager_regional": {"name": "Gregory", "pager": "12"},
        }
    )
    plain = _undeclared(order_page(sales_client, order))
    switch_on_field_names(people.sales)
    named = _undeclared(order_page(sales_client, order))
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
    page = order_page(sales_client, ingested_order(raw))
    assert '<a href="tel:+33215488745">02 15 48 87 45</a>' in page
    assert '<a href="mailto:toto@gmail.com">toto@gmail.com</a>' in page
    assert '<a href="tel:+33612345678">06 12 34 56 78</a>' in page
    assert '<a href="mailto:g@covage.com">g@covage.com</a>' in page
    assert "call me" in page
    assert 'href="javascript' not in page
    assert 'href="mailto:nobody"' not in page
    assert "&lt;b&gt;Anne&lt;/b&gt;" in page


def test_errors_of_a_termination_are_shown_with_their_field(sales_client: Client) -> None:
    errors = [{"code": "invalid", "property_path": "notice_period", "value": "0"}]
    page = order_page(sales_client, ingested_order({"termination_error": errors}))
    assert "Errors of the termination" in page
    assert "Notice period:</strong> Invalid" in page


def test_commitment_and_notice_are_shown_in_sentences(sales_client: Client) -> None:
    raw = {"commitment_end_date": "2031-01-31", "notice_period": 3}
    page = order_page(sales_client, ingested_order(raw, state="active"))
    assert "The commitment runs until 31/01/2031" in page
    assert "the last day to end it is 31/10/2030." in page
    assert "calculated from the delivery" not in page


def test_a_commitment_end_that_covage_does_not_give_is_computed_and_says_so(sales_client: Client) -> None:
    raw = {"completion_date": "2030-05-10", "minimum_commitment_duration": 12}
    page = order_page(sales_client, ingested_order(raw, state="active"))
    assert "calculated from the delivery and 12 months." in page
    assert "The commitment runs until 10/05/2031" in page


def test_an_order_in_production_says_nothing_of_ending_it(sales_client: Client) -> None:
    assert "The commitment runs" not in order_page(
        sales_client, ingested_order({"commitment_end_date": "2031-01-31"})
    )


def test_only_the_back_office_is_offered_to_terminate_and_only_what_is_active(
    sales_client: Client, back_office_client: Client
) -> None:
    order = ingested_order(state="active")
    address = f"{order.get_absolute_url()}terminate/"
    assert address in order_page(back_office_client, order)
    assert address not in order_page(sales_client, order)
    Order.objects.update(state="in_progress")
    assert address not in order_page(back_office_client, order)


def test_requests_on_the_order_are_shown_as_pending_refused_and_made(
    back_office_client: Client, people: People
) -> None:
    order = ingested_order(state="active")
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
    page = order_page(back_office_client, order)
    for text in ("Termination:</strong> Déménagement", "Effective on 31 Jan 2031", "Danse", "waiting"):
        assert text in page
    assert f"{order.get_absolute_url()}terminate/" not in page
    failed = {"failure": "ServerError", "request_uuid": "KOSC_1f0c"}
    Operation.objects.filter(pk=operation.pk).update(**failed)
    page = order_page(back_office_client, order)
    assert "<strong>Terminate</strong>" in page
    assert ">KOSC_1f0c</code>" in page
    refused = {"state": Operation.State.REFUSED, "failure": "NotInState", "finished_at": timezone.now()}
    Operation.objects.filter(pk=operation.pk).update(**refused)
    page = order_page(back_office_client, order)
    assert "The order has since changed state" in page
    assert ">KOSC_1f0c</code>" in page


def test_notes_and_watching_are_on_the_page(sales_client: Client, people: People) -> None:
    order = ingested_order()
    Note.objects.create(subject_id=order.uuid, author=people.sales, text="Ask for the keys")
    page = order_page(sales_client, order)
    assert "Ask for the keys" in page
    assert "Watch this order" in page
    assert "Watch all of Boulangerie Martin" in page


def test_the_page_needs_no_more_queries_the_more_there_is_on_it(sales_client: Client) -> None:
    order = ingested_order(states=history(*Step.values))
    order_page(sales_client, order)
    with CaptureQueriesContext(
        connection,
    ) as few:
        order_page(sales_client, order)
    for number in range(20):
        Document.objects.create(order=order, kind=str(number % 3), filename=f"{number}.pdf")
        Request.objects.create(upstream_id=str(number), order_reference=order.reference, action="Résiliation")
        StepTime.objects.create(
            order=order, step="x", started_at=timezone.now(), ended_at=timezone.now(), days=1
        )
    with CaptureQueriesContext(connection) as many:
        order_page(sales_client, order)
    assert len(many) == len(few)


@given(
    raw=hostile(DETAIL | {"related_contact_information": [{"city": "X"}], "manager_regional": {"name": "Y"}})
)
def test_a_document_of_any_content_makes_a_page(sales_client: Client, raw: dict[str, Any]) -> None:
    order = Order.objects.first() or ingested_order()
    OrderDetail.objects.update(detail=as_received(raw), history=[as_received(raw), as_received(list(raw))])
    Order.objects.update(read_at=timezone.now())
    assert sales_client.get(order.get_absolute_url()).status_code == 200

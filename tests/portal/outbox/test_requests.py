"""Requests on orders on the page of the outbox."""

from datetime import date
from typing import Any

import pytest
from django.test import Client

from outbox.models import Operation
from tests.conftest import People, StandIn
from tests.portal.outbox.page_helpers import BUTTONS, act, outbox_page
from tracking.models import Order, uuid_of
from tracking.requests.actions import ACTIONS, RequestData, make_request

pytestmark = pytest.mark.postgresql

State = Operation.State


def _an_order(reference: str = "CMD_X_1", **columns: Any) -> Order:
    columns = {"order_date": date(2024, 3, 12), "state": "active", "end_customer_name": "Garage"} | columns
    return Order.objects.create(reference=reference, uuid=uuid_of(reference), **columns)


def _a_request(order: Order, people: People, **columns: Any) -> Operation:
    """A pending termination, or what became of it."""
    data = RequestData("Cessation d'activité", "Fin du bail", date(2027, 1, 31))
    operation = make_request(order, ACTIONS["terminate"], people.back_office, data, key=order.reference)
    Operation.objects.filter(pk=operation.pk).update(**columns)
    operation.refresh_from_db()
    return operation


def test_a_request_is_shown_with_its_order_and_what_is_requested(
    people: People, back_office_client: Client
) -> None:
    order = _an_order(city="Lille")
    _a_request(order, people)
    page = outbox_page(back_office_client)
    assert f'<a href="{order.get_absolute_url()}">CMD_X_1 · Garage · Lille</a>' in page
    assert "<strong>Terminate</strong>" in page
    assert "Cessation d&#x27;activité · 31/01/2027 · Fin du bail" in page
    assert page.count("formaction") == 2


def test_a_refused_request_names_the_field_and_leads_to_its_form(
    people: People, back_office_client: Client
) -> None:
    errors = [{"path": "request_effective_date", "code": "", "message": "Too early.", "value": None}]
    _a_request(_an_order(), people, state=State.REFUSED, failure="Invalid", errors=errors, once=None)
    page = outbox_page(back_office_client)
    assert "Effective date: Too early." in page
    assert 'href="/orders/CMD_X_1/terminate/"' in page


def test_sales_see_the_requests_on_their_own_orders_and_only_read_them(
    people: People, sales_client: Client
) -> None:
    mine = _a_request(_an_order("CMD_X_1", owner=people.sales), people)
    teams = _a_request(_an_order("CMD_X_2", team=people.north), people)
    theirs = _a_request(_an_order("CMD_X_3", owner=people.other_sales), people)
    page = outbox_page(sales_client)
    assert "CMD_X_1" in page
    assert "CMD_X_2" in page
    assert "CMD_X_3" not in page
    assert "formaction" not in page
    for action in BUTTONS:
        assert sales_client.post(f"/outbox/{mine.pk}/{action}/").status_code == 403
        assert sales_client.post(f"/outbox/{teams.pk}/{action}/").status_code == 403
        assert sales_client.post(f"/outbox/{theirs.pk}/{action}/").status_code == 404


def test_the_back_office_withdraws_a_request_that_was_not_sent(
    people: People, back_office_client: Client
) -> None:
    operation = _a_request(_an_order(), people)
    assert (
        "Nothing was requested from Covage."
        in act(back_office_client, operation, "withdraw").content.decode()
    )
    operation.refresh_from_db()
    assert operation.state == State.WITHDRAWN
    assert "Too late to withdraw" in act(back_office_client, operation, "withdraw").content.decode()


def test_the_back_office_dismisses_a_refused_request(people: People, back_office_client: Client) -> None:
    operation = _a_request(_an_order(), people, state=State.REFUSED, once=None)
    act(back_office_client, operation, "dismiss")
    assert "CMD_X_1" not in outbox_page(back_office_client)


def test_the_back_office_sends_a_request_now(
    people: People, back_office_client: Client, connected_to: StandIn
) -> None:
    sandbox = connected_to("--orders", "60")
    (listed,) = sandbox.orders("active")
    operation = _a_request(_an_order(listed["order_reference"]), people)
    assert "Sent: Covage has it." in act(back_office_client, operation, "send").content.decode()
    assert sandbox.counters()["requests_made"] == {listed["order_reference"]: 1}

"""Several orders terminated at once, each by a separate request."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from outbox.models import Operation
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.tracking.page_helpers import POSTING, hidden, outage, text_of, typed
from tests.tracking.request_forms import REASONS, again, know_reasons, made, order_at, orders_at
from tracking.models import Order


def _selected(orders: list[Order], **changes: Any) -> dict[str, Any]:
    return {"selected": [order.pk for order in orders], **changes}


def test_several_are_terminated_each_by_a_separate_request(sandbox: SandboxProcess, client: Client) -> None:
    know_reasons()
    orders = orders_at(sandbox, "active", 3)
    page = client.post("/orders/terminate/", _selected(orders))
    form = typed(key=hidden(page)["key"][0]) | _selected(orders)
    review = client.post("/orders/terminate/", form | {"step": "review"})
    sent = {**hidden(review), "step": "send"}
    for _ in range(2):
        response = client.post("/orders/terminate/", sent, follow=True)
    assert response.redirect_chain == [("/requests/", 302)]
    assert "Covage has accepted the termination of 3 orders." in text_of(response)
    assert made(sandbox) == {order.reference: 1 for order in orders}
    assert Operation.objects.count() == 3


def test_orders_that_can_not_be_terminated_are_named_and_left_out(
    sandbox: SandboxProcess, client: Client
) -> None:
    know_reasons()
    active, built = order_at(sandbox), order_at(sandbox, "in_progress")
    page = client.post("/orders/terminate/", _selected([active, built]))
    assert "Left out" in text_of(page)
    assert "“in production”" in text_of(page)
    form = typed(step="review") | _selected([active, built])
    review = client.post("/orders/terminate/", form)
    assert hidden(review)["selected"] == [str(active.pk)]


def test_without_any_order_to_terminate_the_page_leads_back(sandbox: SandboxProcess, client: Client) -> None:
    page = text_of(client.post("/orders/terminate/", _selected([order_at(sandbox, "terminated")])))
    assert "None of the selected orders can be terminated now" in page


@pytest.mark.parametrize("selected", [[], ["x"], ["0"], ["9" * 30]])
def test_without_a_selection_a_message_says_so(client: Client, people: People, selected: list[str]) -> None:
    response = client.post("/orders/terminate/", {"selected": selected}, follow=True)
    assert "No orders were selected" in text_of(response)


def test_errors_in_the_form_of_several_are_shown_and_can_be_corrected(
    sandbox: SandboxProcess, client: Client
) -> None:
    know_reasons()
    orders = orders_at(sandbox, "active", 2)
    form = typed(reason="") | _selected(orders)
    assert client.post("/orders/terminate/", form | {"step": "review"}).status_code == 422
    page = text_of(client.post("/orders/terminate/", form | {"step": "edit"}))
    assert "Fin du bail <b>n° 4</b></textarea>" in page


def test_during_an_outage_several_are_kept_and_refusals_are_named(
    sandbox: SandboxProcess, client: Client
) -> None:
    know_reasons()
    orders = orders_at(sandbox, "active", 3)
    sandbox.faults([{**POSTING, "fault": "error", "status": 422}])
    form = typed(step="send") | _selected(orders[:2])
    said = text_of(client.post("/orders/terminate/", form, follow=True))
    assert f"Résiliation {orders[0].reference} was refused." in said
    assert "Covage has accepted the termination of 1 order." in said
    outage()
    form = typed(step="send") | _selected(orders)
    said = text_of(client.post("/orders/terminate/", form, follow=True))
    assert "The termination of 2 orders is saved here" in said
    assert f"{orders[1].reference}: " in said


def test_a_request_unseen_on_one_of_several_stops_that_one(sandbox: SandboxProcess, client: Client) -> None:
    know_reasons()
    order = order_at(sandbox)
    sandbox.call("POST", f"order/{order.reference}/terminate/", {"reason": REASONS[1]})
    sandbox.control("POST", f"orders/{order.reference}/change", {"state": "active"})
    form = typed(step="send") | _selected([order])
    client.post("/orders/terminate/", form)
    Order.objects.update(read_at=timezone.now() + timedelta(hours=1))
    form |= {"message": "again"}
    said = text_of(client.post("/orders/terminate/", form, follow=True))
    assert "another request was made on this order in the meantime" in said
    assert made(sandbox) == {order.reference: 1}


def test_where_terminations_are_not_enabled_several_are_not_either(
    client: Client, settings: Settings
) -> None:
    settings.ORDER_ACTIONS = ["change"]
    assert client.post("/orders/terminate/").status_code == 404


def test_several_orders_never_read_are_read_before_they_are_checked(
    sandbox: SandboxProcess, client: Client
) -> None:
    order = order_at(sandbox)
    Order.objects.update(read_at=None, notice_period=None)
    client.post("/orders/terminate/", _selected([order]))
    assert again(order).notice_period is not None

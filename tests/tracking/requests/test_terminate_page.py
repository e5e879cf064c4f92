"""Terminating an order: filled in, reviewed, sent once; refused, pending, and not possible."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from outbox.models import ApiHealth, Operation
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.tracking.page_helpers import HTMX, address, hidden, reviewed, terminate, text_of, typed
from tests.tracking.request_forms import (
    REASONS,
    again,
    ask,
    in_a_year,
    know_reasons,
    made,
    order_at,
    orders_at,
    requests_at,
    rows,
    send,
)
from tracking.models import Order

State = Operation.State
POSTING = {"method": "POST", "path": "/terminate/$", "times": 1}


@pytest.fixture
def order(sandbox: SandboxProcess, people: People) -> Order:
    know_reasons()
    return order_at(sandbox)


@pytest.fixture
def client(back_office_client: Client) -> Client:
    return back_office_client


def _outage() -> None:
    now = timezone.now()
    ApiHealth.objects.update_or_create(name="covage", defaults={"down_since": now, "tried_at": now})


# Who and whether


def test_sales_may_not_terminate(order: Order, sales_client: Client) -> None:
    assert sales_client.get(address(order)).status_code == 403
    assert sales_client.post(address(order), typed(step="send")).status_code == 403
    assert not Operation.objects.exists()


def test_a_request_on_an_unknown_order_is_not_found(client: Client) -> None:
    assert client.get("/orders/CMD_X_NOTHING/terminate/").status_code == 404


@pytest.mark.parametrize("word", ["change", "cancel", "paint"])
def test_an_action_that_is_not_enabled_is_not_found(order: Order, client: Client, word: str) -> None:
    assert client.get(address(order, word)).status_code == 404


def test_an_order_in_production_says_why_not_and_what_is_possible(
    sandbox: SandboxProcess, client: Client, settings: Settings
) -> None:
    settings.ORDER_ACTIONS = ["terminate", "cancel"]
    order = order_at(sandbox, "in_progress")
    page = text_of(client.get(address(order)))
    assert "Only an active order can be terminated. This one is “in production”." in page
    assert f'href="{address(order, "cancel")}"' in page
    assert "<textarea" not in page


def test_an_order_without_any_possible_request_says_so(sandbox: SandboxProcess, client: Client) -> None:
    page = text_of(client.get(address(order_at(sandbox, "terminated"))))
    assert "already been requested from Covage" in page
    assert "Nothing else can be requested" in page


def test_the_order_is_read_again_before_somebody_decides(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    Order.objects.update(read_at=timezone.now() - timedelta(hours=1))
    sandbox.control("POST", f"orders/{order.reference}/change", {"state": "change_in_progress"})
    assert "change in progress" in text_of(client.get(address(order)))
    assert again(order).state == "change_in_progress"


# Step 1


def test_the_form_offers_covages_reasons_and_the_earliest_day_without_fees(
    order: Order, client: Client
) -> None:
    Order.objects.update(commitment_end_date=in_a_year(), notice_period=3)
    page = text_of(client.get(address(order)))
    for reason in REASONS:
        assert f">{reason}</option>" in page
    assert f'value="{in_a_year().isoformat()}"' in page
    assert f"The commitment runs until {in_a_year():%d/%m/%Y}; with a notice period of 3 months" in page
    assert f"The service can end on {in_a_year():%d/%m/%Y} at no cost." in page


def test_the_form_shows_which_order_it_is(order: Order, client: Client) -> None:
    page = text_of(client.get(address(order)))
    for text in (order.reference, order.end_customer_name, order.site_client, order.service_reference):
        assert text in page


def test_a_changed_day_is_checked_at_once(order: Order, client: Client) -> None:
    Order.objects.update(commitment_end_date=in_a_year())
    day = timezone.localdate() + timedelta(days=200)
    answer = client.get(address(order), {"request_effective_date": day.isoformat()}, headers=HTMX)
    assert "before the commitment ends: Covage may charge for the rest." in text_of(answer)
    assert "<form" not in text_of(answer)


@pytest.mark.parametrize("day", ["", "tomorrow", "2026-13-45"])
def test_an_invalid_day_is_not_checked(order: Order, client: Client, day: str) -> None:
    answer = client.get(address(order), {"request_effective_date": day}, headers=HTMX)
    assert answer.status_code == 200
    assert "alert" not in text_of(answer)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"reason": ""}, "This field is required."),
        ({"request_effective_date": ""}, "This field is required."),
        ({"request_effective_date": "2020-01-01"}, "This date is in the past."),
        ({"request_effective_date": "soon"}, "Enter a valid date."),
        ({"reason": REASONS[4], "message": ""}, "This reason needs a comment"),
        ({"message": "é" * 5000}, "at most 4000 characters"),
        ({"reason": "Faillite"}, "Covage no longer accepts this reason."),
    ],
)
@pytest.mark.parametrize("step", ["review", "send"])
def test_errors_are_shown_at_the_field_and_what_was_typed_stays(
    order: Order, client: Client, changes: dict[str, str], said: str, step: str
) -> None:
    answer = client.post(address(order), typed(step=step, **changes))
    assert answer.status_code == 422
    page = text_of(answer)
    assert said in page
    assert typed(**changes)["message"] in page
    assert not Operation.objects.exists()


# Step 2


def test_the_review_shows_exactly_what_is_sent_and_nothing_is_sent_yet(order: Order, client: Client) -> None:
    answer = client.post(address(order), typed(step="review"))
    page = answer.content.decode()
    assert "Fin du bail &lt;b&gt;n° 4&lt;/b&gt;" in page
    for text in ("Cessation d&#x27;activité", f"{in_a_year().day} {in_a_year():%b %Y}", order.reference):
        assert text in page
    assert not Operation.objects.exists()


def test_from_the_review_one_goes_back_to_what_was_typed(order: Order, client: Client) -> None:
    form = reviewed(client, order) | {"step": "edit"}
    page = text_of(client.post(address(order), form))
    assert "Fin du bail <b>n° 4</b></textarea>" in page
    assert f'<option value="{REASONS[0]}" selected>' in page
    assert "field-errors" not in page


def test_an_earlier_request_is_shown_and_has_to_have_been_seen(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    form = reviewed(client, order)
    sandbox.call("POST", f"order/{order.reference}/terminate/", {"reason": REASONS[1]})
    sandbox.control("POST", f"orders/{order.reference}/change", {"state": "active"})

    response = client.post(address(order), form, follow=True)
    assert "since asked Covage for this" in text_of(response)
    assert made(sandbox) == {order.reference: 1}

    Operation.objects.all().delete()
    Order.objects.update(read_at=timezone.now() + timedelta(hours=1))
    answer = client.post(address(order), form)
    assert answer.status_code == 409
    assert "Another request was made on this order in the meantime" in text_of(answer)
    assert "Changement d'Operateur d'Infrastructure" in text_of(answer)
    response = client.post(address(order), {**hidden(answer), "step": "send"}, follow=True)
    assert made(sandbox) == {order.reference: 2}


# Sending


def test_it_is_sent_and_the_order_shows_it(sandbox: SandboxProcess, order: Order, client: Client) -> None:
    response = terminate(client, order)
    assert response.redirect_chain == [(order.get_absolute_url(), 302)]
    assert "Covage has accepted the request." in text_of(response)
    assert again(order).state == "terminate_in_progress"
    (raw,) = requests_at(sandbox, order)
    assert (raw["reason"], raw["message"]) == (REASONS[0], "Fin du bail <b>n° 4</b>")


def test_pressed_twice_it_is_one_request(sandbox: SandboxProcess, order: Order, client: Client) -> None:
    form = reviewed(client, order)
    first = client.post(address(order), form, follow=True)
    second = client.post(address(order), form, follow=True)
    assert first.redirect_chain == second.redirect_chain
    assert made(sandbox) == {order.reference: 1}
    assert Operation.objects.count() == len(rows(order)) == 1


def test_pressed_again_while_it_is_being_sent_it_says_so(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    form = reviewed(client, order)
    _outage()
    client.post(address(order), form)
    Operation.objects.update(state=State.SENDING, held_until=timezone.now() + timedelta(minutes=1))
    response = client.post(address(order), form, follow=True)
    assert "is being sent: its progress appears below." in text_of(response)
    assert made(sandbox) == {}


def test_a_refusal_comes_back_at_the_field_with_everything_typed(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    form = reviewed(client, order) | {"message": "Quand même"}
    sandbox.faults([{**POSTING, "fault": "error", "status": 422}])
    answer = client.post(address(order), form)
    assert answer.status_code == 422
    page = text_of(answer)
    assert "Covage refused" in page
    assert "Quand même</textarea>" in page
    assert f'<option value="{REASONS[0]}" selected>' in page
    assert made(sandbox) == {}


def test_a_refusal_by_the_worker_waits_in_the_form(
    sandbox: SandboxProcess, order: Order, client: Client, people: People
) -> None:
    operation = send(ask(order, people.back_office, reason="Because", message="Quand même"))
    assert operation.state == State.REFUSED
    page = text_of(client.get(address(order)))
    assert "Covage refused: “Because” isn't one of the values that Covage accepts." in page
    assert "Quand même</textarea>" in page


def test_the_same_again_after_a_refusal_is_tried_again(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    sandbox.faults([{**POSTING, "fault": "error", "status": 422}])
    form = reviewed(client, order)
    refused = client.post(address(order), form)
    retry = {**form, "key": hidden(refused)["key"][0]}
    response = client.post(address(order), retry, follow=True)
    assert "Covage has accepted the request." in text_of(response)
    assert made(sandbox) == {order.reference: 1}


def test_terminated_elsewhere_meanwhile_it_is_refused_and_the_order_says_so(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    form = reviewed(client, order)
    sandbox.call("POST", f"order/{order.reference}/terminate/", {"reason": REASONS[1]})
    response = client.post(address(order), form, follow=True)
    assert "has since changed state, so nothing was sent" in text_of(response)
    assert again(order).state == "terminate_in_progress"
    assert made(sandbox) == {order.reference: 1}


def test_during_an_outage_it_is_kept_and_goes_once(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    form = reviewed(client, order)
    _outage()
    response = client.post(address(order), form, follow=True)
    assert "is saved here and will go to Covage, once only, as soon as they respond" in text_of(response)
    assert "already on its way to Covage" in text_of(client.get(address(order)))
    assert text_of(client.post(address(order), form, follow=True))
    assert made(sandbox) == {}

    ApiHealth.objects.all().delete()
    send(Operation.objects.get())
    assert made(sandbox) == {order.reference: 1}


def test_another_tab_finds_that_it_is_on_its_way_and_keeps_what_was_typed(
    sandbox: SandboxProcess, order: Order, client: Client, people: People
) -> None:
    form = reviewed(client, order)
    ask(order, people.back_office)
    answer = client.post(address(order), form)
    assert answer.status_code == 409
    assert "already on its way to Covage" in text_of(answer)
    assert "Fin du bail" in text_of(answer)
    answer = client.post(address(order), typed(step="review"))
    assert answer.status_code == 409


def test_a_withdrawn_request_says_so_when_its_form_comes_again(
    sandbox: SandboxProcess, order: Order, client: Client
) -> None:
    form = reviewed(client, order)
    _outage()
    client.post(address(order), form)
    client.post(f"/outbox/{Operation.objects.get().pk}/withdraw/")
    assert "was withdrawn; nothing was sent" in text_of(client.post(address(order), form, follow=True))


def test_what_was_typed_while_signed_out_is_there_after_signing_in(order: Order, client: Client) -> None:
    signed_out = Client()
    signed_out.post(address(order), typed(step="review"))
    signed_out.post("/accounts/login/", {"login": "back-office", "password": "open sesame 123"})
    assert "Fin du bail <b>n° 4</b></textarea>" in text_of(signed_out.get(address(order)))


# Other requests


def test_a_change_needs_only_the_comment(
    sandbox: SandboxProcess, order: Order, client: Client, settings: Settings
) -> None:
    settings.ORDER_ACTIONS = ["terminate", "change"]
    page = text_of(client.get(address(order, "change")))
    assert "<select" not in page
    assert "Commitment and notice" not in page
    form = reviewed(client, order, "change", request_effective_date="")
    response = client.post(address(order, "change"), form, follow=True)
    assert "Covage has accepted the request." in text_of(response)
    assert requests_at(sandbox, order)[-1]["action"] == "Modification"


# Several at once


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
    _outage()
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

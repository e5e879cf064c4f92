"""A reviewed termination is sent once: accepted, refused, pending, on its way already; what was typed stays."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from outbox.models import ApiHealth, Operation
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.tracking.page_helpers import POSTING, address, hidden, outage, reviewed, terminate, text_of, typed
from tests.tracking.request_forms import REASONS, again, ask, made, requests_at, rows, send
from tracking.models import Order

pytestmark = pytest.mark.usefixtures("reasons")

State = Operation.State


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
    outage()
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
    outage()
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
    outage()
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

"""Terminating an order: who may and when, the form to fill in, and its review."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from outbox.models import Operation
from tests.sandbox_process import SandboxProcess
from tests.tracking.page_helpers import HTMX, address, hidden, reviewed, text_of, typed
from tests.tracking.request_forms import REASONS, again, in_a_year, made, order_at
from tracking.models import Order

pytestmark = pytest.mark.usefixtures("reasons")


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

"""Opening a cart."""

import uuid
from typing import Any

import pytest
from django.test import Client

from outbox.models import Operation
from sessions_app.carts import actions
from sessions_app.models import Cart
from tests.conftest import People
from tests.sessions_app.page_helpers import HUGE, text_of, url

NEW = "/carts/new/"


def payload(**changes: str) -> dict[str, str]:
    return {"external_id": "SI-7", "project_id": "DC17", "team": "", "key": str(uuid.uuid4())} | changes


def test_it_opens_a_cart_of_ones_own_and_enqueues_it_for_covage(people: People, sales_client: Client) -> None:
    response = sales_client.post(NEW, payload(team=str(people.north.pk)))
    cart = Cart.objects.get()
    assert response.headers["Location"] == url("cart", cart.pk)
    assert (cart.owner, cart.team) == (people.sales, people.north)
    assert (cart.external_id, cart.project_id) == ("SI-7", "DC17")
    assert Operation.objects.unfinished().filter(subject_id=cart.pk).count() == 1
    assert "saved here and will go to Covage" in text_of(sales_client.get(url("cart", cart.pk)))


def test_everything_may_be_left_empty(sales_client: Client) -> None:
    sales_client.post(NEW, payload(external_id="", project_id=""))
    assert Cart.objects.get().external_id.startswith("CRN-")


def test_the_same_form_sent_twice_opens_one_cart(sales_client: Client) -> None:
    form = payload()
    first, second = sales_client.post(NEW, form), sales_client.post(NEW, form)
    assert first.headers["Location"] == second.headers["Location"] == url("cart", Cart.objects.get().pk)


def test_the_same_form_with_another_content_opens_another_cart(sales_client: Client) -> None:
    form = payload()
    for reference in ("SI-7", "SI-8"):
        sales_client.post(NEW, form | {"external_id": reference})
    assert set(Cart.objects.values_list("external_id", flat=True)) == {"SI-7", "SI-8"}


def test_somebody_elses_key_opens_a_cart_of_ones_own(people: People, sales_client: Client) -> None:
    theirs = actions.create_cart(people.other_sales, {}, key=uuid.uuid4())
    sales_client.post(NEW, payload(key=str(theirs.pk)))
    assert Cart.objects.get(owner=people.sales).pk != theirs.pk


def test_a_reference_that_another_cart_bears_is_refused_at_its_field(
    cart: Cart, sales_client: Client
) -> None:
    response = sales_client.post(NEW, payload(external_id="CART-1"))
    assert response.status_code == 422
    assert "Another cart already has this reference" in text_of(response)
    assert 'value="DC17"' in text_of(response)
    assert Cart.objects.count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"external_id": "a\0b"},
        {"external_id": HUGE},
        {"external_id": "x" * 101},
        {"project_id": "a\0b"},
        {"project_id": HUGE},
        {"team": "0"},
        {"team": "a\0b"},
        {"team": "9" * 5000},
        {"key": "none"},
        {"key": "a\0b"},
    ],
    ids=lambda wrong: " ".join(f"{name}={text[:5]!r}" for name, text in wrong.items()),
)
def test_what_makes_no_sense_opens_nothing(sales_client: Client, wrong: dict[str, str]) -> None:
    assert sales_client.post(NEW, payload(**wrong)).status_code == 422
    assert not Cart.objects.exists()


def test_the_only_team_that_one_is_in_is_chosen_beforehand(people: People, sales_client: Client) -> None:
    assert f'<option value="{people.north.pk}" selected>' in text_of(sales_client.get(NEW))
    people.south.members.add(people.sales)
    assert "selected>North" not in text_of(sales_client.get(NEW))


def test_a_team_that_one_is_not_in_can_not_be_given_a_cart(people: People, sales_client: Client) -> None:
    assert sales_client.post(NEW, payload(team=str(people.south.pk))).status_code == 422
    assert not Cart.objects.exists()


def test_what_was_typed_while_signed_out_comes_back(people: People, client: Client) -> None:
    client.post(NEW, payload())
    client.post("/accounts/login/", {"login": "sales", "password": "open sesame 123", "next": NEW})
    response: Any = client.get(NEW)
    assert 'value="SI-7"' in text_of(response)
    assert not Cart.objects.exists()

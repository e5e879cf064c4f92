"""Changing a cart's reference, project, team and owner."""

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from accounts.models import User
from sessions_app.models import Cart
from tests.conftest import People
from tests.sessions_app.page_helpers import HUGE, draft, shown, text_of, url


def payload(cart: Cart, **changes: str) -> dict[str, str]:
    form = {
        "external_id": cart.external_id,
        "project_id": cart.project_id,
        "team": str(cart.team_id or ""),
        "owner": str(cart.owner_id or ""),
    }
    return form | changes


def test_it_shows_what_is_stored(cart: Cart, sales_client: Client) -> None:
    assert 'value="CART-1"' in text_of(sales_client.get(url("cart-edit", cart.pk)))


def test_it_saves_and_leads_back_to_the_cart(cart: Cart, sales_client: Client) -> None:
    response = sales_client.post(url("cart-edit", cart.pk), payload(cart, project_id="DC17"))
    assert response.headers["Location"] == url("cart", cart.pk)
    cart.refresh_from_db()
    assert (cart.external_id, cart.project_id) == ("CART-1", "DC17")


def test_somebody_who_hands_a_cart_over_and_no_longer_sees_it_is_led_to_the_list(
    people: People, cart: Cart, sales_client: Client
) -> None:
    people.north.members.add(people.other_sales)
    to_a_mate = payload(cart, owner=str(people.other_sales.pk))
    response = sales_client.post(url("cart-edit", cart.pk), to_a_mate)
    assert response.headers["Location"] == url("carts")
    cart.refresh_from_db()
    assert cart.owner == people.other_sales


def test_a_stranger_can_not_be_made_the_owner(people: People, cart: Cart, sales_client: Client) -> None:
    response = sales_client.post(url("cart-edit", cart.pk), payload(cart, owner=str(people.other_sales.pk)))
    assert response.status_code == 422


def test_an_administrator_hands_a_cart_to_anyone_in_any_team(
    people: People, cart: Cart, administrator_client: Client
) -> None:
    changes = {"owner": str(people.other_sales.pk), "team": str(people.south.pk)}
    administrator_client.post(url("cart-edit", cart.pk), payload(cart, **changes))
    cart.refresh_from_db()
    assert (cart.owner, cart.team) == (people.other_sales, people.south)


def test_an_emptied_reference_becomes_one_of_ours(cart: Cart, sales_client: Client) -> None:
    sales_client.post(url("cart-edit", cart.pk), payload(cart, external_id=""))
    cart.refresh_from_db()
    assert cart.external_id.startswith("CRN-")


def test_a_reference_that_another_cart_bears_is_refused_unless_it_stood_there(
    cart: Cart, sales: User, sales_client: Client
) -> None:
    other = draft(sales, external_id="OTHER")
    edit = url("cart-edit", other.pk)
    assert sales_client.post(edit, payload(other, external_id="CART-1")).status_code == 422
    Cart.objects.filter(pk=other.pk).update(external_id="CART-1", draft={"external_id": "CART-1"})
    other.refresh_from_db()
    assert sales_client.post(edit, payload(other, project_id="DC17")).status_code == 302


def test_a_cart_that_is_no_draft_changes_hands_but_not_content(
    people: People, cart: Cart, sales_client: Client
) -> None:
    shown(cart, items=[], state="in_progress")
    changes = {"external_id": "X", "team": str(people.north.pk)}
    assert sales_client.post(url("cart-edit", cart.pk), payload(cart, **changes)).status_code == 302
    cart.refresh_from_db()
    assert (cart.external_id, cart.team) == ("CART-1", people.north)


@pytest.mark.parametrize(
    "wrong",
    [
        {"external_id": "\0"},
        {"external_id": HUGE},
        {"project_id": HUGE},
        {"owner": "-1"},
        {"owner": "\0"},
        {"team": "9" * 5000},
    ],
    ids=lambda wrong: " ".join(f"{name}={text[:5]!r}" for name, text in wrong.items()),
)
def test_what_makes_no_sense_changes_nothing(cart: Cart, sales_client: Client, wrong: dict[str, str]) -> None:
    assert sales_client.post(url("cart-edit", cart.pk), payload(cart, **wrong)).status_code == 422
    cart.refresh_from_db()
    assert (cart.external_id, cart.project_id) == ("CART-1", "")


def test_a_draft_confirmed_in_the_meantime_is_reported(cart: Cart, sales_client: Client) -> None:
    page = payload(cart, project_id="DC17")
    shown(cart, items=[], state="in_progress")
    response = sales_client.post(url("cart-edit", cart.pk), page)
    assert response.headers["Location"] == url("cart", cart.pk)
    cart.refresh_from_db()
    assert cart.project_id == ""
    assert list(get_messages(response.wsgi_request))

"""The same form sent twice, by a double click or because no answer came, does one thing and says so."""

from typing import Any

import pytest
from django.test import Client

from sessions_app.carts import actions as cart_actions
from sessions_app.carts import views as cart_views
from sessions_app.lines import actions as line_actions
from sessions_app.lines import views as line_views
from sessions_app.models import Cart, Line
from tests.campaign.browser import Forms
from tests.conftest import People
from tests.sessions_app.cart_factory import open_cart

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def _form(client: Client, path: str, name: str) -> dict[str, str]:
    return next(form for form in Forms(client.get(path).content.decode()).all if name in form)


def test_a_new_cart_with_a_reference_sent_twice_is_one_cart(sales_client: Client) -> None:
    form = _form(sales_client, "/carts/new/", "key") | {"external_id": "REF-1"}
    responses = [sales_client.post("/carts/new/", form) for _ in range(2)]
    cart = Cart.objects.get()
    assert [response["Location"] for response in responses] == [cart.get_absolute_url()] * 2
    assert cart.external_id == "REF-1"


def test_the_reference_of_another_cart_is_still_refused(sales_client: Client) -> None:
    for _ in range(2):
        form = _form(sales_client, "/carts/new/", "key") | {"external_id": "REF-1"}
        response = sales_client.post("/carts/new/", form)
    assert response.status_code == 422
    assert Cart.objects.count() == 1


def test_a_line_sent_twice_is_not_stale_however_its_values_are_spelt(
    sales_client: Client, people: People
) -> None:
    cart = open_cart(people.sales)
    line = Line.objects.create(cart=cart)
    form = _form(sales_client, f"/lines/{line.pk}/", "seen") | {
        "enni": "cn012345",
        "additional_vlan_reference": "12, 13",
        "related_contact_information-0-siret": "732 829 320 00074",
        "related_contact_information-0-contact1_phone_number": "01 23 45 67 89",
        "related_contact_information-0-latitude": "45,74",
        "related_contact_information-0-postcode": "no postcode",
    }
    responses = [sales_client.post(f"/lines/{line.pk}/", form) for _ in range(2)]
    assert [response.status_code for response in responses] == [302, 302]


def test_what_somebody_else_has_since_typed_is_still_stale(sales_client: Client, people: People) -> None:
    line = Line.objects.create(cart=open_cart(people.sales))
    form = _form(sales_client, f"/lines/{line.pk}/", "seen")
    sales_client.post(f"/lines/{line.pk}/", form | {"enni": "CN012345"})
    response = sales_client.post(f"/lines/{line.pk}/", form | {"enni": "CN012382"})
    assert response.status_code == 409
    line.refresh_from_db()
    assert line.draft["enni"] == "CN012345"


@pytest.mark.parametrize("thing", ["cart", "line"])
def test_deleting_twice_at_the_same_moment_leads_to_the_same_place(
    sales_client: Client, people: People, monkeypatch: pytest.MonkeyPatch, thing: str
) -> None:
    cart = cart_actions.create_cart(people.sales, {})
    line = line_actions.add_line(cart.pk, people.sales)
    choices: dict[str, tuple[Any, ...]] = {
        "cart": (cart_views, "editable_cart", cart_actions.delete_cart, cart, "/carts/"),
        "line": (line_views, "editable_line", line_actions.delete_line, line, cart.get_absolute_url()),
    }
    views, lookup, delete, target, place = choices[thing]
    real = getattr(views, lookup)

    def meanwhile_deleted(*arguments: Any) -> Any:
        delete(target.pk, people.sales)
        return real(*arguments)

    monkeypatch.setattr(views, lookup, meanwhile_deleted)
    response = sales_client.post(f"{target.get_absolute_url()}delete/")
    assert (response.status_code, response["Location"]) == (302, place)

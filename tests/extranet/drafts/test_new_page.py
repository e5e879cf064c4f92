"""A new copper order: a few fields, and it exists as soon as they are sent."""

import uuid

import pytest
from django.test import Client

from accounts.models import User
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.conftest import People
from tests.extranet.page_helpers import names_in, url
from tests.extranet.products import read_products
from tests.sessions_app.page_helpers import HUGE, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vendor_is_away")]


def form(**changes: str) -> dict[str, str]:
    values = {
        "key": str(uuid.uuid4()),
        "product-code": "SD01",
        "activation_type": "create_nearby",
        "owner-name": "Martin",
        "operator_order_name": "Martin, Lille",
        "team": "",
    }
    return values | {name.replace("__", "-"): text for name, text in changes.items()}


def test_it_asks_for_the_product_the_kind_the_customer_a_name_and_the_team(sales_client: Client) -> None:
    read_products()
    page = text_of(sales_client.get(url("new")))
    assert {"product-code", "activation_type", "owner-name", "operator_order_name", "team"} <= names_in(page)
    assert '<option value="SD01">SDSL-4M · SDSL-4M line</option>' in page
    assert "a new line, located by a neighbour&#x27;s in the same building" in page
    assert "NA01" not in page


def test_the_only_team_that_one_is_in_is_chosen_beforehand(people: People, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("new")))
    assert f'<option value="{people.north.pk}" selected>North</option>' in page
    assert "South" not in page


def test_an_order_begins_with_what_was_typed(people: People, sales_client: Client, sales: User) -> None:
    response = sales_client.post(url("new"), form(team=str(people.north.pk)))
    order = CopperOrder.objects.get()
    assert response.headers["Location"] == url("order", order.uuid)
    assert (order.owner, order.team) == (sales, people.north)
    assert order.draft | {"operator_order_ref": ""} == {
        "type": "activate",
        "product.code": "SD01",
        "activation_type": "create_nearby",
        "owner.name": "Martin",
        "operator_order_name": "Martin, Lille",
        "operator_order_ref": "",
    }


def test_it_exists_whatever_the_form_holds(sales_client: Client) -> None:
    for texts in (
        {"product__code": ""},
        {"product__code": HUGE},
        {"product__code": "none", "owner__name": "\0"},
    ):
        response = sales_client.post(url("new"), form(**texts))
        assert sales_client.get(response.headers["Location"]).status_code == 200
    assert CopperOrder.objects.count() == 3
    assert not Operation.objects.exists()


def test_a_text_that_is_no_value_is_kept_and_shown(sales_client: Client) -> None:
    long = "x" * 41
    response = sales_client.post(url("new"), form(product__code=long))
    assert CopperOrder.objects.get().typed == {"product.code": long}
    page = text_of(sales_client.get(response.headers["Location"]))
    assert f'value="{long}"' in page
    assert "This field holds up to 40 characters; you entered 41." in page


def test_the_same_form_sent_twice_makes_one_order_and_another_content_another(sales_client: Client) -> None:
    same = form()
    first, second = (sales_client.post(url("new"), same) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert CopperOrder.objects.count() == 1
    sales_client.post(url("new"), same | {"owner-name": "Dupont"})
    assert CopperOrder.objects.count() == 2


def test_nothing_that_belongs_to_a_termination_can_be_smuggled_in(sales_client: Client) -> None:
    sales_client.post(url("new"), form(type="terminate", service_uuid="1", service_alias="S1"))
    order = CopperOrder.objects.get()
    assert (order.type, order.service_uuid, order.service_alias) == ("activate", "", "")


def test_another_team_is_refused_and_what_was_typed_is_still_there(
    people: People, sales_client: Client
) -> None:
    for team in (str(people.south.pk), "none"):
        response = sales_client.post(url("new"), form(team=team))
        assert response.status_code == 422
        assert 'value="Martin, Lille"' in text_of(response)
        assert "Not saved yet" in text_of(response)
    assert not CopperOrder.objects.exists()


def test_only_sales_begin_orders(back_office_client: Client) -> None:
    assert back_office_client.get(url("new")).status_code == 403
    assert back_office_client.post(url("new"), form()).status_code == 403
    assert not CopperOrder.objects.exists()


def test_it_is_neither_put_nor_deleted(sales_client: Client) -> None:
    assert sales_client.put(url("new")).status_code == 405
    assert sales_client.delete(url("new")).status_code == 405

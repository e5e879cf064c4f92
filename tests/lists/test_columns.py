"""The columns of a list: chosen by each person for each page, kept, and put back."""

from html import unescape

import pytest
from django.test import Client
from django.utils.html import strip_tags

from accounts.models import User
from lists.columns import columns_for
from lists.models import Columns
from sessions_app.carts.list_page import CARTS
from sessions_app.models import Cart
from tests.conftest import People

pytestmark = pytest.mark.django_db

CHOOSE = "/columns/carts/"
USUAL = [column.name for column in CARTS.columns if column.shown]


@pytest.fixture(autouse=True)
def cart(people: People) -> Cart:
    return Cart.objects.create(owner=people.sales, team=people.north, external_id="C1")


def heads(client: Client) -> list[str]:
    head = client.get("/carts/").content.decode().partition("<thead>")[2].partition("</thead>")[0]
    return [unescape(strip_tags(f"<th{part}")).strip() for part in head.split("<th")[1:]]


def names(user: User) -> list[str]:
    return [column.name for column in columns_for(user, "carts", CARTS.columns)]


def test_until_somebody_chooses_the_default_columns_are_shown(people: People, sales_client: Client) -> None:
    assert names(people.sales) == USUAL
    assert "Completed" not in heads(sales_client)


def test_the_columns_chosen_are_shown_as_declared_and_lead_back_to_the_same_query(
    people: People, sales_client: Client
) -> None:
    back = "/carts/?readiness=ready&sort=-created"
    answer = sales_client.post(CHOOSE, {"column": ["completed", "state", "reference"], "next": back})
    assert (answer.status_code, answer["Location"]) == (302, back)
    assert names(people.sales) == ["reference", "state", "completed"]
    assert heads(sales_client) == ["Reference", "State", "Completed"]


def test_what_is_chosen_is_ticked_in_the_form(sales_client: Client) -> None:
    sales_client.post(CHOOSE, {"column": ["completed"]})
    text = sales_client.get("/carts/").content.decode()
    assert 'name="column" value="completed" checked' in text
    assert 'name="column" value="state" >' in text


def test_each_chooses_for_themselves_and_for_one_page(people: People, sales_client: Client) -> None:
    sales_client.post(CHOOSE, {"column": ["state"]})
    assert names(people.back_office) == USUAL
    assert [column.name for column in columns_for(people.sales, "lines", CARTS.columns)] == USUAL


@pytest.mark.parametrize(
    "form", [{"reset": "1", "column": ["state"]}, {}, {"column": ["", "no such/thing", "x" * 61]}]
)
def test_a_choice_is_put_back_by_reset_or_by_choosing_nothing(
    people: People, sales_client: Client, form: dict[str, list[str]]
) -> None:
    sales_client.post(CHOOSE, {"column": ["state"]})
    sales_client.post(CHOOSE, form)
    assert names(people.sales) == USUAL
    assert not Columns.objects.exists()


def test_columns_that_no_longer_exist_are_ignored(people: People, sales_client: Client) -> None:
    sales_client.post(CHOOSE, {"column": ["state", "abolished"]})
    assert names(people.sales) == ["state"]
    sales_client.post(CHOOSE, {"column": ["abolished"]})
    assert names(people.sales) == USUAL


def test_choosing_again_replaces_the_choice(people: People, sales_client: Client) -> None:
    for column in ("state", "owner"):
        sales_client.post(CHOOSE, {"column": [column]})
    assert names(people.sales) == ["owner"]
    assert Columns.objects.count() == 1


def test_no_form_redirects_to_another_site(sales_client: Client) -> None:
    answer = sales_client.post(CHOOSE, {"column": ["state"], "next": "https://elsewhere.test/"})
    assert answer["Location"] == "/"


def test_choosing_is_a_post(sales_client: Client) -> None:
    assert sales_client.get(CHOOSE).status_code == 405


def test_a_sort_by_a_column_that_is_not_shown_still_sorts(sales_client: Client, people: People) -> None:
    Cart.objects.create(owner=people.sales, external_id="A1")
    sales_client.post(CHOOSE, {"column": ["reference"]})
    text = sales_client.get("/carts/?sort=reference").content.decode()
    assert text.index(">A1<") < text.index(">C1<")
    sales_client.post(CHOOSE, {"column": ["owner"]})
    assert sales_client.get("/carts/?sort=-reference").status_code == 200

"""The pages named at the top: for whom, which is current, and how much is waiting there."""

import re

import pytest
from django.test import Client

from tests.conftest import People
from tests.portal.world import a_copper_order


def _top(client: Client, path: str) -> str:
    page = client.get(path).content.decode()
    return page.partition("<main")[0]


def _current(client: Client, path: str) -> list[str]:
    """What is marked as the page that is open, each once: the menu of narrow screens names it again."""
    marked = re.findall(r'aria-current="page">([^<]+)', _top(client, path))
    return list(dict.fromkeys(text.strip() for text in marked))


@pytest.mark.parametrize("who", ["sales_client", "back_office_client"])
def test_copper_is_named_with_its_parts(who: str, request: pytest.FixtureRequest) -> None:
    client = request.getfixturevalue(who)
    assert 'href="/extranet/"' in _top(client, "/")
    assert _current(client, "/extranet/") == ["Copper", "Copper orders"]
    assert _current(client, "/extranet/contacts/") == ["Copper", "Contacts"]


def test_orders_waiting_for_the_users_answer_are_counted_beside_it(
    people: People, sales_client: Client, back_office_client: Client
) -> None:
    a_copper_order(people.sales, "1", status="pending")
    a_copper_order(people.other_sales, "2", status="pending", team=people.north)
    a_copper_order(people.sales, "3", status="pending", answering="confirm")
    a_copper_order(people.other_sales, "4", status="pending")
    assert 'Copper <span class="count">2</span>' in _top(sales_client, "/carts/")
    assert 'Copper <span class="count">3</span>' in _top(back_office_client, "/carts/")


def test_with_nothing_to_answer_there_is_no_number(sales_client: Client) -> None:
    assert not re.search(r"Copper <span", _top(sales_client, "/carts/"))

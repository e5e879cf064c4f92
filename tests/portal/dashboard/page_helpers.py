"""The dashboard, and how many rows the lists have to which it leads."""

import re
from typing import Any

from django.test import Client

from accounts.models import User
from extranet.orders.list_page import ORDERS as COPPER
from extranet.orders.list_page import listed_orders as copper_orders
from tests.plans import list_shown
from tracking.orders.list_page import ORDERS as FIBRE
from tracking.orders.list_page import listed_orders as fibre_orders

EMAIL = "sales1@example.test"  # by whom some of the invented orders were created


def dashboard(client: Client, query: str = "") -> Any:
    response = client.get(f"/dashboard/{query}")
    assert response.status_code == 200
    return response


def listed(client: Client, url: str) -> int:
    """How many rows the list at an address says that it has."""
    response = client.get(url)
    assert response.status_code == 200
    return _said(response.context)


def counted(person: User, url: str) -> int:
    """The same of a list of orders, without its page."""
    lists = {"/orders/": (FIBRE, fibre_orders()), "/extranet/": (COPPER, copper_orders(person))}
    path, _mark, query = url.partition("?")
    return _said(list_shown(*lists[path], person, query))


def _said(context: Any) -> int:
    assert not context["form"].errors
    return int(re.sub(r"\D", "", re.split("of|–", context["count_text"])[-1]))


def walked(client: Client, url: str) -> int:
    """How many rows a list has, page by page."""
    count, query = 0, url.partition("?")[2]
    while query:
        page = client.get(f"{url.partition('?')[0]}?{query.removeprefix('?')}").context["page"]
        count, query = count + len(page.rows), page.next_query
    return count

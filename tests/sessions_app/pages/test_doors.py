"""Who gets into which page of carts and lines, and by which method."""

from collections.abc import Callable, Iterable
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import User
from sessions_app.carts import actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sessions_app.page_helpers import draft, ready_line, text_of, url

READ, CHANGE = "read", "change"
CART_PAGES = {
    "cart": {"GET": READ},
    "cart-edit": {"GET": CHANGE, "POST": CHANGE},
    "cart-delete": {"GET": CHANGE, "POST": CHANGE},
    "cart-take": {"POST": CHANGE},
    "cart-send": {"POST": CHANGE},
    "cart-settle": {"POST": CHANGE},
    "cart-confirm": {"GET": CHANGE, "POST": CHANGE},
    "cart-progress": {"GET": READ},
    "cart-reorder": {"POST": CHANGE},
    "line-new": {"GET": CHANGE, "POST": CHANGE},
}
LINE_PAGES = {
    "line": {"GET": READ, "POST": CHANGE},
    "line-delete": {"GET": CHANGE, "POST": CHANGE},
    "line-duplicate": {"GET": CHANGE, "POST": CHANGE},
    "line-settle": {"POST": CHANGE},
}
OTHER_PAGES = {
    "carts": {"GET": READ},
    "lines": {"GET": READ},
    "cart-new": {"GET": CHANGE, "POST": CHANGE},
}
PAGES = CART_PAGES | LINE_PAGES | OTHER_PAGES
ENTRIES = [(name, method) for name, methods in PAGES.items() for method in methods]
OF_SOMETHING = [(name, method) for name, method in ENTRIES if name not in OTHER_PAGES]

Entry = tuple[str, str]


@pytest.fixture
def ids(cart: Cart, line: Line) -> list[UUID]:
    """Of what the pages are requested for: the cart's and the line's."""
    return [cart.pk, line.pk]


def address(name: str, ids: list[UUID]) -> str:
    if name in OTHER_PAGES:
        return url(name)
    return url(name, ids[1] if name in LINE_PAGES else ids[0])


def knock(client: Client, entries: Iterable[Entry], ids: list[UUID]) -> dict[Entry, int]:
    """The status of the response to each request."""
    return {
        (name, method): client.generic(method, address(name, ids)).status_code for name, method in entries
    }


def test_a_wrong_method_is_refused(ids: list[UUID], sales_client: Client) -> None:
    methods = ("GET", "POST", "PUT", "PATCH", "DELETE")
    wrong = [(name, method) for name in PAGES for method in methods if method not in PAGES[name]]
    assert knock(sales_client, wrong, ids) == dict.fromkeys(wrong, 405)


def test_someone_signed_out_is_led_to_sign_in(ids: list[UUID], client: Client) -> None:
    for name, method in ENTRIES:
        response = client.generic(method, address(name, ids))
        assert response.headers["Location"].startswith("/accounts/login/?next=")


def test_someone_without_a_role_is_refused(
    ids: list[UUID], people: People, signed_in: Callable[[User], Client]
) -> None:
    assert knock(signed_in(people.nobody), ENTRIES, ids) == dict.fromkeys(ENTRIES, 403)


def test_the_back_office_reads_and_changes_nothing(ids: list[UUID], back_office_client: Client) -> None:
    expected = {(name, method): 200 if PAGES[name][method] == READ else 403 for name, method in ENTRIES}
    assert knock(back_office_client, ENTRIES, ids) == expected


def test_what_belongs_to_another_team_is_not_found(ids: list[UUID], other_sales_client: Client) -> None:
    assert knock(other_sales_client, OF_SOMETHING, ids) == dict.fromkeys(OF_SOMETHING, 404)


def test_what_does_not_exist_is_not_found(sales_client: Client) -> None:
    assert knock(sales_client, OF_SOMETHING, [uuid4(), uuid4()]) == dict.fromkeys(OF_SOMETHING, 404)


@pytest.mark.parametrize("what", ["carts", "lines"])
@pytest.mark.parametrize("name", ["7", "\u0661", "%00", "00000000-0000-0000-0000-00000000000g"])
def test_an_id_that_is_none_is_not_found(sales_client: Client, what: str, name: str) -> None:
    assert sales_client.get(f"/{what}/{name}/").status_code == 404
    assert sales_client.post(f"/{what}/{name}/delete/").status_code == 404


def test_what_was_deleted_is_not_found(ids: list[UUID], sales: User, sales_client: Client) -> None:
    actions.delete_cart(ids[0], sales)
    entries = [entry for entry in OF_SOMETHING if entry != ("cart-delete", "POST")]
    assert knock(sales_client, entries, ids) == dict.fromkeys(entries, 404)


def test_a_team_mate_and_an_administrator_get_in(
    people: People, signed_in: Callable[[User], Client], administrator_client: Client
) -> None:
    cart = draft(people.sales, team=people.south)
    ids = [cart.pk, ready_line(cart, people.sales).pk]
    entries = [(name, method) for name, method in ENTRIES if method == "GET"]
    assert knock(signed_in(people.other_sales), entries, ids) == dict.fromkeys(entries, 200)
    assert knock(administrator_client, entries, ids) == dict.fromkeys(entries, 200)


def test_no_page_offers_the_back_office_what_it_may_not_do(
    ids: list[UUID], back_office_client: Client
) -> None:
    refused = {address(name, ids) for name in PAGES if READ not in PAGES[name].values()}
    for name in ("carts", "lines", "cart", "line"):
        page = text_of(back_office_client.get(address(name, ids)))
        assert not [each for each in refused if f'"{each}"' in page]

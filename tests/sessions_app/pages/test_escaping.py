"""Whatever a customer is called, a page shows it and does not run it."""

import pytest
from django.test import Client

from accounts.models import User
from sessions_app.models import Cart, Line
from tests.sessions_app.page_helpers import HTMX, draft, item, known, posted, ready_line, shown, text_of, url

EVIL = '"><script>alert(1)</script>'
ESCAPED = "&lt;script&gt;alert(1)&lt;/script&gt;"


@pytest.fixture
def cart(sales: User) -> Cart:
    return draft(sales, external_id=EVIL, project_id=EVIL)


@pytest.fixture
def line(cart: Cart, sales: User) -> Line:
    site = {f"related_contact_information.0.{name}": EVIL for name in ("end_customer_name", "street_name")}
    return ready_line(cart, sales, end_customer_name=EVIL, note=EVIL, customer_order_name=EVIL, **site)


def check(response: object) -> None:
    page = text_of(response)
    assert "<script>alert" not in page
    assert ESCAPED in page


@pytest.mark.parametrize(
    "name", ["cart", "cart-edit", "cart-delete", "cart-confirm", "cart-progress", "line-new"]
)
def test_on_the_pages_of_its_cart(cart: Cart, line: Line, sales_client: Client, name: str) -> None:
    check(sales_client.get(url(name, cart.pk)))


@pytest.mark.parametrize("name", ["line", "line-delete", "line-duplicate"])
def test_on_its_own_pages(line: Line, sales_client: Client, name: str) -> None:
    check(sales_client.get(url(name, line.pk)))


@pytest.mark.parametrize("name", ["carts", "lines"])
def test_in_the_lists(line: Line, sales_client: Client, name: str) -> None:
    check(sales_client.get(url(name)))
    query = {"q": EVIL, "search": EVIL, "project_id": EVIL, "end_customer_name": EVIL, "state": EVIL}
    check(sales_client.get(url(name), query))


def test_on_the_page_of_a_line_with_all_that_covage_shows(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    refusal = {"code": EVIL, "property_path": "enni", "value": EVIL}
    change = {"change_date": "2026-11-21", "change_reason": EVIL, "state": EVIL}
    document = item(line, state="rejected_creation", termination_error=[refusal], state_change=[change])
    shown(cart, items=[document | {"novelty": EVIL}], state=EVIL)
    check(sales_client.get(url("line", line.pk)))
    check(sales_client.get(url("cart", cart.pk)))


def test_in_what_is_said_of_a_conflict_and_of_a_stale_field(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    known(cart)
    sales_client.post(url("line", line.pk), posted(line, note="ours"))
    shown(cart, items=[item(line, note=EVIL + " theirs")])
    check(sales_client.get(url("line", line.pk)))
    data = posted(line, technical_note="mine", seen='{"technical_note": "before"}', enni=EVIL)
    check(sales_client.post(url("line", line.pk), data))
    check(sales_client.post(url("line", line.pk), data, headers=HTMX))


def test_in_a_refused_form(sales_client: Client, cart: Cart) -> None:
    response = sales_client.post(url("cart-new"), {"external_id": EVIL, "key": EVIL, "team": EVIL})
    assert response.status_code == 422
    check(response)

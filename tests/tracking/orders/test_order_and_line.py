"""An order and the line of a cart that it was made from lead to each other, for those who may see both."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.tracking.order_factory import an_order
from tests.tracking.orders.page_helpers import ingested_order, order_page
from tests.tracking.vendor_documents import listed

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


def test_an_order_made_here_leads_to_its_line_and_cart_and_the_line_to_it(
    people: People, signed_in: SignIn
) -> None:
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    line = Line.objects.create(
        cart=cart, order_reference=listed()["id"], state="in_progress", order_date=timezone.now()
    )
    order = ingested_order()
    assert order.line_id == line.pk
    page = order_page(signed_in(people.sales), order)
    assert line.get_absolute_url() in page
    assert cart.get_absolute_url() in page
    assert "Ordered by" in page
    assert line.get_absolute_url() not in order_page(signed_in(people.other_sales), order)
    of_line = signed_in(people.sales).get(line.get_absolute_url()).content.decode()
    assert f'href="/lines/{line.pk}/order/">Order {line.order_reference}</a>' in of_line
    response = signed_in(people.sales).get(f"/lines/{line.pk}/order/")
    assert (response.status_code, response["Location"]) == (302, "/orders/CMD_X_00000001/")


def _led_from(line: Line, client: Client) -> tuple[str, str]:
    """Where the link to a line's order leads, and the page there."""
    response = client.get(f"/lines/{line.pk}/order/", follow=True)
    assert response.status_code == 200
    return response.redirect_chain[-1][0], response.content.decode()


def test_an_order_that_is_not_known_yet_leads_back_to_its_line_and_says_so(
    people: People, sales_client: Client
) -> None:
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    line = Line.objects.create(cart=cart, order_reference="PO_DC173_9", order_date=timezone.now())
    address, page = _led_from(line, sales_client)
    assert address == line.get_absolute_url()
    assert "The order of this line isn&#x27;t known here yet." in page


def test_a_line_without_a_reference_is_no_orders_whose_id_is_blank(
    people: People, sales_client: Client
) -> None:
    an_order(id="")
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1")
    line = Line.objects.create(cart=cart)
    assert _led_from(line, sales_client)[0] == line.get_absolute_url()


def test_somebody_elses_line_leads_nowhere(people: People, signed_in: SignIn) -> None:
    ingested_order()
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    line = Line.objects.create(cart=cart, order_reference=listed()["id"], order_date=timezone.now())
    assert signed_in(people.other_sales).get(f"/lines/{line.pk}/order/").status_code == 404


@pytest.mark.parametrize(
    "columns", [{"order_date": None, "state": "created"}, {"state": "rejected_creation"}]
)
def test_a_line_that_was_not_ordered_or_was_rejected_has_no_link_to_an_order(
    people: People, back_office_client: Client, columns: dict[str, Any]
) -> None:
    cart = Cart.objects.create(owner=people.sales, external_id="CART-1", state="in_progress")
    columns = {"order_date": timezone.now()} | columns
    line = Line.objects.create(cart=cart, order_reference=listed()["id"], **columns)
    page = back_office_client.get(line.get_absolute_url()).content.decode()
    assert line.order_reference in page
    assert f"/lines/{line.pk}/order/" not in page

"""Deleting a cart: one question, then gone."""

from django.test import Client

from accounts.models import User
from sessions_app.confirmation import actions
from sessions_app.models import Cart, Line
from tests.sessions_app.cart_factory import reviewed
from tests.sessions_app.page_helpers import shown, text_of, url


def test_it_asks_first_and_says_how_many_lines_go_along(cart: Cart, line: Line, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("cart-delete", cart.pk)))
    assert "Delete the cart CART-1?" in page
    assert "It holds 1 line." in page
    assert Cart.objects.live().exists()


def test_it_deletes_leads_to_the_list_and_says_so_even_when_pressed_twice(
    cart: Cart, sales_client: Client
) -> None:
    for _ in range(2):
        assert sales_client.post(url("cart-delete", cart.pk)).headers["Location"] == url("carts")
        assert "Cart deleted." in text_of(sales_client.get(url("carts")))
    assert not Cart.objects.live().exists()


def test_a_cart_that_is_no_draft_stays(cart: Cart, line: Line, sales: User, sales_client: Client) -> None:
    actions.confirm_cart(cart.pk, sales, reviewed(cart))
    for response in (
        sales_client.get(url("cart-delete", cart.pk)),
        sales_client.post(url("cart-delete", cart.pk)),
    ):
        assert response.headers["Location"] == url("cart", cart.pk)
    assert "This cart is no longer a draft" in text_of(sales_client.get(url("cart", cart.pk)))
    shown(cart, items=[], state="completed")
    sales_client.post(url("cart-delete", cart.pk))
    assert Cart.objects.live().filter(pk=cart.pk).exists()

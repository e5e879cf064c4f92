"""The review of a cart, its confirmation, and its progress."""

import pytest
from django.test import Client

from accounts.models import User
from outbox.models import ApiHealth, Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.models import Cart, Line
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import reviewed, upstream_sessions
from tests.sessions_app.page_helpers import item, known, ready_line, shown, text_of, url

BUTTON = "Confirm the order"


def confirmations(cart: Cart) -> int:
    return Operation.objects.filter(subject_id=cart.pk, kind="confirm-cart").count()


def test_it_shows_exactly_what_is_ordered(cart: Cart, line: Line, sales: User, sales_client: Client) -> None:
    values = {"external_id": "CART-1", "project_id": "DC17"}
    cart_actions.edit_cart(cart.pk, sales, values, owner=sales, team=None)
    page = text_of(sales_client.get(url("cart-confirm", cart.pk)))
    for value in ("CART-1", "DC17", "CN012345", "Mont-Saint-Aignan", "Boulangerie Martin"):
        assert value in page
    assert BUTTON in page


def test_a_cart_that_lacks_something_has_no_button_but_links(
    cart: Cart, sales: User, sales_client: Client
) -> None:
    assert "Add a line first" in text_of(sales_client.get(url("cart-confirm", cart.pk)))
    line = ready_line(cart, sales, enni=None)
    page = text_of(sales_client.get(url("cart-confirm", cart.pk)))
    assert f"{url('line', line.pk)}#id_enni" in page
    assert BUTTON not in page


def test_a_conflict_of_the_cart_itself_is_said(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    known(cart)
    cart_actions.edit_cart(
        cart.pk, sales, {"external_id": "CART-1", "project_id": "OURS"}, owner=sales, team=None
    )
    shown(cart, items=[item(line)], project_id="THEIRS")
    page = text_of(sales_client.get(url("cart-confirm", cart.pk)))
    assert "Changed here and at Covage" in page
    assert BUTTON not in page


def test_during_an_outage_the_confirmation_is_kept_once(cart: Cart, line: Line, sales_client: Client) -> None:
    mark = reviewed(cart)
    for _ in range(2):
        response = sales_client.post(url("cart-confirm", cart.pk), {"reviewed": mark})
        assert response.headers["Location"] == url("cart", cart.pk)
    assert confirmations(cart) == 1
    assert "go to Covage, once only" in text_of(sales_client.get(url("cart", cart.pk)))


@pytest.mark.parametrize("mark", ["", "nonsense", "\0", "x" * 100_000])
def test_what_was_reviewed_otherwise_is_shown_again(
    cart: Cart, line: Line, sales_client: Client, mark: str
) -> None:
    response = sales_client.post(url("cart-confirm", cart.pk), {"reviewed": mark})
    assert response.status_code == 409
    assert "The cart changed while you were viewing it" in text_of(response)
    assert BUTTON in text_of(response)
    assert not confirmations(cart)


def test_a_cart_that_is_not_ready_is_not_confirmed(cart: Cart, sales: User, sales_client: Client) -> None:
    ready_line(cart, sales, enni=None)
    response = sales_client.post(url("cart-confirm", cart.pk), {"reviewed": reviewed(cart)})
    assert response.status_code == 409
    assert "Something is still missing" in text_of(response)
    assert not confirmations(cart)


def test_a_cart_gone_at_covage_is_not_confirmed(cart: Cart, line: Line, sales_client: Client) -> None:
    mark = reviewed(cart)
    Cart.objects.filter(pk=cart.pk).update(gone_at=cart.created_at)
    response = sales_client.post(url("cart-confirm", cart.pk), {"reviewed": mark})
    assert response.headers["Location"] == url("cart", cart.pk)
    assert not confirmations(cart)


def test_the_review_of_a_confirmed_cart_leads_to_the_cart(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    assert sales_client.get(url("cart-confirm", cart.pk)).headers["Location"] == url("cart", cart.pk)


def test_with_covage_there_it_is_ordered_at_once_and_only_once(
    sandbox: SandboxProcess, outage: ApiHealth, cart: Cart, line: Line, sales_client: Client
) -> None:
    outage.delete()
    mark = reviewed(cart)
    for _ in range(2):
        sales_client.post(url("cart-confirm", cart.pk), {"reviewed": mark})
    assert "Covage is now turning the lines into orders" in text_of(sales_client.get(url("cart", cart.pk)))
    assert [session["state"] for session in upstream_sessions(sandbox)] == ["in_progress"]
    confirms = [entry for entry in sandbox.log() if entry["path"].endswith("/confirm/")]
    assert len(confirms) == 1


def test_the_progress_is_the_live_part_of_the_page_alone(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    part = text_of(sales_client.get(url("cart-progress", cart.pk)))
    assert '<div id="live"' in part
    assert "<html" not in part


@pytest.mark.parametrize("page", ["cart-progress", "cart"])
def test_what_covage_made_of_it_is_shown_in_the_live_part_and_on_the_whole_page(
    sandbox: SandboxProcess, outage: ApiHealth, cart: Cart, line: Line, sales_client: Client, page: str
) -> None:
    outage.delete()
    sales_client.post(url("cart-confirm", cart.pk), {"reviewed": reviewed(cart)})
    assert "every 3s" in text_of(sales_client.get(url(page, cart.pk)))
    sandbox.advance(100_000)
    Cart.objects.update(checked_at=None)
    part = text_of(sales_client.get(url(page, cart.pk)))
    assert "completed" in part
    assert "every 3s" not in part

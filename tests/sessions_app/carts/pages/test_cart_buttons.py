"""The buttons of a cart's page: take, send again, settle, order the rejected lines again."""

import pytest
from django.test import Client

from accounts.models import User
from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sessions_app.cart_factory import reviewed
from tests.sessions_app.page_helpers import draft, item, known, shown, text_of, url


def test_taking_makes_it_ones_own(sales: User, sales_client: Client) -> None:
    cart = draft(None)
    for _ in range(2):
        assert sales_client.post(url("cart-take", cart.pk)).headers["Location"] == url("cart", cart.pk)
    cart.refresh_from_db()
    assert cart.owner == sales


def test_somebody_who_comes_second_is_shown_who_was_first(people: People, sales_client: Client) -> None:
    cart = draft(people.back_office, team=people.north)
    sales_client.post(url("cart-take", cart.pk))
    cart.refresh_from_db()
    assert cart.owner == people.back_office
    assert f"{people.back_office} has already taken this cart." in text_of(
        sales_client.get(url("cart", cart.pk))
    )


def test_sending_again_enqueues_what_was_refused(cart: Cart, sales_client: Client) -> None:
    Operation.objects.update(state="refused", failure="Invalid")
    assert sales_client.post(url("cart-send", cart.pk)).status_code == 302
    assert Operation.objects.unfinished().filter(subject_id=cart.pk).count() == 1


@pytest.mark.parametrize("name", ["cart-send", "cart-settle"])
def test_what_is_no_draft_any_more_is_left_alone(
    cart: Cart, line: Line, sales: User, sales_client: Client, name: str
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    pending = Operation.objects.count()
    response = sales_client.post(url(name, cart.pk), {"path": "project_id", "keep": "ours"})
    assert response.headers["Location"] == url("cart", cart.pk)
    assert Operation.objects.count() == pending


@pytest.fixture
def disputed(cart: Cart, sales: User) -> Cart:
    """A cart whose project was changed on both sides."""
    known(cart)
    cart_actions.edit_cart(
        cart.pk, sales, {"external_id": "CART-1", "project_id": "OURS"}, owner=sales, team=None
    )
    return shown(cart, items=[], project_id="THEIRS")


@pytest.mark.parametrize(("keep", "kept"), [("ours", "OURS"), ("theirs", "THEIRS")])
def test_settling_keeps_the_chosen_side(disputed: Cart, sales_client: Client, keep: str, kept: str) -> None:
    sales_client.post(url("cart-settle", disputed.pk), {"path": "project_id", "keep": keep})
    disputed.refresh_from_db()
    assert (disputed.project_id, disputed.conflicts) == (kept, {})


@pytest.mark.parametrize("keep", ["", "mine", "\0"])
def test_settling_without_a_side_is_refused(disputed: Cart, sales_client: Client, keep: str) -> None:
    response = sales_client.post(url("cart-settle", disputed.pk), {"path": "project_id", "keep": keep})
    assert response.status_code == 400
    disputed.refresh_from_db()
    assert disputed.conflicts


@pytest.mark.parametrize("path", ["", "nothing", "\0", "owner"])
def test_settling_what_is_no_conflict_changes_nothing(
    disputed: Cart, sales_client: Client, path: str
) -> None:
    assert (
        sales_client.post(url("cart-settle", disputed.pk), {"path": path, "keep": "ours"}).status_code == 302
    )
    disputed.refresh_from_db()
    assert list(disputed.conflicts) == ["project_id"]


def test_the_rejected_lines_go_into_a_new_cart_once(cart: Cart, line: Line, sales_client: Client) -> None:
    shown(cart, items=[item(line, state="rejected_creation")], state="rejected")
    first = sales_client.post(url("cart-reorder", cart.pk))
    again = Cart.objects.exclude(pk=cart.pk).get()
    assert first.headers["Location"] == url("cart", again.pk)
    assert again.lines.get().reorder_of == line
    second = sales_client.post(url("cart-reorder", cart.pk))
    assert second.headers["Location"] == url("cart", cart.pk)
    assert Cart.objects.count() == 2


def test_a_cart_without_rejected_lines_has_none_to_order_again(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    assert sales_client.post(url("cart-reorder", cart.pk)).headers["Location"] == url("cart", cart.pk)
    assert Cart.objects.count() == 1

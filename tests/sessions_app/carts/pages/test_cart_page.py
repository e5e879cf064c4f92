"""A cart's own page."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sessions_app.cart_factory import reviewed
from tests.sessions_app.page_helpers import draft, item, known, ready_line, shown, text_of, url

CONFIRM, ADD = "Review and confirm", "Add a line"


def page_of(client: Client, cart: Cart) -> str:
    return text_of(client.get(url("cart", cart.pk)))


def test_an_empty_cart_leads_to_its_first_line(cart: Cart, sales_client: Client) -> None:
    page = page_of(sales_client, cart)
    assert "No lines yet" in page
    assert url("line-new", cart.pk) in page
    assert CONFIRM not in page


def test_what_is_missing_links_to_the_field_that_mends_it(
    cart: Cart, sales: User, sales_client: Client
) -> None:
    line = ready_line(cart, sales, enni=None)
    page = page_of(sales_client, cart)
    assert f'href="{url("line", line.pk)}#id_enni"' in page
    assert "1 thing is missing before this cart can be confirmed" in page


def test_a_ready_cart_leads_to_its_review(cart: Cart, line: Line, sales_client: Client) -> None:
    assert url("cart-confirm", cart.pk) in page_of(sales_client, cart)


def test_what_is_pending_is_shown(cart: Cart, sales_client: Client) -> None:
    assert "1 change to this cart is saved here" in page_of(sales_client, cart)


def test_a_refusal_is_shown_until_something_newer_puts_it_right(cart: Cart, sales_client: Client) -> None:
    error = {"path": "project_id", "code": "", "message": "Unknown project", "value": "DC9"}
    refused = {"state": "refused", "failure": "Invalid", "errors": [error], "request_uuid": "KOSC_1f0c"}
    Operation.objects.filter(subject_id=cart.pk).update(**refused)
    page = page_of(sales_client, cart)
    assert "Unknown project (DC9)" in page
    assert "Support reference: KOSC_1f0c" in re.sub(r"<[^>]*>", "", page)
    assert url("cart-send", cart.pk) in page
    Operation.objects.filter(subject_id=cart.pk).update(dismissed=True)
    assert "Unknown project" not in page_of(sales_client, cart)


def test_a_change_on_both_sides_asks_which_holds(cart: Cart, sales: User, sales_client: Client) -> None:
    known(cart)
    cart_actions.edit_cart(
        cart.pk, sales, {"external_id": "CART-1", "project_id": "OURS"}, owner=sales, team=None
    )
    shown(cart, items=[], project_id="THEIRS")
    page = page_of(sales_client, cart)
    assert "“OURS” here, “THEIRS” at Covage" in page
    assert 'name="keep" value="theirs"' in page


def test_the_back_office_sees_a_change_on_both_sides_but_does_not_decide(
    cart: Cart, sales: User, back_office_client: Client
) -> None:
    known(cart)
    cart_actions.edit_cart(
        cart.pk, sales, {"external_id": "CART-1", "project_id": "OURS"}, owner=sales, team=None
    )
    shown(cart, items=[], project_id="THEIRS")
    page = page_of(back_office_client, cart)
    assert "“OURS” here, “THEIRS” at Covage" in page
    assert 'name="keep"' not in page


def test_a_draft_near_its_end_says_so(cart: Cart, line: Line, sales_client: Client) -> None:
    soon = timezone.localdate() + timedelta(days=3)
    shown(cart, items=[item(line, expiration_date=soon.isoformat())])
    assert "Covage keeps drafts for 90 days" in page_of(sales_client, cart)


def test_a_confirmation_under_way_is_shown_and_nothing_can_be_changed(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    page = page_of(sales_client, cart)
    assert f"Confirmed by {sales}" in page
    assert "every 3s" in page
    assert url("line-new", cart.pk) not in page
    assert url("cart-delete", cart.pk) not in page


def test_a_cart_that_covage_is_done_with_is_not_requested_again(cart: Cart, sales_client: Client) -> None:
    shown(cart, items=[], state="completed")
    assert "hx-trigger" not in page_of(sales_client, cart)


def test_only_the_rejected_lines_not_carried_over_yet_are_offered(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    other = ready_line(cart, sales)
    shown(cart, items=[item(line, state="rejected_creation"), item(other)], state="partial")
    again = confirmation_actions.reorder_rejected(cart.pk, sales)
    assert again
    page = page_of(sales_client, cart)
    assert url("cart-reorder", cart.pk) not in page
    assert f'carried over into another one: <a href="{url("cart", again.pk)}">' in page
    shown(cart, items=[item(line, state="rejected_creation"), item(other, state="rejected_creation")])
    assert "Covage rejected 1 line." in page_of(sales_client, cart)


@pytest.mark.parametrize("state", ["rejected", "partial", "some_new_state"])
def test_a_state_is_shown_even_when_nobody_knows_it(cart: Cart, sales_client: Client, state: str) -> None:
    shown(cart, items=[], state=state)
    assert page_of(sales_client, cart)


def test_a_cart_gone_at_covage_is_shown_as_gone_and_kept(cart: Cart, sales_client: Client) -> None:
    Cart.objects.filter(pk=cart.pk).update(gone_at=timezone.now())
    page = page_of(sales_client, cart)
    assert "no longer at Covage" in page
    assert url("line-new", cart.pk) not in page


def test_an_unowned_cart_is_offered_to_anyone_who_sees_it(people: People, sales_client: Client) -> None:
    assert url("cart-take", (cart := draft(None)).pk) in page_of(sales_client, cart)


def test_its_history_says_who_did_what(cart: Cart, line: Line, sales: User, sales_client: Client) -> None:
    page = page_of(sales_client, cart)
    assert "opened the cart" in page
    assert "added a line" in page


def test_fifty_lines_ask_no_more_of_the_database_than_five(cart: Cart, sales_client: Client) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            page_of(sales_client, cart)
        return len(queries)

    Line.objects.bulk_create(Line(cart=cart) for _ in range(5))
    few = count()
    Line.objects.bulk_create(Line(cart=cart) for _ in range(45))
    assert count() == few <= 20

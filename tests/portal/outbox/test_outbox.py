"""The page of the outbox: who sees which operation, and how it reads."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from outbox import handlers
from outbox.models import Operation
from portal.outbox.groups import GROUPS
from tests.conftest import People
from tests.portal.outbox.page_helpers import outbox_page
from tests.portal.world import a_cart, a_line, an_operation

pytestmark = pytest.mark.postgresql

State = Operation.State


def _count(client: Client) -> str:
    return client.get("/carts/").content.decode()


def test_nothing_pending_is_said_in_a_sentence(sales_client: Client) -> None:
    assert "Nothing waiting" in outbox_page(sales_client)


def test_a_row_says_what_is_sent_for_whom_and_how_far_it_is(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    line = a_line(cart)
    an_operation(
        cart, line, actor=people.sales, attempts=3, failure="Unreachable", detail="connection refused"
    )
    page = outbox_page(sales_client)
    assert f'<a href="{line.get_absolute_url()}">Boulangerie</a>' in page
    assert f'<a href="{cart.get_absolute_url()}">CART-1</a>' in page
    for text in (
        "Create or change an order line",
        "waiting",
        "3 attempts",
        "will be sent when they respond",
    ):
        assert text in page
    assert "connection refused" not in page


def test_a_refusal_shows_the_vendors_words_with_the_field(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    errors = [{"path": "enni", "code": "unknown", "message": "No such door.", "value": "CN9"}]
    an_operation(cart, a_line(cart), state=State.REFUSED, failure="Invalid", errors=errors)
    page = outbox_page(sales_client)
    assert "ENNI (collection door): No such door. (CN9)" in page
    assert "correct what they named" in page


def test_a_failure_is_shown_with_the_support_reference(people: People, sales_client: Client) -> None:
    an_operation(a_cart(people.sales), failure="ServerError", request_uuid="KOSC_1f0c", attempts=1)
    assert ">KOSC_1f0c</code>" in outbox_page(sales_client)


def test_what_has_to_wait_for_another_says_so(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart, due_at=timezone.now() + timedelta(minutes=5))
    an_operation(cart, a_line(cart))
    page = outbox_page(sales_client)
    assert page.count("next attempt at") == 1
    assert page.count("after the ones before it") == 1


def test_a_deleted_carts_operations_are_listed_without_a_link(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    an_operation(cart, kind="delete-cart")
    page = outbox_page(sales_client)
    assert "(deleted here)" in page
    assert cart.get_absolute_url() not in page


def test_sales_see_own_and_team_carts_alone(people: People, sales_client: Client) -> None:
    an_operation(a_cart(people.sales, "MINE"))
    an_operation(a_cart(people.other_sales, "TEAMS", team=people.north))
    an_operation(a_cart(people.other_sales, "THEIRS"))
    page = outbox_page(sales_client)
    assert "MINE" in page
    assert "TEAMS" in page
    assert "THEIRS" not in page


def test_the_back_office_sees_all_and_has_no_buttons(people: People, back_office_client: Client) -> None:
    an_operation(a_cart(people.other_sales, "THEIRS"))
    page = outbox_page(back_office_client)
    assert "THEIRS" in page
    assert "formaction" not in page


def test_what_was_done_recently_covers_a_week(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart, label="NEWS", kind="confirm-cart", state=State.SUCCEEDED)
    an_operation(
        cart, a_line(cart, "OLDER"), state=State.SUCCEEDED, finished_at=timezone.now() - timedelta(days=8)
    )
    page = outbox_page(sales_client, "?show=done")
    assert "Confirm the cart" in page
    assert "OLDER" not in page
    assert "Confirm the cart" not in outbox_page(sales_client)


def test_the_navigation_counts_what_asks_for_attention(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart)
    an_operation(cart, state=State.REFUSED)
    an_operation(cart, state=State.REFUSED, dismissed=True)
    an_operation(cart, state=State.SUCCEEDED)
    an_operation(a_cart(people.other_sales, "THEIRS"))
    assert 'Outbox <span class="count">2</span>' in _count(sales_client)


def test_a_long_list_comes_in_pages(people: People, sales_client: Client) -> None:
    for number in range(51):
        an_operation(a_cart(people.sales, f"CART-{number:02}"))
    page = outbox_page(sales_client)
    assert "CART-50" in page
    assert "CART-00" not in page
    assert 'rel="next"' in page


def test_the_page_needs_as_many_queries_for_many_as_for_few(
    people: People, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        cart = a_cart(people.sales, f"CART-{number}")
        an_operation(cart, a_line(cart), actor=people.sales)
    with django_assert_max_num_queries(13):
        outbox_page(sales_client)


def test_every_kind_that_can_be_enqueued_is_declared_once() -> None:
    declared = [kind for group in GROUPS for kind in group.kinds]
    assert sorted(declared) == sorted({*declared})
    assert {*declared} == {*handlers.HANDLERS}

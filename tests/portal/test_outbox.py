"""What is to be sent: who sees it, how it reads, and what can be done about it."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mirror.models import Operation
from sessions_app import actions
from sessions_app.models import Cart
from tests.conftest import People
from tests.portal.world import a_cart, a_line, an_operation
from tests.sandbox_process import SandboxProcess

State = Operation.State
ACTIONS = ("send", "withdraw", "dismiss")


def _page(client: Client, query: str = "") -> str:
    response = client.get(f"/outbox/{query}")
    assert response.status_code == 200
    return response.content.decode()


def _act(client: Client, operation: Operation, action: str) -> Any:
    return client.post(f"/outbox/{operation.pk}/{action}/", follow=True)


def _count(client: Client) -> str:
    return client.get("/carts/").content.decode()


def test_nothing_owed_is_said_calmly(sales_client: Client) -> None:
    assert "Nothing is owed" in _page(sales_client)


def test_a_row_tells_what_whose_and_how_it_goes(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    line = a_line(cart)
    an_operation(
        cart, line, actor=people.sales, attempts=3, failure="Unreachable", detail="connection refused"
    )
    page = _page(sales_client)
    assert f'<a href="{line.get_absolute_url()}">Boulangerie</a>' in page
    assert f'<a href="{cart.get_absolute_url()}">CART-1</a>' in page
    for told in (
        "Create or change an order line",
        "waiting",
        "3 tries",
        "sent when they answer",
        "connection refused",
    ):
        assert told in page


def test_a_refusal_tells_the_vendors_words_at_the_field(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    errors = [{"path": "enni", "code": "unknown", "message": "No such door.", "value": "CN9"}]
    an_operation(cart, a_line(cart), state=State.REFUSED, failure="Invalid", errors=errors)
    page = _page(sales_client)
    assert "ENNI (collection door): No such door. (CN9)" in page
    assert "mend what is named" in page


def test_a_kind_that_nobody_named_is_shown_as_it_is_called(people: People, sales_client: Client) -> None:
    an_operation(a_cart(people.sales), kind="paint-cart")
    assert "Paint-cart" in _page(sales_client)


def test_what_has_to_wait_for_another_says_so(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart, due_at=timezone.now() + timedelta(minutes=5))
    an_operation(cart, a_line(cart))
    page = _page(sales_client)
    assert page.count("next try at") == 1
    assert page.count("after what stands before it") == 1


def test_a_deleted_carts_operations_are_listed_without_a_link(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    an_operation(cart, kind="delete-cart")
    page = _page(sales_client)
    assert "(deleted here)" in page
    assert cart.get_absolute_url() not in page


def test_sales_see_own_and_team_carts_alone(people: People, sales_client: Client) -> None:
    an_operation(a_cart(people.sales, "MINE"))
    an_operation(a_cart(people.other_sales, "TEAMS", team=people.north))
    an_operation(a_cart(people.other_sales, "THEIRS"))
    page = _page(sales_client)
    assert "MINE" in page
    assert "TEAMS" in page
    assert "THEIRS" not in page


def test_the_back_office_sees_all_and_has_no_buttons(people: People, back_office_client: Client) -> None:
    an_operation(a_cart(people.other_sales, "THEIRS"))
    page = _page(back_office_client)
    assert "THEIRS" in page
    assert "formaction" not in page


@pytest.mark.parametrize("action", ACTIONS)
def test_someone_elses_operation_is_not_there(people: People, sales_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.other_sales))
    assert sales_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("action", ACTIONS)
def test_the_back_office_may_not_act(people: People, back_office_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.other_sales))
    assert back_office_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 403


@pytest.mark.parametrize("action", ACTIONS)
def test_nothing_is_done_by_looking(people: People, sales_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.sales))
    assert sales_client.get(f"/outbox/{operation.pk}/{action}/").status_code == 405


def test_someone_of_both_roles_acts_on_their_own_carts_only(people: People, sales_client: Client) -> None:
    people.sales.groups.set([*people.sales.groups.all(), *people.back_office.groups.all()])
    operation = an_operation(a_cart(people.other_sales))
    assert sales_client.post(f"/outbox/{operation.pk}/withdraw/").status_code == 403


def test_what_was_never_sent_can_be_withdrawn(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    operation = an_operation(cart, kind="delete-cart")
    assert "Withdrawn" in _act(sales_client, operation, "withdraw").content.decode()
    operation.refresh_from_db()
    cart.refresh_from_db()
    assert operation.state == State.WITHDRAWN
    assert cart.deleted_at is None


def test_what_may_have_arrived_cannot_be_withdrawn(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales), state=State.UNKNOWN, sent={"change": {}})
    assert "withdraw/" not in _page(sales_client)
    assert "Too late" in _act(sales_client, operation, "withdraw").content.decode()
    operation.refresh_from_db()
    assert operation.state == State.UNKNOWN


def test_a_refusal_can_be_put_aside_once_read(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales), state=State.REFUSED, failure="Invalid")
    _act(sales_client, operation, "dismiss")
    assert "CART-1" not in _page(sales_client)
    assert "refused, put aside" in _page(sales_client, "?show=done")


def test_only_a_refusal_can_be_put_aside(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales))
    _act(sales_client, operation, "dismiss")
    operation.refresh_from_db()
    assert not operation.dismissed


def test_sending_now_sends_what_stands_before_it_too(
    people: People, sales_client: Client, sandbox: SandboxProcess
) -> None:
    cart = actions.create_cart(people.sales, {"external_id": "NEW-1"})
    values = {"product_offering_id": "2173", "product_offering_qualification_item_id": "an-item"}
    actions.add_line(cart.pk, people.sales, values=values)
    Operation.objects.update(due_at=timezone.now() + timedelta(hours=1))
    last = Operation.objects.order_by("pk").last()
    assert last
    assert "Covage has it" in _act(sales_client, last, "send").content.decode()
    assert Cart.objects.get(pk=cart.pk).upstream_id
    assert not Operation.objects.unfinished().exists()


def test_sending_now_to_nobody_keeps_it_and_says_so(people: People, sales_client: Client) -> None:
    operation = an_operation(actions.create_cart(people.sales, {"external_id": "NEW-1"}))
    page = _act(sales_client, operation, "send").content.decode()
    assert "Covage can&#x27;t be reached" in page
    operation.refresh_from_db()
    assert operation.state == State.WAITING


def test_done_lately_shows_a_week(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart, label="NEWS", kind="confirm-cart", state=State.SUCCEEDED)
    an_operation(
        cart, a_line(cart, "OLDER"), state=State.SUCCEEDED, finished_at=timezone.now() - timedelta(days=8)
    )
    page = _page(sales_client, "?show=done")
    assert "Confirm the cart" in page
    assert "OLDER" not in page
    assert "Confirm the cart" not in _page(sales_client)


def test_the_navigation_counts_what_asks_for_attention(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart)
    an_operation(cart, state=State.REFUSED)
    an_operation(cart, state=State.REFUSED, dismissed=True)
    an_operation(cart, state=State.SUCCEEDED)
    an_operation(a_cart(people.other_sales, "THEIRS"))
    assert 'To send <span class="count">2</span>' in _count(sales_client)


def test_a_long_list_comes_in_pages(people: People, sales_client: Client) -> None:
    for number in range(51):
        an_operation(a_cart(people.sales, f"CART-{number:02}"))
    page = _page(sales_client)
    assert "CART-50" in page
    assert "CART-00" not in page
    assert 'rel="next"' in page


def test_the_page_asks_the_database_as_often_for_many_as_for_few(
    people: People, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        cart = a_cart(people.sales, f"CART-{number}")
        an_operation(cart, a_line(cart), actor=people.sales)
    with django_assert_max_num_queries(10):
        _page(sales_client)

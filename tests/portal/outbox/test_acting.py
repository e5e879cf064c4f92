"""The buttons on the page of the outbox: who may send, withdraw or dismiss an operation, and what becomes of it."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart
from tests.conftest import People
from tests.portal.outbox.page_helpers import BUTTONS, act, outbox_page
from tests.portal.world import a_cart, an_operation
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.postgresql

State = Operation.State


# Who


@pytest.mark.parametrize("action", BUTTONS)
def test_someone_elses_operation_is_a_404(people: People, sales_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.other_sales))
    assert sales_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("action", BUTTONS)
def test_the_back_office_may_not_act(people: People, back_office_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.other_sales))
    assert back_office_client.post(f"/outbox/{operation.pk}/{action}/").status_code == 403


@pytest.mark.parametrize("action", BUTTONS)
def test_a_get_changes_nothing(people: People, sales_client: Client, action: str) -> None:
    operation = an_operation(a_cart(people.sales))
    assert sales_client.get(f"/outbox/{operation.pk}/{action}/").status_code == 405


def test_someone_of_both_roles_acts_on_their_own_carts_only(people: People, sales_client: Client) -> None:
    people.sales.groups.set([*people.sales.groups.all(), *people.back_office.groups.all()])
    operation = an_operation(a_cart(people.other_sales))
    assert sales_client.post(f"/outbox/{operation.pk}/withdraw/").status_code == 403


# What becomes of it


def test_what_was_never_sent_can_be_withdrawn(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, deleted_at=timezone.now())
    operation = an_operation(cart, kind="delete-cart")
    assert "Withdrawn" in act(sales_client, operation, "withdraw").content.decode()
    operation.refresh_from_db()
    cart.refresh_from_db()
    assert operation.state == State.WITHDRAWN
    assert cart.deleted_at is None


def test_what_may_have_arrived_cannot_be_withdrawn(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales), state=State.UNKNOWN, sent={"change": {}})
    assert "withdraw/" not in outbox_page(sales_client)
    assert "Too late" in act(sales_client, operation, "withdraw").content.decode()
    operation.refresh_from_db()
    assert operation.state == State.UNKNOWN


def test_a_refusal_can_be_dismissed_once_read(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales), state=State.REFUSED, failure="Invalid")
    act(sales_client, operation, "dismiss")
    assert "CART-1" not in outbox_page(sales_client)
    assert "refused, dismissed" in outbox_page(sales_client, "?show=done")


def test_only_a_refusal_can_be_dismissed(people: People, sales_client: Client) -> None:
    operation = an_operation(a_cart(people.sales))
    act(sales_client, operation, "dismiss")
    operation.refresh_from_db()
    assert not operation.dismissed


def test_sending_now_also_sends_what_comes_before_it(
    people: People, sales_client: Client, sandbox: SandboxProcess
) -> None:
    cart = cart_actions.create_cart(people.sales, {"external_id": "NEW-1"})
    values = {"product_offering_id": "2173", "product_offering_qualification_item_id": "an-item"}
    line_actions.add_line(cart.pk, people.sales, values=values)
    Operation.objects.update(due_at=timezone.now() + timedelta(hours=1))
    last = Operation.objects.order_by("pk").last()
    assert last
    assert "Covage has it" in act(sales_client, last, "send").content.decode()
    assert Cart.objects.get(pk=cart.pk).upstream_id
    assert not Operation.objects.unfinished().exists()


def test_sending_now_to_nobody_keeps_it_and_says_so(people: People, sales_client: Client) -> None:
    operation = an_operation(cart_actions.create_cart(people.sales, {"external_id": "NEW-1"}))
    page = act(sales_client, operation, "send").content.decode()
    assert "Covage can&#x27;t be reached" in page
    operation.refresh_from_db()
    assert operation.state == State.WAITING

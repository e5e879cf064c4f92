"""What people do to carts, without a vendor: the change, its event, and the operations for the vendor."""

import threading
import uuid

import pytest
from django.db import connection

from accounts.models import User
from drafts.actions import NotADraft
from drafts.models import Event, own_reference
from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.confirmation import actions as confirmation_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import (
    confirm,
    edit,
    only_line,
    pending,
    ready_values,
    reviewed,
    unsent_cart,
    verbs_of,
)

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_a_new_cart_is_stored_recorded_and_enqueued(sales: User) -> None:
    cart = unsent_cart(sales, lines=0, project_id="FLASH")
    assert (cart.owner, cart.project_id, cart.missing_count) == (sales, "FLASH", 1)
    assert cart.external_id == own_reference(cart.pk)
    assert (verbs_of(cart), pending(cart)) == (["created"], ["save-cart"])


def test_the_same_key_makes_one_cart_one_line_and_one_copy(sales: User) -> None:
    key, line_key, copy_key = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        cart = cart_actions.create_cart(sales, {"project_id": "FLASH"}, key=key)
        line = line_actions.add_line(cart.pk, sales, key=line_key, values=ready_values())
        line_actions.duplicate_line(line.pk, sales, with_site=True, key=copy_key)
    assert set(cart.lines.values_list("pk", flat=True)) == {line_key, copy_key}
    assert Cart.objects.get().pk == key
    assert verbs_of(cart) == ["created", "line-added", "line-duplicated"]


@pytest.mark.django_db(transaction=True)
def test_the_same_new_cart_sent_twice_at_the_same_moment_is_one_cart(people: People) -> None:
    key, made, start = uuid.uuid4(), list[uuid.UUID](), threading.Barrier(4)

    def press() -> None:
        try:
            start.wait(timeout=10)
            made.append(cart_actions.create_cart(people.sales, {}, key=key).pk)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert made == [key] * 4
    assert Operation.objects.count() == 1


def test_changing_a_cart_is_recorded_and_enqueued_and_changing_nothing_is_neither(people: People) -> None:
    cart = unsent_cart(people.sales)
    Operation.objects.all().delete()
    same = {"external_id": cart.external_id, "project_id": ""}
    cart_actions.edit_cart(cart.pk, people.sales, same, owner=people.sales, team=None)
    assert pending(cart) == []

    cart_actions.edit_cart(
        cart.pk, people.sales, {"project_id": "FLASH"}, owner=people.sales, team=people.north
    )
    assert pending(cart) == ["save-cart"]
    event = Event.objects.latest("id")
    assert event.changes == {"project_id": [None, "FLASH"], "team": ["", "North"]}


def test_a_cart_never_stays_without_a_reference(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    cart_actions.edit_cart(cart.pk, sales, {"external_id": "IS-1"}, owner=sales, team=None)
    assert cart_actions.edit_cart(
        cart.pk, sales, {"external_id": ""}, owner=sales, team=None
    ).external_id == (own_reference(cart.pk))


def test_owner_and_team_can_change_when_the_rest_can_not(cart: Cart, people: People) -> None:
    cart = confirm(cart, people.sales)
    cart_actions.edit_cart(cart.pk, people.sales, {}, owner=people.other_sales, team=None)
    cart.refresh_from_db()
    assert cart.owner == people.other_sales
    with pytest.raises(NotADraft):
        cart_actions.edit_cart(cart.pk, people.sales, {"project_id": "X"}, owner=people.sales, team=None)


def test_a_cart_is_taken_by_the_first_who_wants_it(people: People) -> None:
    cart = unsent_cart(people.sales)
    Cart.objects.update(owner=None)
    assert cart_actions.take_cart(cart.pk, people.other_sales).owner == people.other_sales
    assert cart_actions.take_cart(cart.pk, people.sales).owner == people.other_sales
    assert verbs_of(cart).count("taken") == 1


def test_what_is_no_draft_any_more_can_not_be_changed(cart: Cart, sales: User) -> None:
    line = only_line(cart)
    confirm(cart, sales)
    for change in (
        lambda: edit(line, sales, note="x"),
        lambda: line_actions.delete_line(line.pk, sales),
        lambda: cart_actions.delete_cart(cart.pk, sales),
        lambda: line_actions.add_line(cart.pk, sales),
        lambda: line_actions.duplicate_line(line.pk, sales, with_site=True, key=uuid.uuid4()),
        lambda: line_actions.settle_conflict(line.pk, sales, "note", ours=True),
        lambda: cart_actions.settle_cart_conflict(cart.pk, sales, "project_id", ours=True),
        lambda: cart_actions.send_again(cart.pk, sales),
    ):
        with pytest.raises(NotADraft):
            change()


def test_deleting_a_cart_withdraws_what_waits(sales: User) -> None:
    cart = unsent_cart(sales)
    cart_actions.delete_cart(cart.pk, sales)
    assert pending(cart) == ["delete-cart"]
    assert not Cart.objects.live().exists()


# Withdrawing and sending again


@pytest.mark.parametrize("kind", ["save-cart", "delete-cart", "confirm-cart", "delete-line"])
def test_withdrawing_what_was_not_sent_puts_things_back(sales: User, kind: str) -> None:
    cart = unsent_cart(sales)
    if kind == "delete-cart":
        cart_actions.delete_cart(cart.pk, sales)
    elif kind == "confirm-cart":
        confirmation_actions.confirm_cart(cart.pk, sales, reviewed(cart))
    elif kind == "delete-line":
        line_actions.delete_line(only_line(cart).pk, sales)
    operation = Operation.objects.get(subject_id=cart.pk, kind=kind, state="waiting")
    assert cart_actions.withdraw(operation, sales)
    cart = Cart.objects.get()
    assert cart.is_draft
    assert only_line(cart).deleted_at is None
    assert cart.missing_count == 0
    assert verbs_of(cart)[-1] == "withdrawn"
    assert not cart_actions.withdraw(operation, sales), "it can be withdrawn once"


def test_after_a_withdrawal_all_can_be_sent_again(sales: User) -> None:
    cart = unsent_cart(sales)
    for operation in Operation.objects.order_by("id"):
        assert cart_actions.withdraw(operation, sales)
    assert pending(cart) == []
    cart_actions.send_again(cart.pk, sales)
    assert pending(cart) == ["save-cart", "save-line"]

"""What a cart sends reaches the vendor once, in order, whatever becomes of the answers."""

from typing import Any

import pytest
import time_machine

from accounts.models import User
from outbox import clients
from outbox.models import Operation
from sessions_app.carts import actions as cart_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess, eventually
from tests.sessions_app.cart_factory import (
    assert_up_to_date,
    edit,
    elsewhere,
    newest_operation,
    only_line,
    open_cart,
    pending,
    ready_values,
    run_sync,
    send,
    send_all,
    upstream_fields,
    upstream_sessions,
)
from tests.sessions_app.lost_answers import mishap_at

pytestmark = pytest.mark.django_db


# Creating


def test_a_new_cart_and_its_line_are_created_under_references_of_our_own(
    sandbox: SandboxProcess, sales: User
) -> None:
    cart = open_cart(sales, lines=1)
    (session,) = upstream_sessions(sandbox)
    assert session["external_id"] == cart.external_id != ""
    assert session["lines"][0]["fields"]["external_id"] == only_line(cart).external_id != ""
    assert_up_to_date(cart)


def test_a_reference_that_someone_gives_is_the_one_that_is_sent(sandbox: SandboxProcess, sales: User) -> None:
    open_cart(sales, external_id="IS-4711", project_id="FLASH")
    (session,) = upstream_sessions(sandbox)
    assert (session["external_id"], session["project_id"]) == ("IS-4711", "FLASH")


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("write", ["creating a session", "creating a line"])
def test_a_creation_whose_answer_is_lost_ends_with_one_session_and_one_line(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, write: str, mishap: str
) -> None:
    mishap_at(sandbox, write, mishap)
    cart = open_cart(sales, lines=1)
    assert Operation.objects.get(subject_id=cart.pk, state="unknown")

    cart = send_all(cart)

    (session,) = upstream_sessions(sandbox)
    assert len(session["lines"]) == 1
    assert sandbox.counters()["sessions_created"] == {cart.external_id: 1}
    assert Cart.objects.count() == Line.objects.count() == 1
    assert_up_to_date(cart)


def test_a_creation_that_takes_longer_than_we_wait_happens_once(sandbox: SandboxProcess, sales: User) -> None:
    sandbox.faults([{"fault": "hold", "method": "POST"}])
    cart = cart_actions.create_cart(sales, {})
    send(cart, clients.client().with_timeout(1))
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.UNKNOWN, "its absence is not believed yet"

    sandbox.faults([])
    assert eventually(lambda: bool(sandbox.counters()["sessions_created"]))
    cart = send(cart)

    assert sandbox.counters()["sessions_created"] == {cart.external_id: 1}
    assert_up_to_date(cart)


def test_absence_is_believed_only_after_a_while_and_then_it_is_sent_again(
    sandbox: SandboxProcess, sales: User, settings: Any
) -> None:
    mishap_at(sandbox, "creating a session", "dropped before")
    cart = send(cart_actions.create_cart(sales, {}))
    for _ in range(3):
        cart = send(cart)
    assert upstream_sessions(sandbox) == []
    posts = sandbox.counters()["requests"]["POST /api/v1/product_order"]
    assert posts == 1

    operation = newest_operation(cart)
    with time_machine.travel(operation.attempted_at, tick=True) as clock:
        clock.shift(settings.OUTBOX_SETTLE_SECONDS + 5)
        cart = send(cart)
    assert sandbox.counters()["sessions_created"] == {cart.external_id: 1}
    assert_up_to_date(cart)


def test_a_sync_between_a_lost_answer_and_its_look_up_makes_no_second_cart(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    mishap_at(sandbox, "creating a session")
    cart = open_cart(sales, lines=1)
    run_sync()
    assert Cart.objects.get().upstream_id is not None
    cart = send_all(Cart.objects.get())
    assert len(upstream_sessions(sandbox)) == 1
    assert_up_to_date(cart)


def test_a_refused_cart_keeps_what_was_typed_and_says_why(sandbox: SandboxProcess, sales: User) -> None:
    cart = open_cart(sales)
    sandbox.faults([{"fault": "error", "status": 422, "method": "PATCH", "times": 1}])
    cart_actions.edit_cart(cart.pk, sales, {"project_id": "FLASH"}, owner=sales, team=None)
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.REFUSED
    assert cart.draft["project_id"] == "FLASH"
    assert cart.unsent == ["project_id"]


# Changing


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_of_a_cart_whose_answer_is_lost_is_compared_as_well(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, mishap: str
) -> None:
    mishap_at(sandbox, "changing a session", mishap)
    cart_actions.edit_cart(cart.pk, sales, {"project_id": "FLASH"}, owner=sales, team=None)
    cart = send_all(send(cart))
    assert upstream_sessions(sandbox)[0]["project_id"] == "FLASH"
    assert "product_order_item" not in cart.upstream, "lines are rows of their own"
    assert_up_to_date(cart)


def test_edits_of_an_outage_are_coalesced_and_sent_in_order_once(
    sandbox: SandboxProcess, sales: User
) -> None:
    sandbox.down()
    cart = cart_actions.create_cart(sales, {})
    line = line_actions.add_line(cart.pk, sales, values=ready_values())
    send(cart)
    for number in range(5):
        edit(line, sales, note=f"Version {number}")
        send(cart)
    assert pending(cart) == ["save-cart", "save-line"]
    assert only_line(cart).draft["note"] == "Version 4"

    sandbox.down(False)
    cart = send(cart)
    assert [(e["method"], e["path"].rpartition("/")[2]) for e in sandbox.log() if e["method"] == "POST"][
        -2:
    ] == [
        ("POST", "product_order"),
        ("POST", "product_order_item"),
    ]
    assert upstream_fields(sandbox)["note"] == "Version 4"
    assert_up_to_date(cart)


def test_what_was_never_sent_can_be_withdrawn_even_after_a_try_that_reached_nobody(
    sandbox: SandboxProcess, sales: User
) -> None:
    sandbox.stop()
    try:
        cart = send(cart_actions.create_cart(sales, {"project_id": "FLASH"}))
        operation = newest_operation(cart)
        assert (operation.state, operation.failure) == ("waiting", "Unreachable")
        assert cart_actions.withdraw(operation, sales)
    finally:
        sandbox.start()
    cart = send(cart)
    assert upstream_sessions(sandbox) == []
    assert cart.draft["project_id"] == "FLASH"

    cart_actions.send_again(cart.pk, sales)
    assert_up_to_date(send(cart))


def test_saving_into_a_session_that_is_gone_says_so_and_keeps_the_draft(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    edit(only_line(cart), sales, note="Mine")
    cart_actions.edit_cart(cart.pk, sales, {"project_id": "FLASH"}, owner=sales, team=None)
    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    cart = send(cart)
    assert cart.gone_at is not None
    assert only_line(cart).gone_at is not None
    assert only_line(cart).draft["note"] == "Mine"


# Deleting


@pytest.mark.parametrize("mishap", MISHAPS)
@pytest.mark.parametrize("what", ["line", "session"])
def test_a_deletion_whose_answer_is_lost_is_looked_up(
    sandbox: SandboxProcess, cart: Cart, sales: User, believed_at_once: None, what: str, mishap: str
) -> None:
    mishap_at(sandbox, f"deleting a {what}", mishap)
    if what == "line":
        line_actions.delete_line(only_line(cart).pk, sales)
    else:
        cart_actions.delete_cart(cart.pk, sales)
    cart = send_all(send(cart))
    assert pending(cart) == []
    assert newest_operation(cart).state == Operation.State.SUCCEEDED
    assert [session["lines"] for session in upstream_sessions(sandbox)] == ([[]] if what == "line" else [])


def test_deleting_what_is_gone_already_is_as_good(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    line = only_line(cart)
    elsewhere(sandbox).delete_line(cart.upstream_id or "", line.upstream_id or "")
    line_actions.delete_line(line.pk, sales)
    cart = send(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED

    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    cart_actions.delete_cart(cart.pk, sales)
    send(cart)
    assert newest_operation(cart).state == Operation.State.SUCCEEDED


def test_a_cart_deleted_before_it_was_sent_is_never_sent(sandbox: SandboxProcess, sales: User) -> None:
    sandbox.down()
    cart = cart_actions.create_cart(sales, {})
    line_actions.add_line(cart.pk, sales, values=ready_values())
    send(cart)
    cart_actions.delete_cart(cart.pk, sales)
    sandbox.down(False)
    send_all(cart)
    assert pending(cart) == []
    assert upstream_sessions(sandbox) == []


def test_a_cart_deleted_while_its_creation_was_in_doubt_is_deleted_upstream(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    mishap_at(sandbox, "creating a session")
    cart = send(cart_actions.create_cart(sales, {}))
    cart_actions.delete_cart(cart.pk, sales)
    send_all(cart)
    assert pending(cart) == []
    assert upstream_sessions(sandbox) == []


@pytest.mark.parametrize("what", ["line", "cart"])
def test_what_was_confirmed_elsewhere_can_not_be_deleted_and_comes_back(
    sandbox: SandboxProcess, cart: Cart, sales: User, what: str
) -> None:
    elsewhere(sandbox).confirm_session(cart.upstream_id or "")
    if what == "line":
        line_actions.delete_line(only_line(cart).pk, sales)
    else:
        cart_actions.delete_cart(cart.pk, sales)
    cart = send(cart)
    assert newest_operation(cart).failure == "Conflict"
    assert cart.deleted_at is None
    assert only_line(cart).deleted_at is None

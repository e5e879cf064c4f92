"""A request that the vendor refuses, or whose order is gone: nothing is made, and the reason is kept."""

from datetime import date

import pytest

from accounts.models import User
from outbox.models import Operation
from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import ask, made, send, send_all
from tests.tracking.requests.operation_helpers import MISHAPS, cause_fault, is_due
from tracking.models import Order
from tracking.requests.actions import pending_on

pytestmark = pytest.mark.django_db

State = Operation.State


def test_a_conflict_is_a_refusal_when_nothing_of_ours_is_there(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    cause_fault(sandbox, {"fault": "error", "status": 409})
    operation = send(ask(order, by))
    assert (operation.state, operation.failure) == (State.REFUSED, "Conflict")
    assert made(sandbox) == {}
    assert not pending_on(order).exists()


def test_a_conflict_because_of_an_earlier_try_of_ours_is_a_success(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    cause_fault(sandbox, {"fault": "error", "status": 409, "after": True})
    operation = send(ask(order, by))
    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_refusal_keeps_the_vendors_words_at_the_field(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = send(ask(order, by, reason="Because", effective=date(2020, 1, 1)))
    assert (operation.state, operation.failure) == (State.REFUSED, "Invalid")
    assert {error["path"] for error in operation.errors} == {"reason", "request_effective_date"}
    assert made(sandbox) == {}


def test_after_a_refusal_it_can_be_requested_again(sandbox: SandboxProcess, order: Order, by: User) -> None:
    send(ask(order, by, reason="Because"))
    assert send(ask(order, by)).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_an_order_that_is_gone_says_so(sandbox: SandboxProcess, order: Order, by: User) -> None:
    operation = ask(order, by)
    sandbox.control("DELETE", f"orders/{order.reference}")
    operation = send(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "NoSuchOrder")
    assert is_due(order), "the next reading marks it gone"


def test_an_action_that_the_vendor_does_not_know_is_refused_with_their_words(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    cause_fault(sandbox, {"fault": "error", "status": 404})
    operation = send(ask(order, by))
    assert (operation.state, operation.failure) == (State.REFUSED, "NoSuchOrder")
    assert operation.errors[0]["message"]
    assert made(sandbox) == {}


def test_an_order_that_vanishes_while_the_outcome_is_unknown_is_refused(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None
) -> None:
    cause_fault(sandbox, MISHAPS["dropped before"])
    operation = send(ask(order, by))
    sandbox.control("DELETE", f"orders/{order.reference}")
    operation = send_all(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "NoSuchOrder")

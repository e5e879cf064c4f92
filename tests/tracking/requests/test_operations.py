"""A request reaches the vendor once, whatever happens to the answers."""

from typing import Any

import pytest

from accounts.models import User
from covage import Covage, ServerError
from drafts.models import Event
from outbox import clients
from outbox.models import Operation
from tests.sandbox_process import SandboxProcess, eventually
from tests.tracking.request_forms import (
    REASONS,
    ask,
    in_a_year,
    made,
    order_at,
    requests_at,
    rows,
    send,
    send_all,
)
from tests.tracking.requests.operation_helpers import LISTING, MISHAPS, ask_elsewhere, cause_fault, is_due
from tracking.models import Order, Request
from tracking.requests.actions import NotPossible
from tracking.requests.operations import MakeRequest

pytestmark = pytest.mark.django_db

State = Operation.State


def test_what_was_typed_arrives_and_is_listed_here_with_the_requester(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    operation = send(ask(order, by, message="Fin du bail"))

    assert operation.state == State.SUCCEEDED
    (raw,) = requests_at(sandbox, order)
    assert raw["action"] == "Résiliation"
    assert (raw["reason"], raw["message"]) == (REASONS[0], "Fin du bail")
    assert raw["request_effective_date"] == in_a_year().isoformat()
    (row,) = rows(order)
    assert (row.upstream_id, row.requested_by) == (raw["id"], by)
    assert row.request_effective_date == in_a_year()
    assert made(sandbox) == {order.reference: 1}


def test_the_order_is_read_again_soon_after(sandbox: SandboxProcess, order: Order, by: User) -> None:
    Order.objects.update(due_at=None)
    send(ask(order, by))
    assert is_due(order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_request_whose_answer_is_lost_is_made_once(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, mishap: str
) -> None:
    cause_fault(sandbox, MISHAPS[mishap])
    operation = send(ask(order, by))
    assert operation.state == State.UNKNOWN

    operation = send_all(operation)

    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}
    assert [row.requested_by for row in rows(order)] == [by]


def test_a_request_that_surely_did_not_arrive_is_sent_again(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    cause_fault(sandbox, {"fault": "rate_limit", "retry_after": 0.1})
    operation = send(ask(order, by))
    assert operation.state == State.WAITING
    assert send_all(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_request_that_takes_longer_than_we_wait_is_made_once(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    cause_fault(sandbox, {"fault": "hold"})
    operation = send(ask(order, by), clients.client().with_timeout(1))
    assert operation.state == State.UNKNOWN
    operation = send(operation)
    assert operation.state == State.UNKNOWN, "its absence is not believed yet"

    sandbox.faults([])
    assert eventually(lambda: bool(made(sandbox)))
    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_request_that_is_processed_only_after_its_absence_was_believed_is_not_made_again(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cause_fault(sandbox, {"fault": "drop_before"})
    operation = send(ask(order, by))
    verify = MakeRequest.verify

    def late(handler: MakeRequest, operation: Operation, client: Covage) -> Any:
        found = verify(handler, operation, client)
        if not made(sandbox):
            document = operation.payload["document"]
            ask_elsewhere(sandbox, order, **document)
        return found

    monkeypatch.setattr(MakeRequest, "verify", late)
    operation = send_all(operation)

    assert operation.state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}
    assert len(rows(order)) == 1
    assert Event.objects.filter(subject_id=order.uuid, verb="request-made").count() == 1


@pytest.mark.parametrize("status", [403, 404])
def test_without_the_list_of_requests_nothing_is_sent(
    sandbox: SandboxProcess, order: Order, by: User, status: int
) -> None:
    cause_fault(sandbox, {"fault": "error", "status": status}, LISTING)
    operation = send(ask(order, by))
    assert (operation.state, operation.failure) == (State.WAITING, "Forbidden")
    assert made(sandbox) == {}
    assert send(operation).state == State.SUCCEEDED


def test_the_outcome_stays_unknown_while_the_list_of_requests_is_unavailable(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None
) -> None:
    cause_fault(sandbox, MISHAPS["dropped after"])
    operation = send(ask(order, by))
    sandbox.faults([{**LISTING, "times": 1, "fault": "error", "status": 404}])
    operation = send(operation)
    assert operation.state == State.UNKNOWN
    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_a_worker_killed_while_sending_leaves_what_is_looked_up_first(
    sandbox: SandboxProcess, order: Order, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = ask(order, by)
    with monkeypatch.context() as patch:
        patch.setattr("outbox.delivery.succeed", _die)
        with pytest.raises(KeyboardInterrupt):
            send(operation)
    operation.refresh_from_db()
    assert operation.state == State.SENDING

    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}
    assert len(rows(order)) == 1


def _die(*arguments: Any) -> None:
    raise KeyboardInterrupt


def test_an_empty_answer_is_a_success_that_the_next_listing_shows(
    sandbox: SandboxProcess, order: Order, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_them = Covage.request_order
    monkeypatch.setattr(Covage, "request_order", lambda *arguments: {} if ask_them(*arguments) else {})
    assert send(ask(order, by)).state == State.SUCCEEDED
    assert rows(order) == []


def test_an_incomplete_answer_is_completed_with_what_was_sent(
    sandbox: SandboxProcess, order: Order, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask_them = Covage.request_order
    monkeypatch.setattr(Covage, "request_order", lambda *arguments: {"id": ask_them(*arguments)["id"]})
    send(ask(order, by))
    (row,) = rows(order)
    assert (row.action, row.reason, row.request_effective_date) == ("Résiliation", REASONS[0], in_a_year())


def test_a_change_and_a_cancellation_go_the_same_way(sandbox: SandboxProcess, order: Order, by: User) -> None:
    in_production = order_at(sandbox, "in_progress")
    for on, word, label in ((order, "change", "Modification"), (in_production, "cancel", "Annulation")):
        operation = send(ask(on, by, word, reason="", message="As agreed", effective=None))
        assert operation.state == State.SUCCEEDED
        assert requests_at(sandbox, on)[-1]["action"] == label
    assert made(sandbox) == {order.reference: 1, in_production.reference: 1}


def test_a_fault_of_the_vendors_while_looking_leaves_it_unknown(
    sandbox: SandboxProcess, order: Order, by: User, believed_at_once: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    cause_fault(sandbox, MISHAPS["dropped after"])
    operation = send(ask(order, by))

    def broken(client: Covage, **filters: Any) -> Any:
        raise ServerError("GET /order_request/: 500")

    with monkeypatch.context() as patch:
        patch.setattr(Covage, "request_pages", broken)
        assert send(operation).state == State.UNKNOWN
    assert send(operation).state == State.SUCCEEDED
    assert made(sandbox) == {order.reference: 1}


def test_once_accepted_it_can_not_be_requested_again_before_the_order_shows_it(
    sandbox: SandboxProcess, order: Order, by: User
) -> None:
    send(ask(order, by))
    with pytest.raises(NotPossible, match="few minutes ago"):
        ask(order, by)
    assert Request.objects.count() == 1

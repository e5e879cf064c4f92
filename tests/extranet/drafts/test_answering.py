"""An answer, a termination and a whole life of an order reach Covage once, in order."""

import pytest

from accounts.models import User
from drafts.models import Event
from extranet.drafts import actions
from extranet.drafts.operations import ANSWER_ORDER
from extranet.models import CopperOrder
from outbox import clients, delivery
from outbox.models import Operation
from tests.extranet.drafts.outbox_helpers import assert_synced, cause_mishap, interrupted
from tests.extranet.order_factory import (
    all_upstream,
    answer,
    completed_order,
    edit,
    elsewhere,
    newest_operation,
    pending_kinds,
    pending_order,
    ready_values,
    refreshed,
    run_sync,
    send,
    send_all,
    submit,
    upstream_id,
)
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


# Answering


@pytest.mark.parametrize(
    ("how", "status", "verb"), [("confirm", "running", "confirmed"), ("cancel", "canceled", "cancelled")]
)
def test_an_answer_is_given_once(
    sandbox: SandboxProcess, sales: User, how: str, status: str, verb: str
) -> None:
    order = pending_order(sandbox, sales)
    assert order.is_pending
    order = answer(order, sales, how)
    assert (order.status, order.answering, order.is_pending) == (status, "", False)
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}
    assert Event.objects.filter(subject_id=order.uuid, verb=verb).count() == 1
    assert_synced(sandbox, order)


@pytest.mark.parametrize("how", ["confirm", "cancel"])
@pytest.mark.parametrize("mishap", MISHAPS)
def test_an_answer_whose_own_answer_is_lost_is_given_once(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, how: str, mishap: str
) -> None:
    order = pending_order(sandbox, sales)
    cause_mishap(sandbox, how, mishap)
    order = send_all(answer(order, sales, how))
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}
    assert order.status == ("running" if how == "confirm" else "canceled")
    assert pending_kinds(order) == []


@pytest.mark.parametrize(("ours", "theirs"), [("confirm", "cancel"), ("cancel", "confirm")])
def test_an_answer_given_otherwise_elsewhere_is_kept_and_reported(
    sandbox: SandboxProcess, sales: User, ours: str, theirs: str
) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, ours)
    elsewhere(sandbox).answer_order(upstream_id(order), theirs)
    order = send(order)
    assert newest_operation(order).failure == "NotPending"
    assert order.answering == ""
    assert order.status == ("running" if theirs == "confirm" else "canceled")
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}


def test_an_answer_to_one_question_is_not_sent_to_the_next_one(sandbox: SandboxProcess, sales: User) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    for status in ("running", "pending"):
        sandbox.on_copper(upstream_id(order), "status", {"status": status})
        order = refreshed(order)
    assert order.is_pending
    actions.answer_order(order.uuid, sales, "cancel")
    assert send(order).status == "canceled"
    states = Operation.objects.filter(kind=ANSWER_ORDER).order_by("id").values_list("state", "failure")
    assert list(states) == [("refused", "NotPending"), ("succeeded", "")]
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}


def _ask_again(sandbox: SandboxProcess, order: CopperOrder) -> None:
    sandbox.advance(60)
    for status in ("running", "pending"):
        sandbox.on_copper(upstream_id(order), "status", {"status": status})


def test_an_answer_is_not_sent_to_a_question_that_nobody_here_has_seen(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    _ask_again(sandbox, order)
    order = send(order)
    assert newest_operation(order).failure == "AskedAnew"
    assert (order.is_pending, sandbox.counters()["extranet_answers"]) == (True, {})
    assert answer(order, sales, "cancel").status == "canceled"


def test_an_answer_whose_own_answer_is_lost_is_not_sent_to_the_next_question(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    order = pending_order(sandbox, sales)
    cause_mishap(sandbox, "confirm")
    order = answer(order, sales, "confirm")
    _ask_again(sandbox, order)
    order = send_all(order)
    assert newest_operation(order).failure == "AskedAnew"
    assert (order.is_pending, sandbox.counters()["extranet_answers"]) == (True, {order.upstream_id: 1})


@pytest.mark.parametrize(("ours", "theirs"), [("confirm", "cancel"), ("cancel", "confirm")])
def test_an_answer_given_otherwise_while_ours_was_unknown_is_reported(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, ours: str, theirs: str
) -> None:
    order = pending_order(sandbox, sales)
    cause_mishap(sandbox, ours, "dropped before")
    order = answer(order, sales, ours)
    elsewhere(sandbox).answer_order(upstream_id(order), theirs)
    order = send(order)
    assert newest_operation(order).failure == "AnsweredOtherwise"
    assert order.answering == ""
    assert order.status == ("running" if theirs == "confirm" else "canceled")


def test_an_answer_that_conflicts_and_was_given_so_elsewhere_counts(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    order = send(
        order,
        interrupted(
            "answer_order",
            lambda: elsewhere(sandbox).answer_order(upstream_id(order), "confirm"),
            before=True,
        ),
    )
    assert (newest_operation(order).state, order.status) == ("succeeded", "running")


@pytest.mark.parametrize("path", ["/api/orders/[^/]+/$", "/confirm/$"])
def test_the_answer_to_an_order_that_is_gone_says_so(sandbox: SandboxProcess, sales: User, path: str) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    sandbox.faults([{"fault": "error", "status": 404, "path": path, "times": 1}])
    order = send(order)
    assert newest_operation(order).failure == "NotFound"
    assert order.gone_at
    assert order.answering == ""


# Ending a service


def test_a_service_is_ended_by_an_order_of_its_own(sandbox: SandboxProcess, sales: User) -> None:
    order = completed_order(sandbox, sales)
    assert order.is_in_service
    ending = send(actions.terminate_service(order.uuid, sales))
    assert ending.raw["service_uuid"] == order.service_uuid
    assert ending.missing() == []
    ending = submit(ending, sales)
    assert (ending.type, ending.status) == ("terminate", "submitted")
    assert order.terminations().get() == ending


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_termination_whose_answer_is_lost_is_created_once(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    order = completed_order(sandbox, sales)
    cause_mishap(sandbox, "creating", mishap)
    ending = send_all(actions.terminate_service(order.uuid, sales))
    assert sandbox.counters()["extranet_orders_created"][ending.operator_order_ref] == 1
    assert len(all_upstream(sandbox)) == 2


# All of it


def test_the_worker_sends_what_is_due(sandbox: SandboxProcess, sales: User) -> None:
    order = actions.create_order(sales, ready_values())
    assert delivery.deliver_due(clients.client_of) == 0
    assert_synced(sandbox, order)


def test_what_concerns_a_deleted_draft_is_not_sent(sandbox: SandboxProcess, sales: User) -> None:
    order = actions.create_order(sales, ready_values())
    CopperOrder.objects.update(deleted_at=order.created_at)
    send(order)
    assert all_upstream(sandbox) == []
    assert newest_operation(order).state == "succeeded"


def test_a_deletion_refused_of_a_draft_that_was_replaced_leaves_the_order_alone(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    old = upstream_id(order)
    edit(order, sales, address__city="Courbevoie")
    sandbox.faults([{"fault": "error", "status": 400, "method": "DELETE", "times": 1}])
    order = send(order)
    assert newest_operation(order, "delete-copper").state == "refused"
    assert (order.deleted_at, order.upstream_id == old) == (None, False)
    run_sync(full=True)
    assert CopperOrder.objects.get(upstream_id=old).owner is None, "it is there, so it is shown"

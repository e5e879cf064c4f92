"""Changes made here while something of ours is under way: all of them count, and none is mistaken for theirs."""

from collections.abc import Callable

import pytest

from accounts.models import User
from covage import Extranet
from drafts.actions import NotADraft
from extranet.drafts import actions
from extranet.models import CopperOrder
from outbox import clients
from tests.extranet.order_factory import (
    all_upstream,
    edit,
    fresh,
    newest_operation,
    pending_kinds,
    pending_order,
    ready_values,
    refreshed,
    reviewed,
    run_sync,
    send,
    send_all,
    upstream,
)
from tests.interrupted import Interrupted
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def interrupted(call: str, meanwhile: Callable[[], object]) -> Extranet:
    return Interrupted(clients.interactive_extranet(), call, meanwhile)  # type: ignore[return-value]


def test_a_change_undone_while_it_is_being_sent_is_undone_upstream(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, comment="Something else")
    send(order, interrupted("replace_order", lambda: edit(order, sales, comment="STRAIGHT")))
    order = send_all(order)
    assert (order.draft["comment"], upstream(sandbox, order)["comment"]) == ("STRAIGHT", "STRAIGHT")


@pytest.mark.parametrize("call", ["create_order", "replace_order"])
def test_a_sync_that_shows_what_is_being_sent_is_no_conflict(
    sandbox: SandboxProcess, sales: User, call: str
) -> None:
    run_sync()
    order = actions.create_order(sales, ready_values(comment="First"))
    if call == "replace_order":
        order = edit(send(order), sales, comment="Second")

    def think_again_and_sync() -> None:
        edit(order, sales, comment="Third")
        run_sync()
        assert fresh(order).conflicts == {}

    send(order, interrupted(call, think_again_and_sync))
    assert fresh(order).conflicts == {}
    order = send_all(order)
    assert (order.draft["comment"], upstream(sandbox, order)["comment"]) == ("Third", "Third")
    assert len(all_upstream(sandbox)) == 1


def test_an_order_given_another_reference_while_it_is_created_appears_only_once_after_a_sync(
    sandbox: SandboxProcess, sales: User
) -> None:
    run_sync()
    order = actions.create_order(sales, ready_values(operator_order_ref="FIRST"))

    def think_again_and_sync() -> None:
        edit(order, sales, operator_order_ref="SECOND")
        run_sync()
        counts.append(CopperOrder.objects.exclude(service="enni").count())

    counts: list[int] = []
    send(order, interrupted("create_order", think_again_and_sync))
    order = send_all(order)
    assert counts == [1]
    assert order.conflicts == {}
    assert upstream(sandbox, order)["operator_order_ref"] == "SECOND"


@pytest.mark.parametrize("full", [False, True])
def test_a_draft_being_recreated_appears_only_once_after_a_sync(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, full: bool
) -> None:
    run_sync()
    edit(order, sales, address__city="Courbevoie")

    def sync_and_count() -> None:
        run_sync(full=full)
        counts.append(CopperOrder.objects.exclude(service="enni").count())

    counts: list[int] = []
    send(order, interrupted("create_order", sync_and_count))
    send(order, interrupted("delete_order", sync_and_count))
    run_sync(full=full)
    assert counts[0] == 1
    assert CopperOrder.objects.exclude(service="enni").get() == order
    assert len(all_upstream(sandbox)) == 1


def test_what_is_typed_while_a_draft_is_recreated_is_kept_and_sent(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, address__city="Courbevoie")
    send(order, interrupted("create_order", lambda: edit(order, sales, comment="Typed", address__floor="04")))
    order = send_all(order)
    raw = upstream(sandbox, order)
    assert (raw["comment"], raw["address"]) == ("Typed", {"city": "Courbevoie", "floor": "04"})
    assert len(all_upstream(sandbox)) == 1


def test_a_draft_deleted_while_it_is_recreated_leaves_none(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, address__city="Courbevoie")
    send(order, interrupted("create_order", lambda: actions.delete_order(order.uuid, sales)))
    order = send_all(order)
    assert all_upstream(sandbox) == []
    assert order.deleted_at


def test_a_draft_deleted_while_it_is_created_leaves_none(sandbox: SandboxProcess, sales: User) -> None:
    order = actions.create_order(sales, ready_values())
    send(order, interrupted("create_order", lambda: actions.delete_order(order.uuid, sales)))
    order = send_all(order)
    assert (all_upstream(sandbox), pending_kinds(order)) == ([], [])
    run_sync()
    assert not CopperOrder.objects.live().exclude(service="enni").exists()


def test_a_sync_during_a_submission_does_not_undo_it(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    run_sync()
    actions.submit_order(order.uuid, sales, reviewed(order))
    order = send(order, interrupted("submit_order", run_sync))
    assert (order.status, order.submitting_since) == ("submitted", None)
    assert newest_operation(order).state == "succeeded"
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}


def test_refreshing_while_an_answer_is_being_sent_does_not_ask_for_it_again(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    assert refreshed(order).answering == "confirm"
    assert not fresh(order).is_pending
    order = send(order, interrupted("answer_order", lambda: refreshed(order)))
    assert (order.status, order.answering) == ("running", "")


def test_what_was_being_submitted_can_t_be_changed_meanwhile(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    actions.submit_order(order.uuid, sales, reviewed(order))
    with pytest.raises(NotADraft):
        edit(order, sales, comment="Too late")
    assert send(order).status == "submitted"

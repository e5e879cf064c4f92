"""What people do to copper orders, without a vendor: the change, its event, and the pending operations."""

import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from drafts.models import Event, own_reference
from extranet.contacts import actions as contacts_actions
from extranet.drafts import actions, operations
from extranet.drafts.actions import NotInService, NotPending
from extranet.drafts.operations import SUBMIT_ORDER
from extranet.ingest import DELETE_ORDER
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.conftest import People
from tests.extranet.order_factory import (
    edit,
    example,
    fresh,
    ingested,
    newest_operation,
    pending_kinds,
    ready_values,
    reviewed,
)
from tests.extranet.products import known_contact

pytestmark = pytest.mark.django_db

RAW = example("create-order-answer")
SERVICE = {"service_uuid": "s1", "service_alias": "S1"}


def _verbs(order: CopperOrder) -> list[str]:
    return list(Event.objects.filter(subject_id=order.uuid).order_by("id").values_list("verb", flat=True))


def _order(by: User, **changes: Any) -> CopperOrder:
    """An order that is ready, and of which nothing has been sent."""
    return actions.create_order(by, ready_values(**changes))


def _ingested(by: User | None, **changes: Any) -> CopperOrder:
    """An order as the vendor has it, whose it then is."""
    return ingested(RAW | changes, by)


# Beginning and changing


def test_a_new_order_is_stored_recorded_and_enqueued(people: People) -> None:
    order = actions.create_order(people.sales, ready_values(), team=people.north)
    assert (order.owner, order.team, order.type, order.status) == (people.sales, people.north, "activate", "")
    assert order.operator_order_ref == own_reference(order.uuid)
    assert (_verbs(order), pending_kinds(order)) == (["created"], ["save-copper"])


def test_an_order_that_covage_would_refuse_is_stored_and_not_enqueued(sales: User) -> None:
    order = actions.create_order(sales, {"comment": "First thoughts"}, {"enni.enni_vlan": "many"})
    assert (order.draft["comment"], order.typed) == ("First thoughts", {"enni.enni_vlan": "many"})
    assert pending_kinds(order) == []


def test_the_same_key_makes_one_order_one_copy_and_one_termination(sales: User) -> None:
    key, copy = uuid.uuid4(), uuid.uuid4()
    for _ in range(2):
        order = actions.create_order(sales, ready_values(), key=key)
        actions.duplicate_order(order.uuid, sales, form=copy)
    assert set(CopperOrder.objects.values_list("uuid", flat=True)) == {key, copy}
    assert _verbs(order) == ["created"]


def test_a_change_is_recorded_and_enqueued_and_changing_nothing_is_neither(sales: User) -> None:
    order = _order(sales)
    Operation.objects.all().delete()
    Event.objects.all().delete()
    CopperOrder.objects.update(upstream=order.draft, upstream_id="t8jcx8tp")
    edit(order, sales, comment="STRAIGHT")
    assert (pending_kinds(order), _verbs(order)) == ([], [])
    order, changes = actions.edit_order(order.uuid, sales, {"enni.enni_vlan": "222"}, {"batch_alias": "B1"})
    assert changes == {"enni.enni_vlan": ["111", "222"]}
    assert order.typed == {"batch_alias": "B1"}
    assert (pending_kinds(order), _verbs(order)) == (["save-copper"], ["edited"])


def test_what_can_t_be_changed_is_left_aside(sales: User) -> None:
    order = edit(_order(sales), sales, type="terminate", service_uuid="s1", service_alias="S1", comment="New")
    assert (order.type, order.draft["comment"]) == ("activate", "New")
    assert not {"service_uuid", "service_alias"} & order.draft.keys()


@pytest.mark.parametrize(
    "columns",
    [
        {"status": "submitted"},
        {"deleted_at": 1},
        {"gone_at": 1},
        {"submitting_since": 1},
        {"service": "enni"},
    ],
)
@pytest.mark.parametrize(
    "act",
    [
        lambda order, by: actions.edit_order(order.uuid, by, {"comment": "New"}, {}),
        lambda order, by: actions.delete_order(order.uuid, by),
        lambda order, by: actions.settle_conflict(order.uuid, by, "comment", ours=True),
    ],
)
def test_only_a_draft_can_be_changed(
    sales: User, columns: dict[str, Any], act: Callable[[CopperOrder, User], object]
) -> None:
    order = _order(sales)
    CopperOrder.objects.update(
        **{name: timezone.now() if value == 1 else value for name, value in columns.items()}
    )
    with pytest.raises(NotADraft):
        act(order, sales)
    assert fresh(order).draft == order.draft


# Whose it is


def test_an_order_is_handed_over_whatever_its_status(people: People) -> None:
    order = _ingested(people.sales, status="running")
    for _ in range(2):
        actions.hand_over(order.uuid, people.back_office, owner=people.other_sales, team=people.south)
    order = fresh(order)
    assert (order.owner, order.team) == (people.other_sales, people.south)
    assert Event.objects.get(subject_id=order.uuid).changes == {
        "owner": ["sales", "other-sales"],
        "team": ["", "South"],
    }


def test_an_order_from_elsewhere_is_taken_by_the_first_who_asks(people: People) -> None:
    order = _ingested(None)
    for person in (people.sales, people.other_sales):
        assert actions.take_order(order.uuid, person).owner == people.sales
    assert _verbs(order) == ["taken"]


# Deleting


def test_a_deleted_draft_is_gone_here_at_once_and_its_deletion_is_enqueued(sales: User) -> None:
    order = _ingested(sales)
    edit(order, sales, comment="New")
    actions.delete_order(order.uuid, sales)
    assert fresh(order).deleted_at
    assert pending_kinds(order) == ["delete-copper"]
    assert not CopperOrder.objects.live().exists()
    assert _verbs(order) == ["edited", "deleted"]


def test_a_withdrawn_deletion_brings_the_draft_back(sales: User) -> None:
    order = _ingested(sales)
    actions.delete_order(order.uuid, sales)
    assert actions.withdraw(newest_operation(order), sales)
    assert fresh(order).deleted_at is None


def test_what_changed_while_a_draft_was_deleted_does_not_make_it_ready(sales: User) -> None:
    order = _ingested(sales, activation_info={})
    actions.delete_order(order.uuid, sales)
    ingested(RAW | {"activation_info": {}, "comment": "Changed elsewhere"})
    assert actions.withdraw(newest_operation(order), sales)
    assert fresh(order).missing_count == order.missing_count == 1


# Namesakes


def test_of_two_drafts_of_one_reference_both_lack_another_one_until_either_goes(sales: User) -> None:
    first, second = (_order(sales, operator_order_ref="SAME") for _ in range(2))
    assert [fresh(order).missing_count for order in (first, second)] == [1, 1]
    actions.delete_order(second.uuid, sales)
    assert fresh(first).is_ready
    assert actions.withdraw(newest_operation(second, DELETE_ORDER), sales)
    assert [fresh(order).missing_count for order in (first, second)] == [1, 1]


def test_a_draft_with_a_new_reference_frees_its_old_one(sales: User) -> None:
    left, met = _order(sales, operator_order_ref="OLD"), _order(sales, operator_order_ref="NEW")
    moved = _order(sales, operator_order_ref="OLD")
    edit(moved, sales, operator_order_ref="NEW")
    assert [fresh(order).missing_count for order in (left, met, moved)] == [0, 1, 1]


# Conflicts


@pytest.mark.parametrize(("ours", "holds"), [(True, "Ours"), (False, "Theirs")])
def test_a_conflict_ends_as_a_person_decides(sales: User, ours: bool, holds: str) -> None:
    order = edit(_ingested(sales), sales, comment="Ours")
    order.merge_raw(RAW | {"comment": "Theirs"}, timezone.now())
    order.save()
    Operation.objects.all().delete()
    order = actions.settle_conflict(order.uuid, sales, "comment", ours=ours)
    assert (order.draft["comment"], order.conflicts) == (holds, {})
    assert pending_kinds(order) == (["save-copper"] if ours else [])
    assert _verbs(order)[-1] == "conflict-settled"


def test_settling_what_is_no_conflict_changes_nothing(sales: User) -> None:
    order = _ingested(sales)
    assert actions.settle_conflict(order.uuid, sales, "comment", ours=False).draft == order.draft
    assert _verbs(order) == []


# Submitting


def test_a_submission_is_enqueued_once_and_locks_the_draft(sales: User) -> None:
    order = _order(sales)
    for _ in range(2):
        actions.submit_order(order.uuid, sales, reviewed(order))
    assert pending_kinds(order) == ["save-copper", "submit-copper"]
    assert fresh(order).is_submitting
    assert _verbs(order) == ["created", "submission-asked"]


def test_what_was_not_reviewed_is_not_submitted(sales: User) -> None:
    order = _order(sales)
    mark = reviewed(order)
    edit(order, sales, comment="Changed after the review")
    with pytest.raises(ReviewedOtherwise):
        actions.submit_order(order.uuid, sales, mark)
    assert "submit-copper" not in pending_kinds(order)


def test_a_no_where_nobody_answered_is_no_other_content(sales: User) -> None:
    order = _order(sales)
    mark = reviewed(order)
    edit(order, sales, options__grt__enabled=False)
    assert reviewed(order) == mark


def test_what_lacks_something_is_not_submitted(sales: User) -> None:
    order = _order(sales, contacts__operator__contact_uuid=None)
    with pytest.raises(NotReady):
        actions.submit_order(order.uuid, sales, reviewed(order))


@pytest.mark.parametrize("column", ["deleted_at", "gone_at"])
def test_what_is_no_draft_is_not_submitted(sales: User, column: str) -> None:
    order = _order(sales)
    CopperOrder.objects.update(**{column: timezone.now()})
    with pytest.raises(NotADraft):
        actions.submit_order(order.uuid, sales, reviewed(order))


def test_what_is_submitted_already_stays_as_it_is(sales: User) -> None:
    order = _ingested(sales, status="running")
    assert actions.submit_order(order.uuid, sales, "whatever").status == "running"
    assert pending_kinds(order) == []


def test_a_withdrawn_submission_unlocks_the_draft(sales: User) -> None:
    order = _order(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    assert actions.withdraw(newest_operation(order), sales)
    order = fresh(order)
    assert order.is_draft
    actions.submit_order(order.uuid, sales, reviewed(order))
    assert fresh(order).is_submitting


def test_what_went_while_a_draft_was_being_submitted_is_missing_in_it_again(sales: User) -> None:
    known_contact()
    order = _order(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    known_contact("another")
    contacts_actions.delete_contact(known_contact().pk, sales)
    assert actions.withdraw(newest_operation(order, SUBMIT_ORDER), sales)
    assert fresh(order).missing_count == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_submit_at_once_enqueue_it_once(sales: User) -> None:
    order = _order(sales)
    mark, barrier = reviewed(order), threading.Barrier(2)

    def submit() -> None:
        barrier.wait(10)
        actions.submit_order(order.uuid, sales, mark)
        connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pending_kinds(order).count("submit-copper") == 1


# Answering


def test_an_answer_is_enqueued_once_and_not_the_other_one_beside_it(sales: User) -> None:
    order = _ingested(sales, status="pending")
    for _ in range(2):
        actions.answer_order(order.uuid, sales, "confirm")
    with pytest.raises(NotPending):
        actions.answer_order(order.uuid, sales, "cancel")
    assert pending_kinds(order) == ["answer-copper"]
    modified = order.raw["modification_date"]
    assert newest_operation(order).payload == {"answer": "confirm", "as_of": modified}
    assert _verbs(order) == ["confirm-asked"]


def test_only_confirm_and_cancel_are_answers(sales: User) -> None:
    with pytest.raises(ValueError, match="confirm or cancel"):
        actions.answer_order(_ingested(sales, status="pending").uuid, sales, "perhaps")


@pytest.mark.parametrize("status", ["draft", "running", "held", "completed", "unheard_of"])
def test_an_order_that_does_not_wait_accepts_no_answer(sales: User, status: str) -> None:
    with pytest.raises(NotPending):
        actions.answer_order(_ingested(sales, status=status).uuid, sales, "confirm")


def test_a_withdrawn_answer_leaves_the_question_open(sales: User) -> None:
    order = _ingested(sales, status="pending")
    actions.answer_order(order.uuid, sales, "confirm")
    assert actions.withdraw(newest_operation(order), sales)
    assert fresh(order).is_pending
    assert _verbs(order) == ["confirm-asked", "withdrawn"]


def test_what_was_sent_or_is_of_nobody_s_can_t_be_withdrawn(sales: User) -> None:
    order = _order(sales)
    Operation.objects.update(state="unknown", sent={})
    assert not actions.withdraw(newest_operation(order), sales)
    Operation.objects.update(subject_id=uuid.uuid4(), state="waiting", sent=None)
    assert not actions.withdraw(Operation.objects.get(), sales)


def test_the_deletion_of_a_replaced_draft_can_t_be_withdrawn_and_that_of_the_draft_itself_can(
    sales: User,
) -> None:
    order = _order(sales)
    operations.enqueue_order(DELETE_ORDER, order, sales, payload={"delete": "its-old-one"})
    assert not actions.withdraw(newest_operation(order), sales)
    actions.delete_order(order.uuid, sales)
    assert actions.withdraw(newest_operation(order), sales)
    assert [operation.payload for operation in Operation.objects.unfinished()] == [{"delete": "its-old-one"}]


# Ending a service, and copies


def test_a_termination_names_the_service_and_its_contact(people: People) -> None:
    order = _ingested(people.sales, status="completed", **SERVICE)
    ending = actions.terminate_service(order.uuid, people.back_office)
    assert (ending.type, ending.owner) == ("terminate", people.back_office)
    assert (ending.service_uuid, ending.service_alias) == ("s1", "S1")
    assert ending.draft["contacts.operator.contact_uuid"] == "bp5nkkcx"
    assert ending.end_customer_name == "Untel"
    assert ending.missing() == []
    assert (pending_kinds(ending), _verbs(ending)) == (["save-copper"], ["termination-begun"])
    assert actions.terminate_service(order.uuid, people.sales) == ending


@pytest.mark.parametrize(
    "changes",
    [{"status": "running", **SERVICE}, {"status": "completed"}, {"status": "completed", "type": "terminate"}],
)
def test_an_order_that_delivered_no_service_can_t_be_ended(sales: User, changes: dict[str, str]) -> None:
    with pytest.raises(NotInService):
        actions.terminate_service(_ingested(sales, **changes).uuid, sales)


def test_an_enni_can_t_be_ended_here(sales: User) -> None:
    product = {"code": "NB01", "line": {"code": "NB", "family": {"code": "N"}}}
    order = _ingested(sales, status="completed", product=product, **SERVICE)
    assert order.is_enni
    with pytest.raises(NotInService):
        actions.terminate_service(order.uuid, sales)


def test_a_copy_has_what_does_not_belong_to_one_order_alone(people: People) -> None:
    order = _ingested(people.sales, status="rejected", batch_alias="B180612_00001", **SERVICE)
    copy = actions.duplicate_order(order.uuid, people.other_sales)
    own = {"operator_order_ref", "eligibility_ref", "batch_alias", "service_uuid", "service_alias"}
    assert copy.owner == people.other_sales
    assert {name: value for name, value in copy.draft.items() if name not in own} == {
        name: value for name, value in order.upstream.items() if name not in own
    }
    assert copy.operator_order_ref == own_reference(copy.uuid)
    assert _verbs(copy) == ["duplicated"]


def test_a_copy_is_for_the_same_team_only_where_its_maker_may_give_that_an_order(people: People) -> None:
    order = _ingested(people.sales, status="running")
    actions.hand_over(order.uuid, people.back_office, owner=people.sales, team=people.north)
    assert actions.duplicate_order(order.uuid, people.sales).team == people.north
    assert actions.duplicate_order(order.uuid, people.other_sales).team is None

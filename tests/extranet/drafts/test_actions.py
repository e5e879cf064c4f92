"""What people do to copper orders, without a vendor: the change, its event, and the pending operations."""

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from drafts.actions import NotADraft
from drafts.models import Event, own_reference
from extranet.drafts import actions, operations
from extranet.drafts.actions import NotInService
from extranet.ingest import DELETE_ORDER
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.conftest import People
from tests.extranet.drafts.action_helpers import RAW, known_order, unsent_order, verbs
from tests.extranet.order_factory import edit, fresh, ingested, newest_operation, pending_kinds, ready_values

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

SERVICE = {"service_uuid": "s1", "service_alias": "S1"}


# Beginning and changing


def test_a_new_order_is_stored_recorded_and_enqueued(people: People) -> None:
    order = actions.create_order(people.sales, ready_values(), team=people.north)
    assert (order.owner, order.team, order.type, order.status) == (people.sales, people.north, "activate", "")
    assert order.operator_order_ref == own_reference(order.uuid)
    assert (verbs(order), pending_kinds(order)) == (["created"], ["save-copper"])


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
    assert verbs(order) == ["created"]


def test_a_change_is_recorded_and_enqueued_and_changing_nothing_is_neither(sales: User) -> None:
    order = unsent_order(sales)
    Operation.objects.all().delete()
    Event.objects.all().delete()
    CopperOrder.objects.update(upstream=order.draft, upstream_id="t8jcx8tp")
    edit(order, sales, comment="STRAIGHT")
    assert (pending_kinds(order), verbs(order)) == ([], [])
    order, changes = actions.edit_order(order.uuid, sales, {"enni.enni_vlan": "222"}, {"batch_alias": "B1"})
    assert changes == {"enni.enni_vlan": ["111", "222"]}
    assert order.typed == {"batch_alias": "B1"}
    assert (pending_kinds(order), verbs(order)) == (["save-copper"], ["edited"])


def test_what_can_t_be_changed_is_left_aside(sales: User) -> None:
    order = edit(
        unsent_order(sales), sales, type="terminate", service_uuid="s1", service_alias="S1", comment="New"
    )
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
    order = unsent_order(sales)
    CopperOrder.objects.update(
        **{name: timezone.now() if value == 1 else value for name, value in columns.items()}
    )
    with pytest.raises(NotADraft):
        act(order, sales)
    assert fresh(order).draft == order.draft


# Whose it is


def test_an_order_is_handed_over_whatever_its_status(people: People) -> None:
    order = known_order(people.sales, status="running")
    for _ in range(2):
        actions.hand_over(order.uuid, people.back_office, owner=people.other_sales, team=people.south)
    order = fresh(order)
    assert (order.owner, order.team) == (people.other_sales, people.south)
    assert Event.objects.get(subject_id=order.uuid).changes == {
        "owner": ["sales", "other-sales"],
        "team": ["", "South"],
    }


def test_an_order_from_elsewhere_is_taken_by_the_first_who_asks(people: People) -> None:
    order = known_order(None)
    for person in (people.sales, people.other_sales):
        assert actions.take_order(order.uuid, person).owner == people.sales
    assert verbs(order) == ["taken"]


# Deleting


def test_a_deleted_draft_is_gone_here_at_once_and_its_deletion_is_enqueued(sales: User) -> None:
    order = known_order(sales)
    edit(order, sales, comment="New")
    actions.delete_order(order.uuid, sales)
    assert fresh(order).deleted_at
    assert pending_kinds(order) == ["delete-copper"]
    assert not CopperOrder.objects.live().exists()
    assert verbs(order) == ["edited", "deleted"]


def test_a_withdrawn_deletion_brings_the_draft_back(sales: User) -> None:
    order = known_order(sales)
    actions.delete_order(order.uuid, sales)
    assert actions.withdraw(newest_operation(order), sales)
    assert fresh(order).deleted_at is None


def test_what_changed_while_a_draft_was_deleted_does_not_make_it_ready(sales: User) -> None:
    order = known_order(sales, activation_info={})
    actions.delete_order(order.uuid, sales)
    ingested(RAW | {"activation_info": {}, "comment": "Changed elsewhere"})
    assert actions.withdraw(newest_operation(order), sales)
    assert fresh(order).missing_count == order.missing_count == 1


# Namesakes


def test_of_two_drafts_of_one_reference_both_lack_another_one_until_either_goes(sales: User) -> None:
    first, second = (unsent_order(sales, operator_order_ref="SAME") for _ in range(2))
    assert [fresh(order).missing_count for order in (first, second)] == [1, 1]
    actions.delete_order(second.uuid, sales)
    assert fresh(first).is_ready
    assert actions.withdraw(newest_operation(second, DELETE_ORDER), sales)
    assert [fresh(order).missing_count for order in (first, second)] == [1, 1]


def test_a_draft_with_a_new_reference_frees_its_old_one(sales: User) -> None:
    left, met = unsent_order(sales, operator_order_ref="OLD"), unsent_order(sales, operator_order_ref="NEW")
    moved = unsent_order(sales, operator_order_ref="OLD")
    edit(moved, sales, operator_order_ref="NEW")
    assert [fresh(order).missing_count for order in (left, met, moved)] == [0, 1, 1]


# Conflicts


@pytest.mark.parametrize(("ours", "holds"), [(True, "Ours"), (False, "Theirs")])
def test_a_conflict_ends_as_a_person_decides(sales: User, ours: bool, holds: str) -> None:
    order = edit(known_order(sales), sales, comment="Ours")
    order.merge_raw(RAW | {"comment": "Theirs"}, timezone.now())
    order.save()
    Operation.objects.all().delete()
    order = actions.settle_conflict(order.uuid, sales, "comment", ours=ours)
    assert (order.draft["comment"], order.conflicts) == (holds, {})
    assert pending_kinds(order) == (["save-copper"] if ours else [])
    assert verbs(order)[-1] == "conflict-settled"


def test_settling_what_is_no_conflict_changes_nothing(sales: User) -> None:
    order = known_order(sales)
    assert actions.settle_conflict(order.uuid, sales, "comment", ours=False).draft == order.draft
    assert verbs(order) == []


# Withdrawing


def test_what_was_sent_or_is_of_nobody_s_can_t_be_withdrawn(sales: User) -> None:
    order = unsent_order(sales)
    Operation.objects.update(state="unknown", sent={})
    assert not actions.withdraw(newest_operation(order), sales)
    Operation.objects.update(subject_id=uuid.uuid4(), state="waiting", sent=None)
    assert not actions.withdraw(Operation.objects.get(), sales)


def test_the_deletion_of_a_replaced_draft_can_t_be_withdrawn_and_that_of_the_draft_itself_can(
    sales: User,
) -> None:
    order = unsent_order(sales)
    operations.enqueue_order(DELETE_ORDER, order, sales, payload={"delete": "its-old-one"})
    assert not actions.withdraw(newest_operation(order), sales)
    actions.delete_order(order.uuid, sales)
    assert actions.withdraw(newest_operation(order), sales)
    assert [operation.payload for operation in Operation.objects.unfinished()] == [{"delete": "its-old-one"}]


# Ending a service, and copies


def test_a_termination_names_the_service_and_its_contact(people: People) -> None:
    order = known_order(people.sales, status="completed", **SERVICE)
    ending = actions.terminate_service(order.uuid, people.back_office)
    assert (ending.type, ending.owner) == ("terminate", people.back_office)
    assert (ending.service_uuid, ending.service_alias) == ("s1", "S1")
    assert ending.draft["contacts.operator.contact_uuid"] == "bp5nkkcx"
    assert ending.end_customer_name == "Untel"
    assert ending.missing() == []
    assert (pending_kinds(ending), verbs(ending)) == (["save-copper"], ["termination-begun"])
    assert actions.terminate_service(order.uuid, people.sales) == ending


@pytest.mark.parametrize(
    "changes",
    [{"status": "running", **SERVICE}, {"status": "completed"}, {"status": "completed", "type": "terminate"}],
)
def test_an_order_that_delivered_no_service_can_t_be_ended(sales: User, changes: dict[str, str]) -> None:
    with pytest.raises(NotInService):
        actions.terminate_service(known_order(sales, **changes).uuid, sales)


def test_an_enni_can_t_be_ended_here(sales: User) -> None:
    product = {"code": "NB01", "line": {"code": "NB", "family": {"code": "N"}}}
    order = known_order(sales, status="completed", product=product, **SERVICE)
    assert order.is_enni
    with pytest.raises(NotInService):
        actions.terminate_service(order.uuid, sales)


def test_a_copy_has_what_does_not_belong_to_one_order_alone(people: People) -> None:
    order = known_order(people.sales, status="rejected", batch_alias="B180612_00001", **SERVICE)
    copy = actions.duplicate_order(order.uuid, people.other_sales)
    own = {"operator_order_ref", "eligibility_ref", "batch_alias", "service_uuid", "service_alias"}
    assert copy.owner == people.other_sales
    assert {name: value for name, value in copy.draft.items() if name not in own} == {
        name: value for name, value in order.upstream.items() if name not in own
    }
    assert copy.operator_order_ref == own_reference(copy.uuid)
    assert verbs(copy) == ["duplicated"]


def test_a_copy_is_for_the_same_team_only_where_its_maker_may_give_that_an_order(people: People) -> None:
    order = known_order(people.sales, status="running")
    actions.hand_over(order.uuid, people.back_office, owner=people.sales, team=people.north)
    assert actions.duplicate_order(order.uuid, people.sales).team == people.north
    assert actions.duplicate_order(order.uuid, people.other_sales).team is None

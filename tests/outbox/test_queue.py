"""The queue: an operation is part of its change, joins one that waits, and can be withdrawn while it waits."""

import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from time_machine import TimeMachineFixture

from covage import NotFound, OutcomeUnknown, Unreachable
from outbox import queue
from outbox.models import Operation
from tests.conftest import People
from tests.outbox.stub_vendor import State, StubVendor, again, enqueue, new_operation

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_an_operation_says_whose_it_is_and_who_wants_it(people: People) -> None:
    operation = queue.enqueue(new_operation(label="a" * 300, url="/carts/1/"), people.sales)
    assert operation is not None
    operation = again(operation)
    assert (operation.actor, operation.url, operation.label) == (people.sales, "/carts/1/", "a" * 200)
    assert (operation.state, operation.sent, operation.was_never_sent) == (State.WAITING, None, True)
    assert operation.due_at <= timezone.now()


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_nobody_in_particular_may_want_it(nobody: AnonymousUser | None) -> None:
    operation = queue.enqueue(new_operation(), nobody)
    assert operation is not None
    assert operation.actor is None


def test_a_change_that_is_rolled_back_enqueues_nothing(vendor: StubVendor) -> None:
    with transaction.atomic():
        enqueue()
        transaction.set_rollback(True)
    assert vendor.deliver_due() == 0
    assert vendor.calls == []


def test_nothing_sent_yet_is_no_value_rather_than_a_null_document() -> None:
    operation = enqueue()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_operation WHERE sent IS NULL")
        assert cursor.fetchone() == (1,)
    assert Operation.objects.filter(sent__isnull=True).get() == operation


def test_what_was_certainly_not_processed_is_no_value_again(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("send", Unreachable("down"))
    vendor.deliver(operation.subject_id)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM outbox_operation WHERE sent IS NULL")
        assert cursor.fetchone() == (1,)
    assert queue.withdraw(operation)


def test_changes_of_one_thing_that_wait_go_out_as_one(vendor: StubVendor) -> None:
    subject, target = uuid.uuid4(), uuid.uuid4()
    first = enqueue(subject, target)
    assert queue.enqueue(new_operation(subject, target, label="renamed")) is None
    assert Operation.objects.get().label == "renamed"
    vendor.deliver(subject)
    assert vendor.served == [first.pk]


def test_joining_one_that_pauses_makes_it_due(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    operation = enqueue()
    vendor.will("send", Unreachable("down"))
    vendor.deliver(operation.subject_id)
    assert queue.enqueue(new_operation(operation.subject_id)) is None
    assert again(operation).due_at == timezone.now()


@pytest.mark.parametrize(
    "other",
    [
        {"kind": "drop"},
        {"target_id": uuid.uuid4()},
        {"subject_id": uuid.uuid4()},
        {"payload": {"reviewed": "x"}},
    ],
)
def test_only_the_same_operation_on_the_same_thing_is_joined(other: dict[str, object]) -> None:
    operation = enqueue(target_id=uuid.uuid4())
    wish = {"subject_id": operation.subject_id, "target_id": operation.target_id} | other
    assert queue.enqueue(new_operation(**wish)) is not None  # type: ignore[arg-type]


def test_a_change_made_while_an_earlier_one_is_prepared_is_enqueued_again(vendor: StubVendor) -> None:
    first = enqueue()
    vendor.will("prepare", lambda: enqueue(first.subject_id) and None)
    vendor.deliver(first.subject_id)
    assert vendor.served == [first.pk, again(first).pk + 1]


def test_a_change_made_while_an_earlier_one_is_sent_is_enqueued_again(vendor: StubVendor) -> None:
    first = enqueue()
    vendor.will("send", lambda: enqueue(first.subject_id) and None)
    vendor.deliver(first.subject_id)
    assert Operation.objects.filter(state=State.SUCCEEDED).count() == 2


def test_a_change_is_enqueued_again_beside_one_whose_outcome_is_unknown(vendor: StubVendor) -> None:
    first = enqueue()
    vendor.will("send", OutcomeUnknown("no answer"))
    vendor.deliver(first.subject_id)
    assert enqueue(first.subject_id).pk != first.pk


def test_what_is_wanted_once_can_not_be_enqueued_twice() -> None:
    subject = uuid.uuid4()
    enqueue(subject, payload={"reviewed": "x"}, once="confirm:1")
    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue(subject, payload={"reviewed": "y"}, once="confirm:1")
    assert Operation.objects.count() == 1


def test_what_was_wanted_once_and_is_done_can_not_be_enqueued_again(vendor: StubVendor) -> None:
    operation = enqueue(once="confirm:1")
    vendor.deliver(operation.subject_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue(operation.subject_id, once="confirm:1")


def test_what_was_wanted_once_and_is_in_doubt_can_not_be_enqueued_again(vendor: StubVendor) -> None:
    operation = enqueue(once="confirm:1")
    vendor.will("send", OutcomeUnknown("no answer"))
    vendor.deliver(operation.subject_id)
    with pytest.raises(IntegrityError), transaction.atomic():
        enqueue(operation.subject_id, once="confirm:1")


def test_what_was_wanted_once_and_refused_may_be_wanted_again(vendor: StubVendor) -> None:
    operation = enqueue(once="confirm:1")
    vendor.will("send", NotFound("gone"))
    vendor.deliver(operation.subject_id)
    assert enqueue(operation.subject_id, once="confirm:1")


def test_what_was_wanted_once_and_withdrawn_may_be_wanted_again() -> None:
    operation = enqueue(once="confirm:1")
    assert queue.withdraw(operation)
    assert enqueue(operation.subject_id, once="confirm:1")


def test_what_waits_can_be_withdrawn_and_is_never_sent(vendor: StubVendor) -> None:
    operation = enqueue()
    assert queue.withdraw(operation)
    operation = again(operation)
    assert (operation.state, operation.is_finished) == (State.WITHDRAWN, True)
    assert operation.finished_at
    vendor.deliver(operation.subject_id)
    assert vendor.calls == []
    assert not queue.withdraw(operation)


def test_what_is_being_prepared_can_not_be_withdrawn(vendor: StubVendor) -> None:
    operation = enqueue()
    withdrawn = []
    vendor.will("prepare", lambda: withdrawn.append(queue.withdraw(operation)))
    vendor.deliver(operation.subject_id)
    assert withdrawn == [False]
    assert again(operation).state == State.SUCCEEDED


def test_what_may_have_been_processed_can_not_be_withdrawn(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("send", OutcomeUnknown("no answer"))
    vendor.deliver(operation.subject_id)
    noon.shift(7200)
    assert not queue.withdraw(operation)
    assert again(operation).state == State.UNKNOWN


def test_making_an_operation_due_ends_its_pause(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    operation = enqueue()
    vendor.will("send", Unreachable("down"))
    vendor.deliver(operation.subject_id)
    queue.make_due(operation)
    vendor.deliver(operation.subject_id)
    assert again(operation).state == State.SUCCEEDED


def test_making_due_leaves_finished_operations_alone(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.deliver(operation.subject_id)
    due_at = again(operation).due_at
    queue.make_due(operation)
    assert again(operation).due_at == due_at
    assert due_at < timezone.now() + timedelta(seconds=1)

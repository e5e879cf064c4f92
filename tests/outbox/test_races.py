"""Races: with workers that are slow, late or simultaneous, nothing goes out twice and no change is missed."""

import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from time_machine import TimeMachineFixture

from drafts.models import Event
from outbox import queue
from outbox.models import Operation
from tests.outbox.stub_vendor import State, StubVendor, again, enqueue, new_operation, wait_until_due

pytestmark = pytest.mark.postgresql


class Crowd:
    """Threads that do the same, started at once. `join` raises what one of them raised."""

    def __init__(self, number: int, work: Callable[[], object]) -> None:
        self._work = work
        self._start = threading.Barrier(number)
        self._errors: list[BaseException] = []
        self._threads = [threading.Thread(target=self._run, daemon=True) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()
        for error in self._errors:
            raise error

    def _run(self) -> None:
        try:
            self._start.wait(10)
            self._work()
        except BaseException as error:
            self._errors.append(error)
        finally:
            connection.close()


# Two deliverers, one inside the other: the outer one is slow, and the inner one comes while it is.


@pytest.mark.django_db
@pytest.mark.parametrize("call", ["prepare", "send"])
def test_what_another_worker_is_sending_is_left_to_it(vendor: StubVendor, call: str) -> None:
    operation = enqueue()
    vendor.will(call, lambda: vendor.deliver(operation.subject_id))
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send"]
    assert again(operation).attempts == 1


@contextmanager
def beaten_by(rival: Callable[[], None]) -> Iterator[None]:
    """Within the block, the rival comes between what is read first and the first write that follows."""
    came: list[bool] = []

    def beat(execute: Any, sql: str, *arguments: Any) -> Any:
        if sql.startswith("UPDATE") and not came:
            came.append(True)
            rival()
        return execute(sql, *arguments)

    with connection.execute_wrapper(beat):
        yield
    assert came


@pytest.mark.django_db
def test_a_worker_beaten_to_a_claim_leaves_the_operation_alone(vendor: StubVendor) -> None:
    operation = enqueue()
    with beaten_by(lambda: vendor.deliver(operation.subject_id)):
        vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send"]
    assert again(operation).attempts == 1


@pytest.mark.django_db
def test_a_worker_beaten_to_a_claim_by_one_that_dies_leaves_the_operation_alone_too(
    vendor: StubVendor,
) -> None:
    def claim_and_die() -> None:
        with suppress(KeyboardInterrupt):
            vendor.deliver(operation.subject_id)

    operation = enqueue()
    vendor.will("prepare", KeyboardInterrupt())
    with beaten_by(claim_and_die):
        vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare"]


@pytest.mark.django_db
def test_a_worker_that_prepared_too_slowly_sends_nothing_when_another_did(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    def another() -> None:
        noon.shift(61)
        vendor.deliver(operation.subject_id)

    operation = enqueue()
    vendor.will("prepare", another)
    vendor.deliver(operation.subject_id)
    assert vendor.served == [operation.pk]
    assert Event.objects.filter(verb="kept").count() == 1


@pytest.mark.django_db
def test_a_worker_that_prepared_slowly_has_a_whole_claim_for_the_sending(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    def another() -> None:
        noon.shift(59)
        vendor.deliver(operation.subject_id)

    operation = enqueue()
    vendor.will("prepare", lambda: noon.shift(59))
    vendor.will("send", another)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send"]
    assert again(operation).state == State.SUCCEEDED


@pytest.mark.django_db
def test_a_worker_that_sends_too_slowly_leaves_it_to_another_to_find_out(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    def another() -> None:
        noon.shift(61)
        vendor.deliver(operation.subject_id)

    operation = enqueue()
    vendor.will("send", another)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify"]
    assert again(operation).state == State.UNKNOWN
    wait_until_due(operation, noon)
    vendor.will("verify", {"id": "7"})
    vendor.deliver(operation.subject_id)
    assert vendor.served == [operation.pk]
    assert Event.objects.filter(verb="kept").count() == 1


@pytest.mark.django_db
def test_a_slow_sender_still_counts_if_no_other_took_over(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("send", lambda: noon.shift(3600))
    vendor.deliver(operation.subject_id)
    assert again(operation).state == State.SUCCEEDED


@pytest.mark.django_db
def test_a_fault_that_comes_too_late_touches_nothing(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    def another_and_fail() -> None:
        noon.shift(61)
        vendor.deliver(operation.subject_id)
        raise ZeroDivisionError

    operation = enqueue()
    vendor.will("prepare", another_and_fail)
    vendor.deliver(operation.subject_id)
    assert (again(operation).state, again(operation).failure) == (State.SUCCEEDED, "")


@pytest.mark.django_db
def test_a_change_that_joins_while_a_lapsed_holder_prepares_is_not_missed(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    def change() -> dict[str, str]:
        noon.shift(61)
        assert queue.enqueue(new_operation(operation.subject_id)) is None
        return {"note": "as it was before the change"}

    operation = enqueue()
    vendor.will("prepare", change, {"note": "as it is now"})
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare"]
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert again(operation).sent == {"note": "as it is now"}
    assert vendor.served == [operation.pk]


@pytest.mark.django_db
def test_what_is_withdrawn_from_a_lapsed_holder_is_not_sent(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    def withdraw() -> None:
        noon.shift(61)
        assert queue.withdraw(operation)

    operation = enqueue()
    vendor.will("prepare", withdraw)
    vendor.deliver(operation.subject_id)
    assert vendor.served == []
    assert again(operation).state == State.WITHDRAWN


# Real threads, each with its own connection.


@pytest.mark.django_db(transaction=True)
def test_workers_that_come_at_the_same_moment_send_once(vendor: StubVendor) -> None:
    operation = enqueue()
    Crowd(6, lambda: vendor.deliver(operation.subject_id)).join()
    assert vendor.served == [operation.pk]
    assert again(operation).attempts == 1


@pytest.mark.django_db(transaction=True)
def test_many_workers_send_each_thing_once_and_each_subject_s_in_order(vendor: StubVendor) -> None:
    subjects = [uuid.uuid4() for _ in range(8)]
    operations = [enqueue(subject, uuid.uuid4()) for _ in range(3) for subject in subjects]
    Crowd(4, vendor.deliver_due).join()
    vendor.deliver_due()
    assert sorted(vendor.served) == [operation.pk for operation in operations]
    for subject in subjects:
        ours = [operation.pk for operation in operations if operation.subject_id == subject]
        assert [pk for pk in vendor.served if pk in ours] == ours


@pytest.mark.django_db(transaction=True)
def test_what_is_not_committed_is_not_sent(vendor: StubVendor) -> None:
    subject = uuid.uuid4()
    with transaction.atomic():
        enqueue(subject)
        Crowd(1, lambda: vendor.deliver(subject)).join()
        assert vendor.calls == []
    vendor.deliver(subject)
    assert vendor.calls == ["prepare", "send"]


@pytest.mark.django_db(transaction=True)
def test_a_sending_that_a_change_joined_reads_that_change(vendor: StubVendor) -> None:
    """The claim waits for the transaction of the change, so what is prepared has it."""
    operation = enqueue()
    read: list[str] = []
    vendor.will("prepare", lambda: read.append(again(operation).label))
    with transaction.atomic():
        assert queue.enqueue(new_operation(operation.subject_id, label="changed")) is None
        crowd = Crowd(2, lambda: vendor.deliver(operation.subject_id))
    crowd.join()
    vendor.deliver(operation.subject_id)
    assert read == ["changed"]
    assert vendor.served == [operation.pk]


@pytest.mark.django_db(transaction=True)
def test_no_transaction_is_open_while_the_vendor_is_waited_for(vendor: StubVendor) -> None:
    operation = enqueue()
    in_transaction: list[bool] = []
    for call in ("prepare", "send"):
        vendor.will(call, lambda: in_transaction.append(connection.in_atomic_block))
    vendor.deliver(operation.subject_id)
    assert in_transaction == [False, False]


@pytest.mark.django_db(transaction=True)
def test_people_who_want_a_thing_once_at_the_same_moment_get_it_once(vendor: StubVendor) -> None:
    subject = uuid.uuid4()
    enqueued: list[int] = []

    def confirm() -> None:
        with suppress(IntegrityError):
            enqueued.append(enqueue(subject, once="confirm:1", payload={"reviewed": "x"}).pk)

    Crowd(4, confirm).join()
    assert list(Operation.objects.values_list("pk", flat=True)) == enqueued
    assert len(enqueued) == 1

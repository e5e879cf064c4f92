"""Unknown outcomes: what may have taken effect is looked up before anything is tried again."""

from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from covage import (
    BadAnswer,
    Conflict,
    CovageError,
    Forbidden,
    Invalid,
    NotFound,
    OutcomeUnknown,
    RateLimited,
    ServerError,
    Unreachable,
)
from drafts.models import Event
from outbox import queue
from outbox.handlers import Postponed
from outbox.models import Operation
from tests.outbox.stub_vendor import State, StubVendor, again, enqueue, wait_until_due

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


class ProcessKilled(BaseException):
    """The process died here."""


def in_doubt(vendor: StubVendor) -> Operation:
    """An operation whose answer was lost."""
    operation = enqueue()
    vendor.will("send", OutcomeUnknown("no answer"))
    vendor.deliver(operation.subject_id)
    return again(operation)


@pytest.mark.parametrize(
    "error",
    [OutcomeUnknown("no answer"), ServerError("failed", status=500), BadAnswer("<html>"), CovageError("new")],
)
def test_a_sending_that_did_not_end_well_is_an_unknown_outcome(
    vendor: StubVendor, noon: TimeMachineFixture, error: Exception
) -> None:
    operation = enqueue()
    vendor.will("send", error)
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure) == (State.UNKNOWN, type(error).__name__)
    assert operation.sent == {"note": "ours"}
    assert not operation.was_never_sent


@pytest.mark.parametrize("error", [OutcomeUnknown("no answer"), ServerError("failed"), BadAnswer("<html>")])
def test_trouble_before_sending_leaves_nothing_unknown(
    vendor: StubVendor, noon: TimeMachineFixture, error: Exception
) -> None:
    operation = enqueue()
    vendor.will("prepare", error)
    vendor.deliver(operation.subject_id)
    assert again(operation).state == State.WAITING


def test_what_is_found_upstream_is_done(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    operation = in_doubt(vendor)
    wait_until_due(operation, noon)
    vendor.will("verify", {"id": "7"})
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify"]
    assert again(operation).state == State.SUCCEEDED
    assert Event.objects.get(verb="kept").label == "7"


def test_absence_is_not_believed_before_things_had_time_to_settle(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    ended = timezone.now()
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert vendor.calls == ["prepare", "send", "verify"]
    assert (operation.state, operation.due_at) == (State.UNKNOWN, ended + timedelta(seconds=90))


def test_absence_that_was_looked_up_too_early_is_not_believed_when_the_answer_was_slow(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    noon.shift(85)
    vendor.will("verify", lambda: noon.shift(10), {"id": "7"})
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify", "verify"]
    assert again(operation).state == State.SUCCEEDED


def test_once_absence_is_believed_it_is_prepared_again_and_sent(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    noon.shift(91)
    vendor.will("prepare", {"note": "newer"})
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert vendor.calls == ["prepare", "send", "verify", "prepare", "send"]
    assert (operation.state, operation.sent) == (State.SUCCEEDED, {"note": "newer"})


def test_the_time_to_settle_counts_from_the_end_of_the_sending(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    def drop_after_50_seconds() -> None:
        noon.shift(50)
        raise OutcomeUnknown("no answer")

    operation = enqueue()
    vendor.will("send", drop_after_50_seconds)
    vendor.deliver(operation.subject_id)
    noon.shift(60)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify"]
    assert again(operation).state == State.UNKNOWN


def test_making_it_due_looks_it_up_but_sends_nothing_early(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    queue.make_due(operation)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify"]
    assert again(operation).state == State.UNKNOWN


@pytest.mark.parametrize(
    "error",
    [
        Unreachable("down"),
        ServerError("failed"),
        RateLimited("slower"),
        Forbidden("no"),
        Invalid("bad filter"),
        Conflict("?"),
        Postponed("Postponed"),
    ],
)
def test_as_long_as_it_can_not_be_looked_up_it_stays_unknown(
    vendor: StubVendor, noon: TimeMachineFixture, error: Exception
) -> None:
    operation = in_doubt(vendor)
    noon.shift(3600)
    vendor.will("verify", error)
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure) == (State.UNKNOWN, type(error).__name__)
    assert operation.sent == {"note": "ours"}
    assert operation.due_at > timezone.now()


def test_what_is_gone_upstream_ends_the_search(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    operation = in_doubt(vendor)
    noon.shift(3600)
    vendor.will("verify", NotFound("no such cart"))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "NotFound")


def test_what_settled_as_absent_waits_as_if_never_sent(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    operation = in_doubt(vendor)
    noon.shift(91)
    vendor.will("prepare", Unreachable("down"))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.sent) == (State.WAITING, None)


def test_a_second_lost_answer_is_looked_up_as_the_first_was(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    noon.shift(91)
    vendor.will("send", OutcomeUnknown("no answer"))
    vendor.deliver(operation.subject_id)
    wait_until_due(operation, noon)
    vendor.will("verify", {"id": "7"})
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify", "prepare", "send", "verify"]
    assert again(operation).state == State.SUCCEEDED


def test_an_answer_that_can_not_be_applied_is_looked_up_not_sent_again(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("send", {"no": "id"})
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure, operation.finished_at) == (State.UNKNOWN, "Fault", None)
    assert operation.detail == "KeyError: 'id'"
    assert operation.due_at > timezone.now()
    wait_until_due(operation, noon)
    vendor.will("verify", {"id": "7"})
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify"]
    assert again(operation).state == State.SUCCEEDED


def test_a_look_up_that_can_not_be_applied_stays_unknown(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    noon.shift(3600)
    vendor.will("verify", {"no": "id"})
    vendor.deliver(operation.subject_id)
    assert again(operation).state == State.UNKNOWN


def test_a_process_killed_before_it_sent_left_nothing_behind(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("prepare", ProcessKilled())
    with pytest.raises(ProcessKilled):
        vendor.deliver(operation.subject_id)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare"], "its claim lasts for a while"
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "prepare", "send"]
    assert again(operation).state == State.SUCCEEDED


def test_a_process_killed_between_sending_and_writing_the_answer_is_looked_up(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("send", ProcessKilled())
    with pytest.raises(ProcessKilled):
        vendor.deliver(operation.subject_id)
    assert again(operation).state == State.SENDING
    wait_until_due(operation, noon)
    vendor.will("verify", {"id": "7"})
    vendor.deliver_due()
    assert vendor.calls == ["prepare", "send", "verify"]
    assert again(operation).state == State.SUCCEEDED


def test_a_killed_sender_may_have_been_sending_until_its_claim_lapsed(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("send", ProcessKilled())
    with pytest.raises(ProcessKilled):
        vendor.deliver(operation.subject_id)
    lapsed = wait_until_due(operation, noon).held_until
    vendor.deliver(operation.subject_id)
    assert again(operation).due_at == lapsed + timedelta(seconds=90)
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify", "verify", "prepare", "send"]


def test_a_process_killed_while_looking_up_leaves_it_unknown(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    wait_until_due(operation, noon)
    vendor.will("verify", ProcessKilled(), {"id": "7"})
    with pytest.raises(ProcessKilled):
        vendor.deliver(operation.subject_id)
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify", "verify"]
    assert again(operation).state == State.SUCCEEDED


def test_a_process_killed_while_preparing_again_left_nothing_behind_either(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = in_doubt(vendor)
    noon.shift(91)
    vendor.will("prepare", ProcessKilled())
    with pytest.raises(ProcessKilled):
        vendor.deliver(operation.subject_id)
    wait_until_due(operation, noon)
    assert queue.withdraw(again(operation))

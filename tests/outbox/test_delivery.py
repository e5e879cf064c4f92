"""The outbox: operations go out in order, one at a time per subject, and end as done or refused."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from covage import (
    Conflict,
    FieldError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
)
from drafts.models import Event
from outbox import delivery
from outbox.handlers import Postponed, Refused, handler_of
from outbox.models import Operation
from tests.outbox.stub_vendor import State, StubVendor, again, enqueue, wait_until_due

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def verbs(subject_id: uuid.UUID) -> list[str]:
    return [event.verb for event in Event.objects.filter(subject_id=subject_id).order_by("pk")]


def test_an_operation_is_prepared_sent_and_its_answer_applied(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert vendor.calls == ["prepare", "send"]
    assert (operation.state, operation.sent, operation.attempts) == (State.SUCCEEDED, {"note": "ours"}, 1)
    assert operation.finished_at
    assert verbs(operation.subject_id) == ["kept"]


def test_what_is_done_is_not_sent_again(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.deliver(operation.subject_id)
    vendor.deliver(operation.subject_id)
    assert vendor.deliver_due() == 0
    assert vendor.calls == ["prepare", "send"]


def test_before_anything_is_sent_the_row_says_what(vendor: StubVendor) -> None:
    operation = enqueue()
    seen = []
    vendor.will("send", lambda: seen.append(again(operation)))
    vendor.deliver(operation.subject_id)
    assert (seen[0].state, seen[0].sent) == (State.SENDING, {"note": "ours"})
    assert seen[0].attempted_at
    assert seen[0].held_until > timezone.now()


def test_when_nothing_is_left_to_do_nothing_is_sent(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    operation = enqueue()
    vendor.will("prepare", Unreachable("down"), None)
    vendor.deliver(operation.subject_id)
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert vendor.calls == ["prepare", "prepare"]
    assert (operation.state, operation.sent, operation.failure, operation.detail) == (
        State.SUCCEEDED,
        None,
        "",
        "",
    )


def test_an_empty_document_is_something_to_send(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("prepare", {})
    vendor.deliver(operation.subject_id)
    assert (vendor.calls, again(operation).sent) == (["prepare", "send"], {})


def test_a_subject_s_operations_go_in_order(vendor: StubVendor) -> None:
    subject = uuid.uuid4()
    first, second = enqueue(subject, uuid.uuid4()), enqueue(subject, uuid.uuid4())
    states = []
    vendor.will("send", lambda: states.append(again(second).state), lambda: states.append(again(first).state))
    vendor.deliver(subject)
    assert states == [State.WAITING, State.SUCCEEDED]


def test_what_waits_holds_up_what_comes_after_it(vendor: StubVendor) -> None:
    subject = uuid.uuid4()
    enqueue(subject, uuid.uuid4())
    second = enqueue(subject, uuid.uuid4())
    vendor.will("prepare", Unreachable("down"))
    vendor.deliver(subject)
    vendor.deliver_due()
    assert vendor.calls == ["prepare"]
    assert again(second).attempts == 0


def test_what_was_refused_lets_the_next_one_go(vendor: StubVendor) -> None:
    subject = uuid.uuid4()
    first, second = enqueue(subject, uuid.uuid4()), enqueue(subject, uuid.uuid4())
    vendor.will("send", NotFound("gone"))
    vendor.deliver(subject)
    assert (again(first).state, again(second).state) == (State.REFUSED, State.SUCCEEDED)


def test_one_subject_s_trouble_does_not_hold_up_another(vendor: StubVendor) -> None:
    first, second = enqueue(), enqueue()
    vendor.will("prepare", Unreachable("down"))
    assert vendor.deliver_due() == 1
    assert (again(first).state, again(second).state) == (State.WAITING, State.SUCCEEDED)


def test_a_round_serves_the_subjects_in_the_order_in_which_they_came(vendor: StubVendor) -> None:
    first, second = enqueue(), enqueue()
    third = enqueue(first.subject_id, uuid.uuid4())
    assert vendor.deliver_due() == 0
    assert vendor.served == [first.pk, third.pk, second.pk]


def test_no_more_is_begun_when_the_time_given_is_over(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    subject = uuid.uuid4()
    first, second = enqueue(subject, uuid.uuid4()), enqueue(subject, uuid.uuid4())
    vendor.will("send", lambda: noon.shift(6))
    delivery.deliver(subject, vendor, until=timezone.now() + timedelta(seconds=5))  # type: ignore[arg-type]
    assert (again(first).state, again(second).state) == (State.SUCCEEDED, State.WAITING)


def test_a_refusal_is_kept_with_the_fields_that_it_names(vendor: StubVendor) -> None:
    operation = enqueue()
    error = FieldError("related_contact_information.0.siret", "bad", "No such SIRET.", "123")
    vendor.will("send", Invalid("The content was refused.", status=422, errors=[error]))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure, operation.detail) == (
        State.REFUSED,
        "Invalid",
        "The content was refused.",
    )
    assert operation.errors == [
        {
            "path": "related_contact_information.0.siret",
            "code": "bad",
            "message": "No such SIRET.",
            "value": "123",
        }
    ]
    assert operation.finished_at
    assert verbs(operation.subject_id) == ["turned-away"]


def test_what_the_vendor_does_not_know_any_more_is_refused(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("prepare", NotFound("no such cart"))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure, operation.sent) == (State.REFUSED, "NotFound", None)
    assert verbs(operation.subject_id) == ["turned-away"]


def test_what_must_not_be_sent_any_more_is_refused_by_carnet_itself(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("prepare", Refused("ChangedSinceReview", [{"path": "", "code": "", "message": "changed"}]))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure) == (State.REFUSED, "ChangedSinceReview")
    assert operation.errors == [{"path": "", "code": "", "message": "changed"}]
    assert "send" not in vendor.calls


def test_what_can_not_be_prepared_yet_waits_and_is_tried_again(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("prepare", Postponed("Forbidden", "no list of them"))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.sent) == (State.WAITING, None)
    assert (operation.failure, operation.detail) == ("Forbidden", "no list of them")
    assert operation.due_at > timezone.now()
    assert vendor.calls == ["prepare"]
    assert verbs(operation.subject_id) == []


def test_a_conflict_that_we_made_ourselves_earlier_is_a_success(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("send", Conflict("already confirmed"))
    vendor.will("verify", {"id": "7"})
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify"]
    assert again(operation).state == State.SUCCEEDED
    assert verbs(operation.subject_id) == ["kept"]


def test_any_other_conflict_is_a_refusal(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("send", Conflict("not in a state for this"))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure, operation.detail) == (
        State.REFUSED,
        "Conflict",
        "not in a state for this",
    )


@pytest.mark.parametrize("error", [Unreachable("down"), Invalid("what a question"), RateLimited("slower")])
def test_a_conflict_that_could_not_be_looked_up_is_looked_up_first_next_time(
    vendor: StubVendor, noon: TimeMachineFixture, error: Exception
) -> None:
    operation = enqueue()
    vendor.will("send", Conflict("already confirmed"))
    vendor.will("verify", error, {"id": "7"})
    vendor.deliver(operation.subject_id)
    assert again(operation).state == State.UNKNOWN
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "verify", "verify"]
    assert again(operation).state == State.SUCCEEDED


@pytest.mark.parametrize(
    "error", [Unreachable("down"), RateLimited("slower"), Unauthorized("who?"), Forbidden("not you")]
)
def test_what_was_certainly_not_processed_waits_as_if_never_sent(
    vendor: StubVendor, noon: TimeMachineFixture, error: Exception
) -> None:
    operation = enqueue()
    vendor.will("send", error)
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure, operation.sent) == (State.WAITING, type(error).__name__, None)
    assert operation.was_never_sent
    assert operation.due_at > timezone.now()
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send", "prepare", "send"]
    assert again(operation).failure == ""


def test_the_pause_grows_with_each_attempt_up_to_ten_minutes(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("send", *[Unreachable("down")] * 15)
    pauses = []
    for _ in range(15):
        vendor.deliver(operation.subject_id)
        pauses.append((again(operation).due_at - timezone.now()).total_seconds())
        wait_until_due(operation, noon)
    assert all(2**n * 0.75 <= pause <= 2**n * 1.25 for n, pause in enumerate(pauses[:9], 1))
    assert all(450 <= pause <= 750 for pause in pauses[9:])


@pytest.mark.parametrize(
    "error", [RateLimited("slower", retry_after=90), ServerError("maintenance", status=503, retry_after=90)]
)
def test_a_pause_that_the_vendor_asks_for_is_kept(
    vendor: StubVendor, noon: TimeMachineFixture, error: Exception
) -> None:
    operation = enqueue()
    vendor.will("send", error)
    vendor.deliver(operation.subject_id)
    assert again(operation).due_at == timezone.now() + timedelta(seconds=90)


def test_while_the_vendor_asked_for_a_pause_nothing_else_is_sent(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    first, second = enqueue(), enqueue()
    vendor.will("prepare", RateLimited("slower", retry_after=90))
    assert vendor.deliver_due() == 2
    assert vendor.deliver_due() == 2
    assert vendor.calls == ["prepare"]
    wait_until_due(first, noon)
    assert vendor.deliver_due() == 0
    assert again(second).state == State.SUCCEEDED


def test_even_a_pause_of_nothing_lets_others_go_first(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    operation = enqueue()
    vendor.will("send", RateLimited("slower", retry_after=0))
    vendor.deliver(operation.subject_id)
    assert vendor.calls == ["prepare", "send"]
    assert again(operation).due_at > timezone.now()


def test_a_kind_that_no_app_handles_stays_pending_and_is_not_tried(vendor: StubVendor) -> None:
    strange, usual = enqueue(kind="vanished"), enqueue()
    assert vendor.deliver_due() == 0
    strange = again(strange)
    assert (strange.state, strange.attempts, strange.failure) == (State.WAITING, 0, "")
    assert vendor.served == [usual.pk]


def test_nothing_of_a_subject_overtakes_a_kind_that_no_app_handles(vendor: StubVendor) -> None:
    strange = enqueue(kind="vanished")
    after = enqueue(strange.subject_id)
    assert vendor.deliver_due() == 1
    vendor.deliver(strange.subject_id)
    assert [again(one).state for one in (strange, after)] == [State.WAITING, State.WAITING]
    assert vendor.calls == []


def test_the_handler_of_a_kind_that_no_app_handles_is_a_clear_error() -> None:
    with pytest.raises(LookupError, match="'vanished'; it stays pending"):
        handler_of("vanished")


def test_a_fault_of_ours_before_sending_is_recorded_and_tried_again(
    vendor: StubVendor, noon: TimeMachineFixture
) -> None:
    operation = enqueue()
    vendor.will("prepare", ZeroDivisionError("by zero"))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.failure) == (State.WAITING, "Fault")
    assert operation.detail == "ZeroDivisionError: by zero"
    assert operation.failure_sentence
    wait_until_due(operation, noon)
    vendor.deliver(operation.subject_id)
    assert again(operation).state == State.SUCCEEDED


def test_a_refusal_that_can_not_be_applied_is_not_lost(
    vendor: StubVendor, monkeypatch: pytest.MonkeyPatch
) -> None:
    operation = enqueue()
    monkeypatch.setattr("tests.outbox.stub_vendor.KeepNote.refused", lambda *_: 1 / 0)
    vendor.will("send", NotFound("gone"))
    vendor.deliver(operation.subject_id)
    operation = again(operation)
    assert (operation.state, operation.finished_at) == (State.UNKNOWN, None)


def test_done_and_refused_are_distinguished_from_pending(vendor: StubVendor) -> None:
    done, refused, waiting = enqueue(), enqueue(), enqueue()
    vendor.deliver(done.subject_id)
    vendor.will("send", NotFound("gone"))
    vendor.deliver(refused.subject_id)
    assert [again(o).is_finished for o in (done, refused, waiting)] == [True, True, False]
    assert set(Operation.objects.unfinished()) == {waiting}
    assert set(Operation.objects.troubled()) == {refused, waiting}
    Operation.objects.filter(pk=refused.pk).update(dismissed=True)
    assert set(Operation.objects.troubled()) == {waiting}
    assert "refused" in str(again(refused))


def test_a_refusal_is_dismissed_once_the_same_thing_succeeds(vendor: StubVendor) -> None:
    subject = uuid.uuid4()
    settled, other = enqueue(subject, uuid.uuid4()), enqueue(subject, uuid.uuid4())
    vendor.will("send", NotFound("gone"), NotFound("gone"))
    vendor.deliver(subject)
    assert set(Operation.objects.troubled()) == {settled, other}
    enqueue(subject, settled.target_id)
    vendor.deliver(subject)
    assert set(Operation.objects.troubled()) == {other}

"""A vendor whose outcomes a test sets, and the smallest operation that has all an operation can have."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast

from django.utils import timezone

from covage import Covage
from drafts.history import record
from outbox import delivery, queue
from outbox.models import Operation

KIND = "keep"
COPPER_KIND = "keep-copper"
State = Operation.State

Answer = dict[str, Any] | None
Outcome = Answer | BaseException | Callable[[], Any]


@dataclass
class StubVendor:
    """Responds to the calls of a `KeepNote` as set by `will`; otherwise all goes well and nothing was there before.

    `calls` lists what was called, `served` the operations that were sent, `apis` those whose client was requested.
    """

    calls: list[str] = field(default_factory=list)
    served: list[int] = field(default_factory=list)
    apis: list[str] = field(default_factory=list)
    outcomes: dict[str, list[Outcome]] = field(default_factory=dict)

    def will(self, call: str, *outcomes: Outcome) -> None:
        """Set the next outcomes of a call: what it returns, raises, or does before it returns."""
        self.outcomes.setdefault(call, []).extend(outcomes)

    def next_outcome(self, call: str, operation: Operation) -> Answer:
        usual: dict[str, Answer] = {"prepare": {"note": "ours"}, "send": {"id": "7"}, "verify": None}
        self.calls.append(call)
        if call == "send":
            self.served.append(operation.pk)
        waiting = self.outcomes.get(call)
        outcome = waiting.pop(0) if waiting else usual[call]
        if isinstance(outcome, BaseException):
            raise outcome
        return cast(Answer, outcome() or usual[call]) if callable(outcome) else outcome

    def deliver(self, subject_id: uuid.UUID) -> None:
        delivery.deliver(subject_id, cast(Covage, self))

    def deliver_due(self) -> int:
        return delivery.deliver_due(self.client_of)

    def client_of(self, api: str) -> Covage:
        """Returns the vendor itself, whichever API is requested."""
        self.apis.append(api)
        return cast(Covage, self)


class KeepNote:
    """Keeps a note at the vendor. What it applies shows as events: `kept` and `turned-away`."""

    def describe(self, operation: Operation) -> str:
        return "keep the note"

    def prepare(self, operation: Operation, client: Covage) -> Answer:
        return cast(StubVendor, client).next_outcome("prepare", operation)

    def send(self, operation: Operation, client: Covage) -> dict[str, Any]:
        answer = cast(StubVendor, client).next_outcome("send", operation)
        assert answer is not None
        return answer

    def verify(self, operation: Operation, client: Covage) -> Answer:
        return cast(StubVendor, client).next_outcome("verify", operation)

    def apply(self, operation: Operation, answer: dict[str, Any]) -> None:
        record("kept", operation.subject_id, target_id=operation.target_id, label=answer["id"])

    def refused(self, operation: Operation) -> None:
        record("turned-away", operation.subject_id, target_id=operation.target_id, label=operation.failure)


def new_operation(
    subject_id: uuid.UUID | None = None, target_id: uuid.UUID | None = None, **more: Any
) -> queue.NewOperation:
    subject_id = subject_id or uuid.uuid4()
    defaults = {"kind": KIND, "label": "a note", "url": "/notes/1/"}
    return queue.NewOperation(subject_id=subject_id, target_id=target_id or subject_id, **(defaults | more))


def enqueue(
    subject_id: uuid.UUID | None = None, target_id: uuid.UUID | None = None, **more: Any
) -> Operation:
    """Enqueue an operation that joins no other, and return it."""
    operation = queue.enqueue(new_operation(subject_id, target_id, **more))
    assert operation is not None
    return operation


def again(operation: Operation) -> Operation:
    """Returns the operation as it is now."""
    return Operation.objects.get(pk=operation.pk)


def wait_until_due(operation: Operation, time_machine: Any) -> Operation:
    """Let time pass until the operation is due and no claim on it is left. Returns it."""
    operation = again(operation)
    moment = max(operation.due_at, operation.held_until)
    if moment > timezone.now():
        time_machine.move_to(moment + timedelta(milliseconds=1), tick=False)
    return operation

"""A vendor to be told what to answer, and the smallest operation that has all an operation can have."""

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
class Vendor:
    """Answers the calls of a `Keep` as told by `will`, else that all is well and nothing was there before.

    `calls` lists what was called, `served` the operations that were sent, `apis` whose client was asked for.
    """

    calls: list[str] = field(default_factory=list)
    served: list[int] = field(default_factory=list)
    apis: list[str] = field(default_factory=list)
    told: dict[str, list[Outcome]] = field(default_factory=dict)

    def will(self, call: str, *outcomes: Outcome) -> None:
        """Tell the next outcomes of a call: what it answers, raises, or does before it answers."""
        self.told.setdefault(call, []).extend(outcomes)

    def meets(self, call: str, operation: Operation) -> Answer:
        usual: dict[str, Answer] = {"prepare": {"note": "ours"}, "send": {"id": "7"}, "verify": None}
        self.calls.append(call)
        if call == "send":
            self.served.append(operation.pk)
        outcomes = self.told.get(call)
        outcome = outcomes.pop(0) if outcomes else usual[call]
        if isinstance(outcome, BaseException):
            raise outcome
        return cast(Answer, outcome() or usual[call]) if callable(outcome) else outcome

    def deliver(self, subject_id: uuid.UUID) -> None:
        delivery.deliver(subject_id, cast(Covage, self))

    def deliver_due(self) -> int:
        return delivery.deliver_due(self.client_of)

    def client_of(self, api: str) -> Covage:
        """The vendor itself, whichever API is asked for."""
        self.apis.append(api)
        return cast(Covage, self)


class Keep:
    """Keeps a note at the vendor's. What it takes in shows as events: `kept` and `turned-away`."""

    def describe(self, operation: Operation) -> str:
        return "keep the note"

    def prepare(self, operation: Operation, client: Covage) -> Answer:
        return cast(Vendor, client).meets("prepare", operation)

    def send(self, operation: Operation, client: Covage) -> dict[str, Any]:
        answer = cast(Vendor, client).meets("send", operation)
        assert answer is not None
        return answer

    def verify(self, operation: Operation, client: Covage) -> Answer:
        return cast(Vendor, client).meets("verify", operation)

    def apply(self, operation: Operation, answer: dict[str, Any]) -> None:
        record("kept", operation.subject_id, target_id=operation.target_id, label=answer["id"])

    def refused(self, operation: Operation) -> None:
        record("turned-away", operation.subject_id, target_id=operation.target_id, label=operation.failure)


def owed(
    subject_id: uuid.UUID | None = None, target_id: uuid.UUID | None = None, **more: Any
) -> queue.NewOperation:
    subject_id = subject_id or uuid.uuid4()
    defaults = {"kind": KIND, "label": "a note", "url": "/notes/1/"}
    return queue.NewOperation(subject_id=subject_id, target_id=target_id or subject_id, **(defaults | more))


def owe(subject_id: uuid.UUID | None = None, target_id: uuid.UUID | None = None, **more: Any) -> Operation:
    """Owe an operation that is new, and answer it."""
    operation = queue.enqueue(owed(subject_id, target_id, **more))
    assert operation is not None
    return operation


def again(operation: Operation) -> Operation:
    """The operation as it stands now."""
    return Operation.objects.get(pk=operation.pk)


def wait_until_due(operation: Operation, time_machine: Any) -> Operation:
    """Let time pass until the operation is due and nobody's claim on it stands."""
    operation = again(operation)
    moment = max(operation.due_at, operation.held_until)
    if moment > timezone.now():
        time_machine.move_to(moment + timedelta(milliseconds=1), tick=False)
    return operation

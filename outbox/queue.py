"""What is owed to the vendor, sent in order and once.

An operation is a row written in the same transaction as the change that it carries. Only the oldest
unfinished operation of a subject can be claimed, and a claim lapses by itself, so a subject's operations go
one at a time whatever dies. Before anything leaves, the row says what is about to be sent; an operation whose
outcome is not known is looked up upstream before it is tried again. No transaction is open while the network
is waited for.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from outbox.handlers import (
    api_of,
)
from outbox.models import Operation, OperationQuerySet

State = Operation.State


@dataclass(frozen=True)
class NewOperation:
    """An operation to be: whose (`subject_id`), about what (`target_id`), and how a person would name it."""

    kind: str
    subject_id: uuid.UUID
    target_id: uuid.UUID
    label: str
    url: str
    payload: dict[str, Any] = field(default_factory=dict)
    once: str | None = None


def enqueue(owed: NewOperation, actor: Any = None) -> Operation | None:
    """Owe an operation, in the caller's transaction. Answers None when one that waits will carry it anyway.

    With `once`, a second one raises IntegrityError until the first is refused or withdrawn.
    """
    if not owed.payload and _join_waiting(owed):
        return None
    return Operation.objects.create(
        kind=owed.kind,
        subject_id=owed.subject_id,
        target_id=owed.target_id,
        label=owed.label[:200],
        url=owed.url,
        payload=owed.payload,
        once=owed.once,
        actor=actor if actor and actor.is_authenticated else None,
    )


def _join_waiting(owed: NewOperation) -> bool:
    """Let an operation that waits, and that nobody is at, carry this too. Answers whether there is one."""
    now = timezone.now()
    waiting = Operation.objects.filter(
        subject_id=owed.subject_id,
        target_id=owed.target_id,
        kind=owed.kind,
        payload={},
        state=State.WAITING,
        sent__isnull=True,
        held_until__lte=now,
    )
    # Whoever let a claim on it lapse may have read the rows before this change: they must not send any more.
    return bool(waiting.update(due_at=now, holder=None, label=owed.label[:200]))


def apis_by_subject(operations: OperationQuerySet) -> dict[uuid.UUID, str]:
    """The subjects of some operations, that of the oldest one first, each with the API that it owes them to.

    None that owes only what no installed app knows how to do.
    """
    apis: dict[uuid.UUID, str] = {}
    for subject_id, kind in operations.order_by("id").values_list("subject_id", "kind"):
        if api := api_of(kind):
            apis.setdefault(subject_id, api)
    return apis


def withdraw(operation: Operation) -> bool:
    """Take back an operation of which nothing was sent. Answers whether it was still possible."""
    return bool(_withdraw(Operation.objects.filter(pk=operation.pk)))


def withdraw_waiting(subject_id: uuid.UUID, *, but: str = "") -> None:
    """Take back all of a subject's operations of which nothing was sent, but for those of one kind."""
    _withdraw(Operation.objects.about(subject_id).exclude(kind=but))


def _withdraw(operations: OperationQuerySet) -> int:
    now = timezone.now()
    free = operations.filter(state=State.WAITING, sent__isnull=True, held_until__lte=now)
    return free.update(state=State.WITHDRAWN, once=None, finished_at=now)


def make_due(operation: Operation) -> None:
    """Make an owed operation due now, whatever pause it was in."""
    Operation.objects.unfinished().filter(pk=operation.pk).update(due_at=timezone.now())

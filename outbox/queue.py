"""Putting operations into the outbox, withdrawing them, making them due, and finding the API they are sent to.

An operation is a row written in the same transaction as the change that it carries; `outbox.delivery` sends it.
"""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from outbox.handlers import api_of
from outbox.models import Operation, OperationQuerySet

State = Operation.State


@dataclass(frozen=True)
class NewOperation:
    """An operation to enqueue: whose it is (`subject_id`), what about (`target_id`), and its name for a person.

    `once` allows no second one with this text until the first is refused or withdrawn.
    """

    kind: str
    subject_id: uuid.UUID
    target_id: uuid.UUID
    label: str
    url: str
    payload: dict[str, Any] = field(default_factory=dict)
    once: str | None = None


def enqueue(new: NewOperation, actor: Any = None) -> Operation | None:
    """Enqueue an operation, in the caller's transaction. Returns None when one that is waiting carries it anyway.

    Raises IntegrityError when its `once` is taken.
    """
    if not new.payload and _join_waiting(new):
        return None
    return Operation.objects.create(
        kind=new.kind,
        subject_id=new.subject_id,
        target_id=new.target_id,
        label=new.label[:200],
        url=new.url,
        payload=new.payload,
        once=new.once,
        actor=actor if actor and actor.is_authenticated else None,
    )


def _join_waiting(new: NewOperation) -> bool:
    """Let a waiting operation that nobody has claimed carry this too. Returns whether there is one."""
    now = timezone.now()
    waiting = Operation.objects.filter(
        subject_id=new.subject_id,
        target_id=new.target_id,
        kind=new.kind,
        payload={},
        state=State.WAITING,
        sent__isnull=True,
        held_until__lte=now,
    )
    # A worker whose claim lapsed may have read the rows before this change: it must not send any more.
    return bool(waiting.update(due_at=now, holder=None, label=new.label[:200]))


def apis_by_subject(operations: OperationQuerySet) -> dict[uuid.UUID, str]:
    """Returns the subjects of some operations, that of the oldest first, each with the API they are sent to.

    Leaves out subjects whose operations are all of kinds that no installed app handles.
    """
    apis: dict[uuid.UUID, str] = {}
    for subject_id, kind in operations.order_by("id").values_list("subject_id", "kind"):
        if api := api_of(kind):
            apis.setdefault(subject_id, api)
    return apis


def withdraw(operation: Operation) -> bool:
    """Withdraw an operation of which nothing was sent. Returns whether that was still possible."""
    return bool(_withdraw(Operation.objects.filter(pk=operation.pk)))


def withdraw_waiting(subject_id: uuid.UUID, *, but: str = "") -> None:
    """Withdraw all of a subject's operations of which nothing was sent, except those of the kind `but`."""
    _withdraw(Operation.objects.about(subject_id).exclude(kind=but))


def _withdraw(operations: OperationQuerySet) -> int:
    now = timezone.now()
    free = operations.filter(state=State.WAITING, sent__isnull=True, held_until__lte=now)
    return free.update(state=State.WITHDRAWN, once=None, finished_at=now)


def make_due(operation: Operation) -> None:
    """Make a pending operation due now, even if it was paused."""
    Operation.objects.unfinished().filter(pk=operation.pk).update(due_at=timezone.now())

"""What may become of an operation: it is claimed, marked, postponed, succeeds or is refused.

A claim lapses by itself, so a worker that dies holds nothing up. Every change is made under the claim: a worker whose
claim has lapsed changes nothing any more.
"""

import random
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from outbox.handlers import Handler, api_of
from outbox.models import Operation

State = Operation.State

LONGEST_PAUSE_SECONDS = 600.0


class LeaseLost(Exception):
    """Our claim lapsed and another worker has the operation: it finds out what became of it."""


def claim(subject_id: uuid.UUID) -> Operation | None:
    """Returns the subject's oldest unfinished operation, claimed by us.

    None when it isn't due, when another worker has it, or when no installed app handles it: nothing overtakes it.
    """
    now = timezone.now()
    head = Operation.objects.about(subject_id).unfinished().order_by("id").first()
    if head is None or not api_of(head.kind) or head.due_at > now or head.held_until > now:
        return None
    changes: dict[str, Any] = {
        "holder": uuid.uuid4(),
        "held_until": claim_end(),
        "attempts": head.attempts + 1,
    }
    if head.state == State.SENDING:
        # A worker that died while sending leaves an unknown outcome.
        changes |= {"state": State.UNKNOWN, "attempted_at": head.held_until}
    as_read = Operation.objects.filter(pk=head.pk, state=head.state, held_until=head.held_until)
    if not as_read.update(**changes):
        return None
    for name, value in changes.items():
        setattr(head, name, value)
    return head


def claim_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def postpone(
    operation: Operation, failure: Mapping[str, str], *, unknown: bool, pause_seconds: float | None = None
) -> None:
    """Try again later: with a look-up when the vendor may have acted on what was sent, else from the start.

    `failure` has the columns to write of the failed attempt; `pause_seconds` is what the vendor asks for, if anything.
    """
    now = timezone.now()
    changes: dict[str, Any] = {"state": State.UNKNOWN} if unknown else {"state": State.WAITING, "sent": None}
    if unknown and operation.state == State.SENDING:
        changes["attempted_at"] = now
    pause = max(_grown_pause(operation) if pause_seconds is None else pause_seconds, 1.0)
    release(operation, due_at=now + timedelta(seconds=pause), **failure, **changes)


def _grown_pause(operation: Operation) -> float:
    return min(2.0 ** min(operation.attempts, 10), LONGEST_PAUSE_SECONDS) * random.uniform(0.75, 1.25)


def mark(operation: Operation, **changes: Any) -> None:
    """Write on an operation that we have claimed. Raises LeaseLost when the claim is no longer ours."""
    claimed = Operation.objects.unfinished().filter(pk=operation.pk, holder=operation.holder)
    if not claimed.update(**changes):
        raise LeaseLost(str(operation))
    for name, value in changes.items():
        setattr(operation, name, value)


def release(operation: Operation, **changes: Any) -> None:
    mark(operation, held_until=timezone.now(), **changes)


def _finish(operation: Operation, state: str, **changes: Any) -> None:
    release(operation, state=state, finished_at=timezone.now(), **changes)


def finish_well(operation: Operation) -> None:
    """End an operation that is done, and dismiss earlier refusals of the same thing: they are put right."""
    _finish(operation, State.SUCCEEDED, failure="", detail="", errors=[], request_uuid="")
    refused = Operation.objects.filter(
        subject_id=operation.subject_id,
        target_id=operation.target_id,
        kind=operation.kind,
        state=State.REFUSED,
    )
    refused.filter(dismissed=False, pk__lt=operation.pk).update(dismissed=True)


def succeed(operation: Operation, handler: Handler[Any], answer: dict[str, Any]) -> None:
    with transaction.atomic():
        finish_well(operation)
        handler.apply(operation, answer)


def refuse(
    operation: Operation, handler: Handler[Any], failure: Mapping[str, str], errors: Iterable[Any] = ()
) -> None:
    with transaction.atomic():
        _finish(operation, State.REFUSED, errors=list(errors), once=None, **failure)
        handler.refused(operation)

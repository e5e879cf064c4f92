"""Sending operations to the vendor, in order and once.

Only the oldest unfinished operation of a subject can be claimed, and a claim lapses by itself, so a subject's
operations go one at a time whatever process dies. Before anything is sent, the row says what it will be; an
operation whose outcome is unknown is looked up upstream before it is tried again. No transaction is open while
the network is waited for.
"""

import logging
import random
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from covage import (
    Conflict,
    CovageError,
    Forbidden,
    Invalid,
    NotFound,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
)
from outbox.handlers import (
    Client,
    Handler,
    Postponed,
    Refused,
    api_of,
    handler_of,
    of_api,
    of_configured_apis,
)
from outbox.models import Operation, OperationQuerySet
from outbox.queue import apis_by_subject

logger = logging.getLogger(__name__)

State = Operation.State

LONGEST_PAUSE_SECONDS = 600.0
LONGEST_REQUEST_UUID = 100
# Failures that certainly had no effect at the vendor's. Any other failure of a sending leaves its outcome unknown.
NOT_PROCESSED = (Unreachable, RateLimited, Unauthorized, Forbidden)


class LeaseLost(Exception):
    """Our claim lapsed and another worker has the operation: it finds out what became of it."""


def deliver(subject_id: uuid.UUID, client: Client, *, until: datetime | None = None) -> None:
    """Send a subject's operations, in order, until none is due or `until` has passed.

    `client` is that of the API which they are sent to. What fails is written on the operation, never raised.
    """
    while (until is None or timezone.now() < until) and (operation := _claim(subject_id)):
        try:
            _attempt(operation, client)
        except LeaseLost:
            logger.warning(
                "Operation %s outlived its claim; the worker that has it now finds out what became of it",
                operation.pk,
            )
            return


def deliver_due(client_of: Callable[[str], Client], *, between: Callable[[], None] | None = None) -> int:
    """Send all that is due now, subject by subject, by the client that `client_of` returns for its API.

    Returns how many operations are still pending. Those for an API that is not configured, and of kinds that no
    installed app handles, wait and are not counted. `between` is called before each subject. While an API has
    asked for a pause nothing more is sent to it, because its limit is on the whole account.
    """
    now = timezone.now()
    due = _sendable().filter(due_at__lte=now, held_until__lte=now)
    paused: set[str] = set()
    for subject_id, api in apis_by_subject(due).items():
        if api in paused or _has_asked_for_a_pause(api):
            paused.add(api)
            continue
        if between:
            between()
        deliver(subject_id, client_of(api))
    return _sendable().count()


def _sendable() -> OperationQuerySet:
    """The pending operations for the APIs that are configured."""
    return Operation.objects.unfinished().filter(of_configured_apis())


def _has_asked_for_a_pause(api: str) -> bool:
    limited = Operation.objects.unfinished().filter(failure=RateLimited.__name__, due_at__gt=timezone.now())
    return limited.filter(of_api(api)).exists()


def _claim(subject_id: uuid.UUID) -> Operation | None:
    """Returns the subject's oldest unfinished operation, claimed by us.

    None when it isn't due, when another worker has it, or when no installed app handles it: nothing overtakes it.
    """
    now = timezone.now()
    head = Operation.objects.about(subject_id).unfinished().order_by("id").first()
    if head is None or not api_of(head.kind) or head.due_at > now or head.held_until > now:
        return None
    changes: dict[str, Any] = {
        "holder": uuid.uuid4(),
        "held_until": _claim_end(),
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


def _claim_end() -> datetime:
    return timezone.now() + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)


def _attempt(operation: Operation, client: Client) -> None:
    try:
        _do(operation, client)
    except LeaseLost:
        raise
    except Exception as error:
        # A fault of ours, or an unforeseen answer, must not keep the rest from being sent.
        logger.exception("Operation %s (%s) ran into a fault", operation.pk, operation.kind)
        operation.refresh_from_db(fields=["state"])
        failure = {"failure": "Fault", "detail": f"{type(error).__name__}: {error}", "request_uuid": ""}
        _postpone(operation, failure, unknown=operation.state != State.WAITING)


def _do(operation: Operation, client: Client) -> None:
    handler = handler_of(operation.kind)
    try:
        if operation.state == State.UNKNOWN:
            _look_up(operation, handler, client)
        else:
            _send(operation, handler, client)
    except Refused as refusal:
        request_uuid = _request_uuid(refusal.__cause__ or refusal.__context__)
        failure = {"failure": refusal.failure, "detail": "", "request_uuid": request_uuid}
        _refuse(operation, handler, failure, refusal.errors)
    except Postponed as pause:
        failure = {
            "failure": pause.failure,
            "detail": pause.detail,
            "request_uuid": _request_uuid(pause.__cause__),
        }
        _postpone(operation, failure, unknown=operation.state != State.WAITING)
    except CovageError as error:
        if _is_refusal(operation, error):
            _refuse(operation, handler, _failure(error), _errors(error))
        else:
            unknown = operation.state == State.UNKNOWN or (
                operation.state == State.SENDING and not isinstance(error, NOT_PROCESSED)
            )
            _postpone(operation, _failure(error), unknown=unknown, pause_seconds=_requested_pause(error))


def _is_refusal(operation: Operation, error: CovageError) -> bool:
    """Whether the vendor refuses the operation itself. Refusing our question in a look-up says nothing of it."""
    return isinstance(error, NotFound) or (isinstance(error, Invalid) and operation.state != State.UNKNOWN)


def _failure(error: CovageError) -> dict[str, str]:
    """Returns the columns that an operation keeps of a failed attempt."""
    return {
        "failure": type(error).__name__,
        "detail": error.message,
        "request_uuid": _request_uuid(error),
    }


def _request_uuid(error: BaseException | None) -> str:
    return error.request_uuid[:LONGEST_REQUEST_UUID] if isinstance(error, CovageError) else ""


def _errors(error: CovageError) -> list[dict[str, Any]]:
    return [asdict(field_error) for field_error in error.errors] if isinstance(error, Invalid) else []


def _requested_pause(error: CovageError) -> float | None:
    return error.retry_after if isinstance(error, RateLimited | ServerError) else None


def _send(operation: Operation, handler: Handler[Any], client: Client) -> None:
    document = handler.prepare(operation, client)
    if document is None:
        _finish_well(operation)
        return
    # Preparing may have used up most of the claim's time: the sending gets all of it again.
    _mark(operation, state=State.SENDING, sent=document, attempted_at=timezone.now(), held_until=_claim_end())
    try:
        answer = handler.send(operation, client)
    except Conflict as error:
        # An earlier attempt of ours may have taken effect: until a look-up says so, the outcome is unknown.
        _mark(operation, state=State.UNKNOWN)
        found = handler.verify(operation, client)
        if found is None:
            _refuse(operation, handler, _failure(error))
            return
        answer = found
    _succeed(operation, handler, answer)


def _look_up(operation: Operation, handler: Handler[Any], client: Client) -> None:
    """Find out what became of what was sent; send again only once its absence can be believed.

    A request whose answer never came may still be under way at the vendor's: absence counts only when looked up
    OUTBOX_SETTLE_SECONDS or more after the sending.
    """
    looked_up_at = timezone.now()
    answer = handler.verify(operation, client)
    settled_at = (operation.attempted_at or operation.created_at) + timedelta(
        seconds=settings.OUTBOX_SETTLE_SECONDS
    )
    if answer is not None:
        _succeed(operation, handler, answer)
    elif looked_up_at < settled_at:
        _release(operation, state=State.UNKNOWN, due_at=settled_at)
    else:
        _mark(operation, state=State.WAITING, sent=None)
        _send(operation, handler, client)


def _postpone(
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
    _release(operation, due_at=now + timedelta(seconds=pause), **failure, **changes)


def _grown_pause(operation: Operation) -> float:
    return min(2.0 ** min(operation.attempts, 10), LONGEST_PAUSE_SECONDS) * random.uniform(0.75, 1.25)


def _mark(operation: Operation, **changes: Any) -> None:
    """Write on an operation that we have claimed. Raises LeaseLost when the claim is no longer ours."""
    claimed = Operation.objects.unfinished().filter(pk=operation.pk, holder=operation.holder)
    if not claimed.update(**changes):
        raise LeaseLost(str(operation))
    for name, value in changes.items():
        setattr(operation, name, value)


def _release(operation: Operation, **changes: Any) -> None:
    _mark(operation, held_until=timezone.now(), **changes)


def _finish(operation: Operation, state: str, **changes: Any) -> None:
    _release(operation, state=state, finished_at=timezone.now(), **changes)


def _finish_well(operation: Operation) -> None:
    """End an operation that is done, and dismiss earlier refusals of the same thing: they are put right."""
    _finish(operation, State.SUCCEEDED, failure="", detail="", errors=[], request_uuid="")
    refused = Operation.objects.filter(
        subject_id=operation.subject_id,
        target_id=operation.target_id,
        kind=operation.kind,
        state=State.REFUSED,
    )
    refused.filter(dismissed=False, pk__lt=operation.pk).update(dismissed=True)


def _succeed(operation: Operation, handler: Handler[Any], answer: dict[str, Any]) -> None:
    with transaction.atomic():
        _finish_well(operation)
        handler.apply(operation, answer)


def _refuse(
    operation: Operation, handler: Handler[Any], failure: Mapping[str, str], errors: Iterable[Any] = ()
) -> None:
    with transaction.atomic():
        _finish(operation, State.REFUSED, errors=list(errors), once=None, **failure)
        handler.refused(operation)

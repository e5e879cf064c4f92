"""Sending operations to the vendor, in order and once.

Only the oldest unfinished operation of a subject can be claimed, and a claim lapses by itself, so a subject's
operations go one at a time whatever process dies (`outbox.transitions`). Before anything is sent, the row says what
it will be; an operation whose outcome is unknown is looked up upstream before it is tried again
(`outbox.lost_answers`). No transaction is open while the network is waited for.
"""

import logging
import uuid
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

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
    handler_of,
    of_api,
    of_configured_apis,
)
from outbox.lost_answers import look_up
from outbox.models import Operation, OperationQuerySet
from outbox.queue import apis_by_subject
from outbox.transitions import LeaseLost, claim, claim_end, finish_well, mark, postpone, refuse, succeed

logger = logging.getLogger(__name__)

State = Operation.State

LONGEST_REQUEST_UUID = 100  # characters, as in the column
# Failures that certainly had no effect at the vendor. Any other failure of a sending leaves its outcome unknown.
NOT_PROCESSED = (Unreachable, RateLimited, Unauthorized, Forbidden)


def deliver(subject_id: uuid.UUID, client: Client, *, until: datetime | None = None) -> None:
    """Send a subject's operations, in order, until none is due or `until` has passed.

    `client` is that of the API which they are sent to. What fails is written on the operation, never raised.
    """
    while (until is None or timezone.now() < until) and (operation := claim(subject_id)):
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
        postpone(operation, failure, unknown=operation.state != State.WAITING)


def _do(operation: Operation, client: Client) -> None:
    handler = handler_of(operation.kind)
    try:
        if operation.state != State.UNKNOWN or look_up(operation, handler, client):
            _send(operation, handler, client)
    except Refused as refusal:
        request_uuid = _request_uuid(refusal.__cause__ or refusal.__context__)
        failure = {"failure": refusal.failure, "detail": "", "request_uuid": request_uuid}
        refuse(operation, handler, failure, refusal.errors)
    except Postponed as pause:
        failure = {
            "failure": pause.failure,
            "detail": pause.detail,
            "request_uuid": _request_uuid(pause.__cause__),
        }
        postpone(operation, failure, unknown=operation.state != State.WAITING)
    except CovageError as error:
        if _is_refusal(operation, error):
            refuse(operation, handler, _failure(error), _errors(error))
        else:
            unknown = operation.state == State.UNKNOWN or (
                operation.state == State.SENDING and not isinstance(error, NOT_PROCESSED)
            )
            postpone(operation, _failure(error), unknown=unknown, pause_seconds=_requested_pause(error))


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
        finish_well(operation)
        return
    # Preparing may have used up most of the claim's time: the sending gets all of it again.
    mark(operation, state=State.SENDING, sent=document, attempted_at=timezone.now(), held_until=claim_end())
    try:
        answer = handler.send(operation, client)
    except Conflict as error:
        # An earlier attempt of ours may have taken effect: until a look-up says so, the outcome is unknown.
        mark(operation, state=State.UNKNOWN)
        found = handler.verify(operation, client)
        if found is None:
            refuse(operation, handler, _failure(error))
            return
        answer = found
    succeed(operation, handler, answer)

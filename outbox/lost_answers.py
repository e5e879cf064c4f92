"""Answers that never came: whether what was sent took effect is looked up before anything is sent again."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from outbox.handlers import Client, Handler
from outbox.models import Operation
from outbox.transitions import mark, release, succeed

State = Operation.State


def look_up(operation: Operation, handler: Handler[Any], client: Client) -> bool:
    """Find out what became of what was sent. Returns whether it has to be sent again, its absence being certain.

    A request whose answer never came may still be under way at the vendor: absence counts only when looked up
    OUTBOX_SETTLE_SECONDS or more after the sending. Raises what the handler's `verify` raises.
    """
    looked_up_at = timezone.now()
    answer = handler.verify(operation, client)
    settled_at = (operation.attempted_at or operation.created_at) + timedelta(
        seconds=settings.OUTBOX_SETTLE_SECONDS
    )
    if answer is not None:
        succeed(operation, handler, answer)
        return False
    if looked_up_at < settled_at:
        release(operation, state=State.UNKNOWN, due_at=settled_at)
        return False
    mark(operation, state=State.WAITING, sent=None)
    return True

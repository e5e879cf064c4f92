"""The story of a cart, a line or an order: one event for everything that somebody or something did to it."""

import uuid
from typing import Any

from mirror.models import Event


def record(
    verb: str,
    subject_id: uuid.UUID,
    *,
    target_id: uuid.UUID | None = None,
    actor: Any = None,
    label: str = "",
    changes: dict[str, list[Any]] | None = None,
) -> Event:
    """Write an event, in the caller's transaction. `actor` None means that nobody here did it."""
    return Event.objects.create(
        verb=verb,
        subject_id=subject_id,
        target_id=target_id or subject_id,
        actor=actor if actor and actor.is_authenticated else None,
        label=label[:200],
        changes=changes or {},
    )

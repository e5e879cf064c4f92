"""What changed on a subject since its reader last looked, for notifications/changes/changes_since.html."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from notifications.models import Change

MOST_CHANGES = 20


@dataclass(frozen=True)
class ChangeSince:
    """What changed at one moment: labels with the values before and after."""

    at: datetime
    changes: list[tuple[str, str, str]]


def changes_since(
    subject_id: UUID,
    since: datetime | None,
    label_of: Callable[[str], str],
    show: Callable[[str, Any], str],
) -> Iterator[ChangeSince]:
    """Yields what changed since the reader last looked, newest first; nothing when they look for the first time.

    `label_of` names the path of a change, `show` writes a value.
    """
    if since is None:
        return
    changes = Change.objects.filter(subject_id=subject_id, at__gt=since).order_by("-id")[:MOST_CHANGES]
    for change in changes:
        labelled = [
            (label_of(path), show(path, before) or "—", show(path, after) or "—")
            for path, (before, after) in change.changes.items()
        ]
        yield ChangeSince(change.at, labelled)

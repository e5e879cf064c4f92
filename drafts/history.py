"""The history of a draft: writing an event, and reading events as drafts/history.html shows them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from drafts.fields import Label
from drafts.models import Event

MOST_EVENTS = 100


def record(
    verb: str,
    subject_id: UUID,
    *,
    target_id: UUID | None = None,
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


@dataclass(frozen=True)
class AuditEntry:
    """An event as people read it; each change is the label with the values before and after."""

    at: datetime
    who: str
    what: str
    about: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Vocabulary:
    """How an app words its events.

    `verbs` says what each verb means; those in `theirs` are the vendor's doing, even if somebody here requested it.
    `label_of` names the path of a change, `show` writes a value that was there.
    """

    verbs: Mapping[str, Label]
    theirs: Collection[str]
    label_of: Callable[[str], str]
    show: Callable[[Event, str, Any], str]


def history_of(subject_id: UUID, words: Vocabulary, *, target_id: UUID | None = None) -> list[AuditEntry]:
    """The newest events of a subject, or of one thing within it alone, newest first."""
    events = Event.objects.filter(subject_id=subject_id).select_related("actor").order_by("-id")
    if target_id:
        events = events.filter(target_id=target_id)
    return [_entry(event, words) for event in events[:MOST_EVENTS]]


def _entry(event: Event, words: Vocabulary) -> AuditEntry:
    changes = [
        (words.label_of(path), words.show(event, path, before) or "—", words.show(event, path, after) or "—")
        for path, (before, after) in event.changes.items()
    ]
    who = "Covage" if event.verb in words.theirs else str(event.actor or "Covage")
    return AuditEntry(event.at, who, str(words.verbs.get(event.verb, event.verb)), event.label, changes)

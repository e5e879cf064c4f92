"""Notes about a subject as its page shows them: to every user, each to be changed by its author alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from notifications.models import Note
from notifications.notes.forms import NoteForm
from notifications.subjects import Subject

if TYPE_CHECKING:
    from accounts.models import User
    from notifications.querysets import NoteQuerySet


@dataclass(frozen=True)
class NoteRow:
    """A note as it is shown to someone."""

    note: Note
    is_mine: bool


@dataclass(frozen=True)
class Notes:
    """What `notifications/notes/notes.html` shows: the notes about a subject, and a form for one more."""

    token: str
    rows: Sequence[NoteRow]
    form: NoteForm


def notes_of(subject_id: UUID) -> "NoteQuerySet":
    """Returns the notes about a subject, newest first."""
    return Note.objects.of(subject_id)


def notes_context(user: "User", subject: Subject) -> dict[str, Any]:
    """Returns the context of `notifications/notes/notes.html` on a subject's page. One query."""
    rows = [NoteRow(note, note.author_id == user.pk) for note in notes_of(subject.id)]
    return {"notes": Notes(subject.token(user), rows, NoteForm(auto_id="note_%s"))}

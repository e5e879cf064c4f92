"""What a person is told of, as their page of notices shows it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.requests import AuthenticatedHttpRequest
from notifications.changes.sentences import sentences
from notifications.models import Change, Notice

if TYPE_CHECKING:
    from accounts.models import User

MOST_COUNTED = 999


@dataclass(frozen=True)
class NoticeRow:
    """A notice as it reads."""

    notice: Notice
    change: Change
    sentences: list[str]


def count(request: AuthenticatedHttpRequest) -> int:
    """How many notices the person signed in has not read, as far as it is worth counting."""
    return Notice.objects.unread().filter(user=request.user)[:MOST_COUNTED].count()


def rows_of(notices: list[Notice]) -> list[NoticeRow]:
    """A page of notices, read with their changes."""
    return [NoticeRow(notice, notice.change, sentences(notice.change)) for notice in notices]


def mark_read(user: "User", pk: int | None = None) -> int:
    """Mark one of a person's notices as read, or all of them. Answers how many were unread."""
    unread = Notice.objects.unread().filter(user=user)
    return (unread.filter(pk=pk) if pk else unread).update(is_unread=False)

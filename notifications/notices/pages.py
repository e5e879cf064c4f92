"""A person's notices: as their page shows them, how many are unread, and marking them as read."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from accounts.requests import AuthenticatedHttpRequest
from notifications.changes.sentences import sentences
from notifications.models import Change, Notice

if TYPE_CHECKING:
    from accounts.models import User

MOST_UNREAD_COUNTED = 999


@dataclass(frozen=True)
class NoticeRow:
    """A notice with its change in words."""

    notice: Notice
    change: Change
    sentences: list[str]


def count(request: AuthenticatedHttpRequest) -> int:
    """Returns how many notices the signed-in person hasn't read, counted up to a limit."""
    return Notice.objects.unread().filter(user=request.user)[:MOST_UNREAD_COUNTED].count()


def rows_of(notices: list[Notice]) -> list[NoticeRow]:
    """Returns the rows of some notices, which were read with their changes."""
    return [NoticeRow(notice, notice.change, sentences(notice.change)) for notice in notices]


def mark_read(user: "User", pk: int | None = None) -> int:
    """Mark one of a person's notices as read, or all of them. Returns how many were unread."""
    unread = Notice.objects.unread().filter(user=user)
    return (unread.filter(pk=pk) if pk else unread).update(is_unread=False)

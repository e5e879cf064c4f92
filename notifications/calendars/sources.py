"""Where the entries of people's calendars come from. Apps register their sources in their `ready`."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from accounts.models import User

MOST = 500  # entries of one kind of an app


@dataclass(frozen=True)
class CalendarEntry:
    """Something on a day, or at a moment when `start` is a datetime.

    `uid` stays the same when the entry moves; `url` is a path of this portal; `kind` is a short word by which
    people may filter their calendar.
    """

    uid: str
    start: date | datetime
    title: str
    text: str = ""
    url: str = ""
    kind: str = ""


Source = Callable[["User", date, date], Iterable[CalendarEntry]]

SOURCES: list[Source] = []


def register_calendar(source: Source) -> None:
    """Register a source, which returns a person's entries from one day up to another, both included."""
    if source not in SOURCES:
        SOURCES.append(source)


def entries(user: "User", since: date, until: date) -> Iterable[CalendarEntry]:
    """Yields a person's entries from every source."""
    for source in SOURCES:
        yield from source(user, since, until)

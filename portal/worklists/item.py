"""What a topic is: a matter that waits for somebody, how many there are of it, the first few, and where all are."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from accounts.roles import BACK_OFFICE
from lists.paging import MOST_COUNTED
from portal.apis import is_there

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 5
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Shortcut:
    """Something that can be done about a row, and where; `is_first` marks what is done most."""

    label: Promise
    url: str
    is_first: bool = False


@dataclass(frozen=True)
class WorklistItem:
    """A matter: whom it is for, its rows for someone, and the page (with the query) that lists exactly those.

    `own` is added to the query for those who are concerned with their own alone. `label`, `note` and `link`
    tell a row, `shortcuts` what can be done about it at once; `tone` is how loudly it calls. It is empty where
    its `api`, if any, is not configured.
    """

    title: Promise
    roles: tuple[str, ...]
    rows: Callable[["User"], Rows]
    url_name: str
    query: str = ""
    own: str = ""
    tone: str = ""
    label: Callable[[Any], str] = str
    note: Callable[[Any], str] = lambda row: ""
    link: Callable[[Any], str] = lambda row: row.get_absolute_url()
    shortcuts: Callable[[Any], tuple[Shortcut, ...]] = lambda row: ()
    api: str = ""

    def is_for(self, user: "User") -> bool:
        return is_there(self.api) and user.has_role(*self.roles)

    def url_for(self, user: "User") -> str:
        own = "" if user.has_role(BACK_OFFICE) else self.own
        return reverse(self.url_name) + self.query + own


@dataclass(frozen=True)
class Item:
    """A row of a topic as it reads."""

    label: str
    url: str
    note: str
    shortcuts: tuple[Shortcut, ...]


@dataclass(frozen=True)
class Found:
    """A topic with what there is of it at this moment; `more` than `count`, for more are not counted."""

    topic: WorklistItem
    url: str
    count: int
    more: bool
    items: list[Item]


def how_much_is_missing(draft: Any) -> str:
    """How many things a cart or a copper draft lacks, as a note."""
    lacking = ngettext("%(number)d thing", "%(number)d things", draft.missing_count)
    return lacking % {"number": draft.missing_count}


def found_of(topics: Iterable[WorklistItem], user: "User") -> list[Found]:
    """What there is of some topics for a person, one query each."""
    return [_found(topic, user) for topic in topics]


def _found(topic: WorklistItem, user: "User") -> Found:
    rows, url = topic.rows(user), topic.url_for(user)
    # A window counts all that it sees, so it is shown no more than is counted.
    some = rows.filter(pk__in=rows.values("pk")[: MOST_COUNTED + 1])
    first = list(some.annotate(total=Window(Count("pk")))[:SHOWN])
    total = first[0].total if first else 0
    items = [Item(topic.label(row), topic.link(row), topic.note(row), topic.shortcuts(row)) for row in first]
    return Found(topic, url, min(total, MOST_COUNTED), total > MOST_COUNTED, items)

"""What is waiting for a user, item by item: how many there are, the first few, and where to see all of them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import ngettext

from accounts.roles import BACK_OFFICE
from portal.apis import is_there
from web.counting import MOST_COUNTED

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 5  # rows of a card
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Shortcut:
    """Something that can be done about a row, and where; `is_first` marks what is done most."""

    label: Promise
    url: str
    is_first: bool = False


@dataclass(frozen=True)
class WorklistItem:
    """Something that waits for people of some roles: its rows for a user, and the page that lists exactly those.

    `query` is the page's, with `own` added for those who are concerned with their own alone. `label`, `note` and
    `link` describe a row, `shortcuts` what can be done about it at once; `tone` says how urgent it is. It is for
    nobody where its `api`, if any, is not configured.
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
class WorklistRow:
    """A row of a worklist item as people read it."""

    label: str
    url: str
    note: str
    shortcuts: tuple[Shortcut, ...]


@dataclass(frozen=True)
class WorklistCard:
    """A worklist item with its first rows and their `count`; `more` when there are more than are counted."""

    item: WorklistItem
    url: str
    count: int
    more: bool
    rows: list[WorklistRow]


def how_much_is_missing(draft: Any) -> str:
    """The note that says how many things are missing in a cart or a copper draft."""
    words = ngettext("%(number)d thing", "%(number)d things", draft.missing_count)
    return words % {"number": draft.missing_count}


def cards_of(items: Iterable[WorklistItem], user: "User") -> list[WorklistCard]:
    """The cards of those items that are for a user, one query each."""
    return [_card(item, user) for item in items if item.is_for(user)]


def _card(item: WorklistItem, user: "User") -> WorklistCard:
    rows, url = item.rows(user), item.url_for(user)
    # A window counts all that it sees, so it is shown no more than is counted.
    some = rows.filter(pk__in=rows.values("pk")[: MOST_COUNTED + 1])
    first = list(some.annotate(total=Window(Count("pk")))[:SHOWN])
    total = first[0].total if first else 0
    shown = [
        WorklistRow(item.label(row), item.link(row), item.note(row), item.shortcuts(row)) for row in first
    ]
    return WorklistCard(item, url, min(total, MOST_COUNTED), total > MOST_COUNTED, shown)

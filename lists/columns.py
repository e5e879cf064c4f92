"""The columns of list pages, and which of them a person chose."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise

from lists import cells
from lists.models import Columns

if TYPE_CHECKING:
    from accounts.models import User

MOST_COLUMNS = 100
LONGEST_NAME = 60  # characters

Words = str | Promise


@dataclass(frozen=True)
class Column:
    """A column of a list page.

    `cell` makes what the page shows for a row: text, which is escaped, or a SafeString. `value` makes what an
    export holds (text, a number, a date, a moment or None); without it an export holds the cell's text.
    `sort` is the database's column, or several in turn (see `lists.paging`), by which the list can be sorted
    under this column's name; `first` is "-" where the greatest comes first. `align` is a class of head and cells:
    "number" or "nowrap". `shown` says whether it is there until a person chooses otherwise.
    """

    name: str
    label: Words
    cell: Callable[[Any], str]
    sort: str | tuple[str, ...] = ""
    first: str = ""
    align: str = ""
    shown: bool = True
    value: Callable[[Any], Any] | None = None


def text_column(name: str, label: Words, attribute: str = "", **more: Any) -> Column:
    """Returns a column with a text of the row: its attribute of that name, or the one named in `attribute`."""
    read = attrgetter(attribute or name)
    return Column(name, label, lambda row: str(read(row)), value=read, **more)


def number_column(name: str, label: Words, attribute: str = "", **more: Any) -> Column:
    """Returns a column with a number of the row, blank for None."""
    read = attrgetter(attribute or name)
    return Column(name, label, lambda row: _number(read(row)), align="number", value=read, **more)


def day_column(name: str, label: Words, attribute: str = "", **more: Any) -> Column:
    """Returns a column with a day of the row, or with a moment's day; sorted by it, the newest comes first."""
    read = attrgetter(attribute or name)
    more = {"first": "-"} | more
    return Column(name, label, lambda row: cells.day(read(row)), align="nowrap", value=read, **more)


def _number(value: Any) -> str:
    return "" if value is None else str(value)


def columns_for(user: "User", page: str, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Returns those of a page's columns that the person chose, or else the default ones, as declared."""
    names = Columns.objects.filter(user=user, page=page).values_list("names", flat=True).first()
    chosen = tuple(column for column in columns if column.name in (names or ()))
    return chosen or tuple(column for column in columns if column.shown)


def keep_columns(user: "User", page: str, names: list[str]) -> None:
    """Store a person's choice of columns for a page; without any valid name, delete it."""
    names = [name for name in names if name.isidentifier() and len(name) <= LONGEST_NAME][:MOST_COLUMNS]
    if names:
        Columns.objects.update_or_create(user=user, page=page, defaults={"names": names})
    else:
        Columns.objects.filter(user=user, page=page).delete()

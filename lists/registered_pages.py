"""The list pages that saved views and notices refer to. Apps register theirs in their `ready`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import QueryDict

from lists.columns import Words

if TYPE_CHECKING:
    from accounts.models import User

Matching = Callable[[QueryDict, "User", set[UUID]], set[UUID]]
Visible = Callable[["User", set[UUID]], set[UUID]]


def _all(_user: "User", subject_ids: set[UUID]) -> set[UUID]:
    return subject_ids


def _as_it_is(path: str, value: Any) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True)
class ListPage:
    """A page with a list of subjects.

    `matching` returns which of some subjects the page shows a person under a query; it ignores what it can't
    read in the query. `visible` returns which of some a person may see at all: without it, all. `label_of` names
    the path of a change, `value` writes a changed value.
    """

    name: str
    title: Words
    url_name: str
    matching: Matching
    visible: Visible = _all
    label_of: Callable[[str], Words] = str
    value: Callable[[str, Any], Words] = _as_it_is


PAGES: dict[str, ListPage] = {}


def register_page(page: ListPage) -> None:
    """Register a page, in place of one registered before under its name."""
    PAGES[page.name] = page


def page_named(name: str) -> ListPage | None:
    """Returns the page of this name; None if no installed app registered it."""
    return PAGES.get(name)

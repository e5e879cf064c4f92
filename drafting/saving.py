"""What a posted form of a draft holds, into the draft: the same whatever the draft is of."""

from typing import NamedTuple, TypeVar

from django.http import QueryDict

from catalogue.catalogue import Catalogue
from drafting import changing
from drafting.editing import (
    Completed,
    Edit,
    is_item_as_seen,
    posted_texts,
    read_edit,
    seen_texts,
    without_item,
)
from drafting.pages import number_in
from drafting.rows import Changes, Draft

Row = TypeVar("Row", bound=Draft)


class Removal(NamedTuple):
    """The button that takes an item of a list away: its name, and the list's."""

    button: str
    items: str


class Posted(NamedTuple):
    """What a form sent: its texts by path, what it says that the person saw, and the item to be taken away, if any."""

    texts: dict[str, str]
    seen: str
    removed: tuple[str, int] | None


class Saved(NamedTuple):
    """What was typed against what the person had before them, and what it changed, step by step.

    `is_item_kept`: the item to be removed is another by now, and stays.
    """

    seen: dict[str, str]
    edit: Edit
    changes: list[Changes]
    is_item_kept: bool


def posted(catalogue: Catalogue, post: QueryDict, removal: Removal) -> Posted:
    """What a form sent, before it is held against the row that it is for."""
    index = number_in(post.get(removal.button, ""), -1)
    removed = None if index < 0 else (removal.items, index)
    return Posted(posted_texts(catalogue, post), post.get("seen", ""), removed)


def take_posted(row: Row, posted: Posted, completed: Completed[Row]) -> Saved:
    """Take what was typed into a row that is locked, and take the item away whose button was pressed. Unsaved.

    The item stays if it isn't the one that the person saw under this number.
    """
    seen = seen_texts(posted.seen, row)
    edit = read_edit(row, posted.texts, seen, completed)
    is_kept = posted.removed is not None and not is_item_as_seen(row, *posted.removed, seen)
    changes = [changing.edit(row, edit.values, edit.typed)]
    if posted.removed and not is_kept:
        changes.append(changing.edit(row, *without_item(row, *posted.removed)))
    return Saved(seen, edit, changes, is_kept)

"""What a posted form of a draft holds, into the draft: the same whatever the draft is of."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, TypeVar

from django.http import QueryDict

from drafting.editing import Completed, Edit, Texts, is_item_as_seen, read_edit, seen_texts, without_item
from drafting.pages import number_in
from drafting.rows import Draft

Row = TypeVar("Row", bound=Draft)
# An app's own edit of the row: (values by path, texts that are none) -> (the row saved, what changed).
Change = Callable[[Mapping[str, Any], Mapping[str, str]], tuple[Row, Any]]


class Removal(NamedTuple):
    """The button that takes an item of a list away: its name, and the list's."""

    button: str
    items: str


class Saved(NamedTuple):
    """What was typed against what the person had before them; `is_item_kept`: the item to be removed is another."""

    seen: dict[str, str]
    edit: Edit
    is_item_kept: bool


def save(
    row: Row, texts: Texts, post: QueryDict, change: Change[Row], completed: Completed[Row], removal: Removal
) -> Saved:
    """Take what was typed into a row that is locked, and take the item away whose button was pressed.

    The item stays if it isn't the one that the person saw under this number. In the caller's transaction; raises
    what `change` raises.
    """
    seen = seen_texts(post.get("seen", ""), row)
    edit = read_edit(row, texts, seen, completed)
    saved, _changes = change(edit.values, edit.typed)
    index = number_in(post.get(removal.button, ""), -1)
    if index < 0:
        return Saved(seen, edit, is_item_kept=False)
    is_kept = not is_item_as_seen(row, removal.items, index, seen)
    if not is_kept:
        change(*without_item(saved, removal.items, index))
    return Saved(seen, edit, is_kept)

"""What a person typed, compared with what they had seen: new values, invalid texts, stale fields.

In order: what the steps return; what a form shows and what it sent; sorting what was typed; items of lists; and
`apply_posted`, which does it all to a locked row.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from django.core.exceptions import ValidationError
from django.http import QueryDict

from drafts import actions
from drafts.fields import FieldSet, Kind
from drafts.merge import Changes, name_of, same
from drafts.models import Draft

MOST_ITEMS = 20

_ITEM = re.compile(r"-([0-9]{1,3})-([A-Za-z0-9_-]+)")

DraftT = TypeVar("DraftT", bound=Draft)
Texts = Mapping[str, str]  # the texts in a form's fields, by path


class Edit(NamedTuple):
    """`values` by path; `typed` texts that aren't valid values; `stale`: {path: the text as it is now}.

    `filled`: paths whose values we added; `locked`: paths that were typed at and can't be changed any more.
    """

    values: dict[str, Any]
    typed: dict[str, str]
    stale: dict[str, str]
    filled: list[str]
    locked: list[str]


Completed = Callable[[DraftT, Edit, Texts], Iterator[tuple[str, Any]]]


class Removal(NamedTuple):
    """The button that removes an item of a list: its name, and the list's."""

    button: str
    items: str


class Posted(NamedTuple):
    """What a form sent: its texts by path, what it says that the person saw, and the item to be removed, if any."""

    texts: dict[str, str]
    seen: str
    removed: tuple[str, int] | None


class SavedEdit(NamedTuple):
    """What the person had seen, what they typed, and what that changed, step by step.

    `is_item_kept`: the item to be removed is another by now, and stays.
    """

    seen: dict[str, str]
    edit: Edit
    changes: list[Changes]
    is_item_kept: bool


def html_name(path: str) -> str:
    """The name of the form field for a path. No name of a field has a dash, so drafts.js can read it backwards."""
    return path.replace(".", "-")


def texts_of(row: Draft) -> dict[str, str]:
    """What a row's form shows, by path: what was typed last, where that wasn't valid, else the value."""
    shown = {
        path: field.type(value)
        for path, value in row.flat_draft.items()
        if (field := row.field_set.field_at(path))
    }
    return {**shown, **row.typed}


def as_seen(texts: Texts) -> str:
    """The texts in a form, as its hidden field `seen` carries them."""
    return json.dumps(texts, sort_keys=True)


def number_in(text: str, default: int) -> int:
    """The small number that a text is, as an item's button or a link sends it."""
    return int(text) if re.fullmatch(r"[0-9]{1,3}", text) else default


def posted(field_set: FieldSet, post: QueryDict, removal: Removal) -> Posted:
    """What a form sent, before it is compared with the row that it is for."""
    index = number_in(post.get(removal.button, ""), -1)
    removed = None if index < 0 else (removal.items, index)
    return Posted(posted_texts(field_set, post), post.get("seen", ""), removed)


def posted_texts(field_set: FieldSet, post: QueryDict) -> dict[str, str]:
    """The declared fields in a posted form, by path. Anything else is ignored."""
    paths = {html_name(field.name): field.name for field in field_set.fields if field.kind is not Kind.ITEMS}
    found = {name: paths.get(name) or _path_of_item(field_set, name) for name in post}
    return {path: _bare(post.get(name, "")) for name, path in found.items() if path}


def _path_of_item(field_set: FieldSet, name: str) -> str:
    """The path into a list of objects that a form field's name means; "" for one that leads nowhere."""
    for declared in field_set.fields:
        rest = name.removeprefix(html_name(declared.name))
        if declared.kind is not Kind.ITEMS or rest == name or not (found := _ITEM.fullmatch(rest)):
            continue
        leaf = next((item.name for item in declared.items if html_name(item.name) == found[2]), "")
        if leaf and int(found[1]) < MOST_ITEMS:
            return f"{declared.name}.{int(found[1])}.{leaf}"
    return ""


def seen_texts(posted: str, row: Draft) -> dict[str, str]:
    """What a person saw when they began to type, as their form says; otherwise what is there now."""
    try:
        seen = json.loads(posted)
    except (ValueError, RecursionError):
        seen = None
    if not isinstance(seen, dict):
        return texts_of(row)
    return {path: str(text) for path, text in seen.items() if row.field_set.field_at(path)}


def seen_after(seen: Texts, texts: Texts, edit: Edit, row: Draft) -> dict[str, str]:
    """What a page that is not reloaded shows after a save.

    That is what was saved and what the answer updated. A field that somebody else changed still shows its old text,
    in any section: if that counted as the newest, the next save would undo the change.
    """
    now = texts_of(row)
    updated = {*edit.values, *edit.typed, *edit.stale, *edit.locked}
    updated |= {path for path, text in texts.items() if _plain(text) == _plain(now.get(path, ""))}
    kept = {path: text for path, text in seen.items() if path not in updated}
    return kept | {path: now[path] for path in updated if path in now}


def unsaved(row: Draft, texts: Texts) -> list[tuple[str, str]]:
    """What was typed and isn't stored, each under its field's label, for the person to copy."""
    known = texts_of(row)
    return [
        (row.field_set.label_of(path), text)
        for path, text in texts.items()
        if text and text != known.get(path)
    ]


def nothing_follows(row: Draft, edit: Edit, texts: Texts) -> Iterator[tuple[str, Any]]:
    """What follows from what was typed, where nothing does."""
    return iter(())


def read_edit(row: DraftT, texts: Texts, seen: Texts, completed: Completed[DraftT] = nothing_follows) -> Edit:
    """Sort what was typed. A field that somebody else has since changed is stale and left as it is.

    `completed` yields the values, by path, that follow from what was typed.
    """
    now, locked = texts_of(row), row.locked_fields()
    edit = Edit({}, {}, {}, [], [])
    for path, text in texts.items():
        before, current = _plain(seen.get(path, "")), _plain(now.get(path, ""))
        if _plain(text) in (before, current):
            continue
        if path in locked:
            edit.locked.append(path)
            continue
        is_as_seen = current == before or _means(row.field_set, path, before, current)
        if not is_as_seen and not _is_unanswered(row.field_set, path, before, current):
            if not _means(row.field_set, path, text, current):
                edit.stale[path] = current
            continue
        _read(edit, row.field_set, path, text)
    for path, value in completed(row, edit, texts):
        edit.values[path] = value
        edit.filled.append(path)
    return edit


def _read(edit: Edit, field_set: FieldSet, path: str, text: str) -> None:
    field = field_set.field_at(path)
    if field is None:
        return
    try:
        edit.values[path] = field.parse(text)
    except ValidationError:
        edit.typed[path] = text.strip()


def _is_unanswered(field_set: FieldSet, path: str, before: str, current: str) -> bool:
    """Whether a "no" came where nothing was: the vendor shows one for every unanswered question."""
    field = field_set.field_at(path)
    return field is not None and field.kind is Kind.BOOLEAN and not before and current == field.type(False)


def _means(field_set: FieldSet, path: str, text: str, current: str) -> bool:
    """Whether a text only spells the current one differently: a form sent a second time is not stale."""
    field = field_set.field_at(path)
    try:
        return field is not None and field.type(field.parse(text)) == current
    except ValidationError:
        return False


def is_item_as_seen(row: Draft, list_name: str, index: int, seen: Texts) -> bool:
    """Whether an item of a row's list is the one that a person saw under this number."""
    prefix, now = f"{list_name}.{index}.", texts_of(row)
    paths = {path for path in (*now, *seen) if path.startswith(prefix)}
    return all(_plain(now.get(path, "")) == _plain(seen.get(path, "")) for path in paths)


def without_item(row: Draft, list_name: str, index: int) -> tuple[dict[str, Any], dict[str, str]]:
    """The values and invalid texts by which an item of a list goes and the later ones move up."""
    flat, texts = row.flat_draft, texts_of(row)
    inside = [path.removeprefix(f"{list_name}.") for path in texts if path.startswith(f"{list_name}.")]
    parts = [path.split(".", 1) for path in inside]
    count = max((int(number) + 1 for number, _leaf in parts), default=0)
    leaves = {leaf for _number, leaf in parts}
    moves = {
        f"{list_name}.{number}.{leaf}": f"{list_name}.{number + 1}.{leaf}"
        for number in range(index, count)
        for leaf in leaves
    }
    typed = {path: row.typed[later] for path, later in moves.items() if later in row.typed}
    return {path: flat.get(later) for path, later in moves.items()}, typed


def has_moved(row: Draft, edit: Edit) -> bool:
    """Whether a saved row's items have other numbers than were typed, since one was left empty."""
    now = row.flat_draft
    inside = {path: value for path, value in edit.values.items() if name_of(path) != path}
    return any(not same(now.get(path), value) for path, value in inside.items())


def apply_posted(row: DraftT, posted: Posted, completed: Completed[DraftT]) -> SavedEdit:
    """Put what was typed into a locked row, and remove the item whose button was pressed. Unsaved.

    The item stays if it isn't the one that the person saw under this number.
    """
    seen = seen_texts(posted.seen, row)
    edit = read_edit(row, posted.texts, seen, completed)
    is_kept = posted.removed is not None and not is_item_as_seen(row, *posted.removed, seen)
    changes = [actions.edit(row, edit.values, edit.typed)]
    if posted.removed and not is_kept:
        changes.append(actions.edit(row, *without_item(row, *posted.removed)))
    return SavedEdit(seen, edit, changes, is_kept)


def _plain(text: str) -> str:
    return _bare(text).strip()


def _bare(text: str) -> str:
    """A text as it was typed: no database holds a NUL, and browsers differ in how they end a line."""
    return text.replace("\0", "").replace("\r\n", "\n")

"""What a person typed against what they had before them: new values, texts that are none, what is stale."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalogue import communes
from catalogue.field import Kind
from mirror.merge import same
from sessions_app import fields
from sessions_app.fields import CONTACTS
from sessions_app.models import Line

Texts = Mapping[str, str]  # what stands in a form's fields, by path
MOST_SITES = 20
_SITE_FIELD = re.compile(rf"{CONTACTS}-([0-9]{{1,3}})-([a-z0-9_]+)")
PLACE = ("city", "postcode", "insee_code")


class Edit(NamedTuple):
    """`values` by path; `typed` texts that are no values; `stale`: {path: what stands there now}.

    `filled`: paths whose values we added; `locked`: paths that were typed at and can't be changed any more.
    """

    values: dict[str, Any]
    typed: dict[str, str]
    stale: dict[str, str]
    filled: list[str]
    locked: list[str]


def as_seen(texts: Texts) -> str:
    """What stands in a form, as the form itself carries it."""
    return json.dumps(texts, sort_keys=True)


def texts_of(line: Line) -> dict[str, str]:
    """What a line's form shows, by path: what was typed last, where it was no value, else the value."""
    shown = {
        path: field.type(value)
        for path, value in line.flat_draft.items()
        if (field := fields.LINE.field_at(path))
    }
    return {**shown, **line.typed}


def posted_texts(post: QueryDict) -> dict[str, str]:
    """The fields of a line in a posted form, by path. They carry the vendor's names; sites are a formset."""
    return {path: _bare(post.get(name, "")) for name in post if (path := _path_of(name))}


def _bare(text: str) -> str:
    """A text as it was typed: no database holds a NUL, and browsers differ in how they end a line."""
    return text.replace("\0", "").replace("\r\n", "\n")


def _path_of(name: str) -> str:
    """The path that a form field's name stands for; "" for what is no field of a line."""
    if found := _SITE_FIELD.fullmatch(name):
        index, leaf = int(found[1]), found[2]
        path = f"{CONTACTS}.{index}.{leaf}" if index < MOST_SITES else ""
    else:
        path = name if name != CONTACTS and "." not in name else ""
    return path if path and fields.LINE.field_at(path) else ""


def seen_texts(posted: str, line: Line) -> dict[str, str]:
    """What a person had before them when they began to type, as their form says; else what is there now."""
    try:
        seen = json.loads(posted)
    except (ValueError, RecursionError):
        seen = None
    if not isinstance(seen, dict):
        return texts_of(line)
    return {path: str(text) for path, text in seen.items() if fields.LINE.field_at(path)}


def seen_after(seen: Texts, texts: Texts, edit: Edit, line: Line) -> dict[str, str]:
    """What a page that is not loaded anew has before it after a save.

    That is what was saved and what it was told. Where somebody else changed a field it still shows what it
    did, in whatever section: taken for the newest, that would undo the change with the next save.
    """
    now = texts_of(line)
    told = {*edit.values, *edit.typed, *edit.stale, *edit.locked}
    told |= {path for path, text in texts.items() if _plain(text) == _plain(now.get(path, ""))}
    kept = {path: text for path, text in seen.items() if path not in told}
    return kept | {path: now[path] for path in told if path in now}


def read_edit(line: Line, texts: Texts, seen: Texts) -> Edit:
    """Sort what was typed. A field that somebody else changed meanwhile is stale and left as it stands."""
    now, locked = texts_of(line), line.locked_fields()
    edit = Edit({}, {}, {}, [], [])
    for path, text in texts.items():
        before, current = _plain(seen.get(path, "")), _plain(now.get(path, ""))
        if _plain(text) in (before, current):
            continue
        if path in locked:
            edit.locked.append(path)
            continue
        if current != before and not _is_unanswered(path, before, current):
            if not _means(path, text, current):
                edit.stale[path] = current
            continue
        _read(edit, path, text)
    for path, value in _completed(line, edit, texts):
        edit.values[path] = value
        edit.filled.append(path)
    return edit


def is_as_seen(line: Line, index: int, seen: Texts) -> bool:
    """Whether a line's site contact is the one that a person saw under this number."""
    prefix, now = f"{CONTACTS}.{index}.", texts_of(line)
    paths = {path for path in (*now, *seen) if path.startswith(prefix)}
    return all(_plain(now.get(path, "")) == _plain(seen.get(path, "")) for path in paths)


def without_site(line: Line, index: int) -> tuple[dict[str, Any], dict[str, str]]:
    """The values, and texts that are none, by which a line's site contact goes and the later ones move up."""
    flat, texts = line.flat_draft, texts_of(line)
    parts = [path.split(".", 2) for path in texts if path.startswith(f"{CONTACTS}.")]
    count = max((int(number) + 1 for _list, number, _leaf in parts), default=0)
    leaves = {leaf for _list, _number, leaf in parts}
    moves = {
        f"{CONTACTS}.{number}.{leaf}": f"{CONTACTS}.{number + 1}.{leaf}"
        for number in range(index, count)
        for leaf in leaves
    }
    typed = {path: line.typed[later] for path, later in moves.items() if later in line.typed}
    return {path: flat.get(later) for path, later in moves.items()}, typed


def has_moved(line: Line, edit: Edit) -> bool:
    """Whether a saved line's sites stand under other numbers than were typed: one was left empty."""
    now = line.flat_draft
    sites = {path: value for path, value in edit.values.items() if path.startswith(f"{CONTACTS}.")}
    return any(not same(now.get(path), value) for path, value in sites.items())


def _read(edit: Edit, path: str, text: str) -> None:
    field = fields.LINE.field_at(path)
    if field is None:
        return
    try:
        edit.values[path] = field.parse(text)
    except ValidationError:
        edit.typed[path] = text.strip()


def _is_unanswered(path: str, before: str, current: str) -> bool:
    """Whether a "no" came where nothing stood: the vendor shows one where nobody answered the question."""
    field = fields.LINE.field_at(path)
    return field is not None and field.kind is Kind.BOOLEAN and not before and current == field.type(False)


def _means(path: str, text: str, current: str) -> bool:
    """Whether a text only spells otherwise what stands there: a form sent a second time is not stale."""
    field = fields.LINE.field_at(path)
    try:
        return field is not None and field.type(field.parse(text)) == current
    except ValidationError:
        return False


def _completed(line: Line, edit: Edit, texts: Texts) -> Iterator[tuple[str, Any]]:
    """What follows from what was typed: the commune's other parts, the customer's name on the first site."""
    flat = line.flat_draft | edit.values
    for index in sorted({path.split(".")[1] for path in edit.values if path.startswith(f"{CONTACTS}.")}):
        paths = {name: f"{CONTACTS}.{index}.{name}" for name in PLACE}
        if not any(path in edit.values for path in paths.values()):
            continue
        known = communes.complete(*(str(flat.get(path) or "") for path in paths.values()))
        for name, value in known.items():
            if paths[name] not in edit.typed and paths[name] not in line.typed:
                yield paths[name], value
    on_site = f"{CONTACTS}.0.end_customer_name"
    if edit.values.get("end_customer_name") and not flat.get(on_site) and not texts.get(on_site):
        yield on_site, edit.values["end_customer_name"]


def _plain(text: str) -> str:
    return _bare(text).strip()

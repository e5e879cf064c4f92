"""What a person typed, against what they had before them: which values change, which texts are no values, what is stale."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.http import QueryDict

from catalogue import communes
from sessions_app import fields
from sessions_app.fields import CONTACTS
from sessions_app.models import Line

Texts = Mapping[str, str]  # what stands in a form's fields, by path
MOST_SITES = 20
_SITE_FIELD = re.compile(rf"{CONTACTS}-([0-9]{{1,3}})-([a-z0-9_]+)")
PLACE = ("city", "postcode", "insee_code")


class Edit(NamedTuple):
    """`values` by path; `typed` texts that are no values; `stale`: {path: what stands there now}; `filled`: paths we added."""

    values: dict[str, Any]
    typed: dict[str, str]
    stale: dict[str, str]
    filled: list[str]


def texts_of(line: Line) -> dict[str, str]:
    """What a line's form shows, by path: what was typed last, where it was no value, else the value."""
    shown = {
        path: field.type(value) for path, value in line.flat_draft.items() if (field := fields.field_at(path))
    }
    return {**shown, **line.typed}


def posted_texts(post: QueryDict) -> dict[str, str]:
    """The fields of a line in a posted form, by path. Fields carry the vendor's names; site contacts are a formset."""
    return {path: post.get(name, "").replace("\0", "") for name in post if (path := _path_of(name))}


def _path_of(name: str) -> str:
    """The path that a form field's name stands for; "" for what is no field of a line."""
    if found := _SITE_FIELD.fullmatch(name):
        index, leaf = int(found[1]), found[2]
        path = f"{CONTACTS}.{index}.{leaf}" if index < MOST_SITES else ""
    else:
        path = name if name != CONTACTS and "." not in name else ""
    return path if path and fields.field_at(path) else ""


def seen_texts(posted: str, line: Line) -> dict[str, str]:
    """What a person had before them when they began to type, as their form says; else what stands there now."""
    try:
        seen = json.loads(posted)
    except ValueError:
        seen = None
    if not isinstance(seen, dict):
        return texts_of(line)
    return {str(path): str(text) for path, text in seen.items()}


def read_edit(line: Line, texts: Texts, seen: Texts) -> Edit:
    """Sort what was typed. A field that somebody else changed meanwhile is stale and left as it stands."""
    now = texts_of(line)
    edit = Edit({}, {}, {}, [])
    for path, text in texts.items():
        before, current = _plain(seen.get(path, "")), _plain(now.get(path, ""))
        if _plain(text) in (before, current):
            continue
        if current != before:
            if not _means(path, text, current):
                edit.stale[path] = current
            continue
        _read(edit, path, text)
    for path, value in _completed(line, edit, texts):
        edit.values[path] = value
        edit.filled.append(path)
    return edit


def without_site(line: Line, index: int) -> dict[str, Any]:
    """The values that take a line's site contact away."""
    prefix = f"{CONTACTS}.{index}."
    return {path: None for path in texts_of(line) if path.startswith(prefix)}


def _read(edit: Edit, path: str, text: str) -> None:
    field = fields.field_at(path)
    if field is None:
        return
    try:
        edit.values[path] = field.parse(text)
    except ValidationError:
        edit.typed[path] = text.strip()


def _means(path: str, text: str, current: str) -> bool:
    """Whether a text only spells otherwise what stands there: a form sent a second time is not stale."""
    field = fields.field_at(path)
    try:
        return field is not None and field.type(field.parse(text)) == current
    except ValidationError:
        return False


def _completed(line: Line, edit: Edit, texts: Texts) -> Iterator[tuple[str, Any]]:
    """What follows from what was typed: the commune's other parts, and the customer's name on the first site."""
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
    return text.replace("\r\n", "\n").strip()

"""Merging changes: two versions of a document, field by field.

A document is a JSON object; a *flat* document maps paths to leaves: `note`, `option_ids` (a list of plain
values is one leaf) or `related_contact_information.0.city` (a list of objects is walked into). Pure
functions, no database.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple, TypeGuard

from drafts.numbers import phones

Document = dict[str, Any]
Flat = dict[str, Any]
# What changed: {path: [before, after]}.
Changes = dict[str, list[Any]]


class Merged(NamedTuple):
    """Two versions merged: `draft` flat; `conflicts` as {path: {"was", "theirs"}}."""

    draft: Flat
    conflicts: dict[str, dict[str, Any]]


def is_blank(value: Any) -> bool:
    """Whether a value says nothing: absent, null, an empty text or an empty list all mean the same."""
    return value is None or value == "" or value == [] or value == {}


def same(one: Any, other: Any) -> bool:
    """Whether two values mean the same: equal, both blank, or one phone number in two forms that are stored."""
    if one == other or (is_blank(one) and is_blank(other)):
        return True
    return isinstance(one, str) and isinstance(other, str) and phones.is_same(one, other)


def at(document: Any, path: str) -> Any:
    """The value in a document at a path of names; None where the path leads nowhere."""
    for name in path.split("."):
        document = document.get(name) if isinstance(document, Mapping) else None
    return document


def flatten(document: Mapping[str, Any]) -> Flat:
    """The document's leaves by path; blanks are left out."""
    flat: Flat = {}
    for name, value in document.items():
        if _is_objects(value):
            for index, item in enumerate(value):
                flat |= {f"{name}.{index}.{path}": leaf for path, leaf in flatten(item).items()}
        elif not is_blank(value):
            flat[name] = value
    return flat


def unflatten(flat: Mapping[str, Any]) -> Document:
    """The document of a flat one, the inverse of `flatten`. Empty items are dropped."""
    document: Document = {}
    items: dict[str, dict[int, Flat]] = {}
    for path, value in flat.items():
        if is_blank(value):
            continue
        name, index, leaf = _parts(path)
        if leaf:
            items.setdefault(name, {}).setdefault(int(index), {})[leaf] = value
        else:
            document[path] = value
    for name, numbered in items.items():
        document[name] = [unflatten(numbered[index]) for index in sorted(numbered)]
    return document


def name_of(path: str) -> str:
    """The name, within its document, of the field that a path of a flat document leads to or into."""
    return _parts(path)[0]


def _parts(path: str) -> tuple[str, str, str]:
    """(list, index, rest) of a path into a list of objects; of any other, whose name may have dots, itself."""
    name, _, rest = path.partition(".")
    index, _, leaf = rest.partition(".")
    return (name, index, leaf) if leaf and index.isdecimal() else (path, "", "")


def overlay(known: Mapping[str, Any], answer: Mapping[str, Any]) -> Document:
    """`known`, brought up to date by an answer that may leave fields out.

    A field absent from the answer is unknown, not emptied (docs/vendor-readings.md, 18). Items of a list of
    objects are merged by position; the answer's length wins.
    """
    merged = dict(known)
    for name, value in answer.items():
        earlier = known.get(name)
        if _is_objects(value) and _is_objects(earlier):
            value = [
                overlay(earlier[index] if index < len(earlier) else {}, item)
                for index, item in enumerate(value)
            ]
        merged[name] = value
    return merged


def _is_objects(value: Any) -> TypeGuard[list[Mapping[str, Any]]]:
    return isinstance(value, list) and bool(value) and all(isinstance(item, Mapping) for item in value)


def differences(one: Flat, other: Flat) -> list[str]:
    """The paths at which two flat documents differ, sorted."""
    return sorted(path for path in one.keys() | other.keys() if not same(one.get(path), other.get(path)))


def merge(draft: Flat, base: Flat, theirs: Flat) -> Merged:
    """Merge what changed there with what changed here, since both were `base`.

    Changed there only: taken. Changed here only: kept. Changed on both sides to different values: kept, and
    returned as a conflict for a person to settle.
    """
    merged = dict(draft)
    conflicts = {}
    for path in differences(base, theirs):
        if same(draft.get(path), theirs.get(path)):
            continue
        if path in draft and path not in base and theirs.get(path) is False:
            continue  # The vendor shows a "no" for every unanswered question: nobody changed it there.
        if same(draft.get(path), base.get(path)):
            merged[path] = theirs.get(path)
        else:
            conflicts[path] = {"was": base.get(path), "theirs": theirs.get(path)}
    return Merged({path: value for path, value in merged.items() if not is_blank(value)}, conflicts)

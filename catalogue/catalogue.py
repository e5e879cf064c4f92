"""Declared fields as one whole: which path leads to which field, in what order and under what names people see them.

A path is a field's name, which may have dots (`note`, `contacts.operator.contact_uuid`), or leads into a list of
objects: `<list>.<index>.<name>`, as `related_contact_information.0.city`.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalogue.field import Field, Kind, Label, normalise


@dataclass(frozen=True)
class Catalogue:
    """The fields of one kind of document, first of the form first; `groups` are their titles by name."""

    fields: tuple[Field, ...]
    groups: Mapping[str, Label]

    @cached_property
    def names(self) -> frozenset[str]:
        return frozenset(self._by_name)

    @cached_property
    def _by_name(self) -> dict[str, Field]:
        return {field.name: field for field in self.fields}

    @cached_property
    def _of_items(self) -> dict[str, dict[str, Field]]:
        lists = (field for field in self.fields if field.kind is Kind.ITEMS)
        return {field.name: {item.name: item for item in field.items} for field in lists}

    def field_at(self, path: str) -> Field | None:
        """The field that a path leads to, if it is one of ours."""
        if found := self._by_name.get(path):
            return found
        name, _index, leaf = _parts(path)
        return self._of_items.get(name, {}).get(leaf)

    def label_of(self, path: str) -> str:
        """How a person would name what a path leads to: "City (site 2)"; its own words when it is none of ours."""
        field = self.field_at(path)
        if field is None:
            return as_words(path)
        name, index, _leaf = _parts(path)
        if index > 0 and name in self._of_items:
            return str(self._by_name[name].each % {"label": field.label, "number": index + 1})
        return str(field.label)

    def group_of(self, path: str) -> str:
        """The group under which a path is filled in; that of the last field for a path that is none of ours."""
        field = self.field_at(path)
        return field.group if field else self.fields[-1].group

    def position(self, path: str) -> tuple[int, int, int]:
        """Where a path stands in the form, to sort by."""
        name, index, leaf = (path, -1, "") if path in self._by_name else _parts(path)
        outer = list(self._by_name).index(name) if name in self._by_name else len(self.fields)
        inner = list(self._of_items.get(name, {}))
        within = inner.index(leaf) if leaf in inner else len(inner)
        return (outer, max(index, 0), within if leaf else -1)

    def in_groups(self, fields: Iterable[Field]) -> Iterator[tuple[str, Label, list[Field]]]:
        """(group, its title, its fields) in the order in which people fill them in."""
        among = list(fields)
        for group, title in self.groups.items():
            yield group, title, [field for field in among if field.group == group]

    def read(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """The document with every declared field in the type that we hold; all else as it came."""
        return normalise(self.fields, document)


def as_words(path: str) -> str:
    """A path that nobody has declared, by its names as people write: "Options › grt › default value"; items from 1."""
    first, *rest = path.replace("_", " ").split(".")
    words = " › ".join([first, *(str(int(part) + 1) if _is_place(part) else part for part in rest)])
    return words[:1].upper() + words[1:]


def _is_place(part: str) -> bool:
    return part.isdecimal() and len(part) < 7


def _parts(path: str) -> tuple[str, int, str]:
    """(list, index, name) of a path into a list of objects; the index is -1 for any other path."""
    name, _sep, rest = path.partition(".")
    index, _sep, leaf = rest.partition(".")
    return (name, int(index), leaf) if leaf and index.isdecimal() else (path, -1, "")

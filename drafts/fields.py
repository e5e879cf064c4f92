"""How a field that people fill in is declared, and what follows from the declaration alone.

In order: one field, and how its values are parsed, written and shown; the parsers by kind; the fields of a document.
"""

import datetime
import enum
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import formats
from django.utils.translation import gettext as _

from drafts.numbers.pasted import compact, visible
from web.words import in_words, path_in_words

LONGEST = 4000  # in characters, for a long text

Label = Any  # a text, or a lazy translation of one


class Kind(enum.Enum):
    """What a field's value is, here and on the wire."""

    TEXT = "text"
    LONG_TEXT = "long text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    BOOLEAN = "boolean"
    DATE = "date"  # a text, "2026-11-30"
    CODES = "codes"  # a list of texts
    ITEMS = "items"  # a list of documents with fields of their own


class Need(enum.Enum):
    """By when a field has to be filled in."""

    NEVER = "never"
    CREATION = "creation"
    CONFIRMATION = "confirmation"


@dataclass(frozen=True)
class Field:
    """One field, declared once for forms, pages, readiness, payloads and the labels of differences.

    `rule` turns a typed text into the value that is meant, or raises ValidationError with a sentence. `editions`
    names the editions of the API that have the field (empty: all). `suggests` names the list that the field is
    picked from; `choices` are the values that the documentation names, with their labels: others may come. `reads` puts
    a value that is a code into words, in a form too if a `rule` takes them back. `quoted` says that a quotation locks
    it, `only_at_creation` that its creation does. Of a list of objects, `each` names a field of one after the first:
    "%(label)s (site %(number)d)".
    """

    name: str
    label: Label
    group: str
    kind: Kind = Kind.TEXT
    need: Need = Need.NEVER
    help: Label = ""
    rule: Callable[[str], Any] | None = None
    reads: Callable[[str], str] | None = None
    editions: frozenset[str] = frozenset()
    suggests: str = ""
    choices: tuple[tuple[str, Label], ...] = ()
    autocomplete: str = "off"
    quoted: bool = False
    only_at_creation: bool = False
    max_length: int = 250
    wide: bool = False
    items: tuple["Field", ...] = field(default=())
    each: Label = "%(label)s (%(number)d)"

    def exists_in(self, edition: str) -> bool:
        return not self.editions or edition in self.editions

    @property
    def blank(self) -> Any:
        """What is sent for a field that was emptied."""
        if self.kind in (Kind.CODES, Kind.ITEMS):
            return []
        return "" if self.kind in (Kind.TEXT, Kind.LONG_TEXT) else None

    def parse(self, text: str) -> Any:
        """The value that a typed text means; None for a blank text. Raises ValidationError with a sentence."""
        is_free = self.rule is None and self.kind in (Kind.TEXT, Kind.LONG_TEXT)
        text = text.strip() if is_free else visible(text)
        if not text:
            return None
        most = self.max_length if self.kind is Kind.TEXT else LONGEST
        if len(text) > most:
            raise ValidationError(
                _("This field holds up to %(most)d characters; you entered %(length)d.")
                % {"most": most, "length": len(text)}
            )
        if self.rule and self.kind is not Kind.CODES:
            return self.rule(text)
        return _PARSERS[self.kind](text, self)

    def type(self, value: Any) -> str:
        """How a value is written in a form, the inverse of `parse`."""
        if value is None or value == []:
            return ""
        if self.kind is Kind.BOOLEAN:
            return "true" if value else "false"
        if self.kind is Kind.CODES:
            return ", ".join(map(str, value))
        return self.reads(str(value)) if self.reads and self.rule else str(value)

    def show(self, value: Any) -> str:
        """How a value reads on a page."""
        if self.kind is Kind.BOOLEAN and value is not None:
            return _("yes") if value else _("no")
        if self.kind is Kind.DATE and isinstance(value, str):
            return _show_date(value)
        if self.kind is Kind.ITEMS and value:
            return str(len(value))
        if self.choices:
            return self._chosen(str(value or ""))
        return self.reads(value) if self.reads and isinstance(value, str) else self.type(value)

    def _chosen(self, value: str) -> str:
        label = dict(self.choices).get(value)
        return str(label) if label is not None else (self.reads or in_words)(value)

    def normalise(self, value: Any) -> Any:
        """The vendor's value in the type that we store; one that can't be read so is kept as it came."""
        if value is None:
            return value
        if self.kind is Kind.ITEMS:
            items = value if isinstance(value, list) else [value]
            return [normalise(self.items, item) for item in items if isinstance(item, Mapping)]
        if self.kind is Kind.CODES:
            return [str(code) for code in value] if isinstance(value, list) else [str(value)]
        if isinstance(value, bool):
            return value
        if self.kind in (Kind.INTEGER, Kind.DECIMAL):
            return _number(value, int if self.kind is Kind.INTEGER else float)
        text = value if isinstance(value, str) else str(value)
        return text[:10] if self.kind is Kind.DATE else text


def normalise(fields: Iterable[Field], document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with every declared field in the type that we store; everything else as it came."""
    declared = {f.name: f for f in fields}
    return {
        name: declared[name].normalise(value) if name in declared else value
        for name, value in document.items()
    }


def _number(value: Any, to: Callable[[Any], Any]) -> Any:
    try:
        return to(value)
    except (TypeError, ValueError):
        return value


def _show_date(value: str) -> str:
    try:
        return formats.date_format(datetime.date.fromisoformat(value[:10]), "SHORT_DATE_FORMAT")
    except ValueError:
        return value


def _text(text: str, declared: Field) -> str:
    return text


def _integer(text: str, declared: Field) -> int:
    try:
        return int(compact(text))
    except ValueError:
        raise ValidationError(_("Enter a whole number.")) from None


def _decimal(text: str, declared: Field) -> float:
    try:
        number = float(compact(text).replace(",", "."))
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ValidationError(_("Enter a number."))
    return number


def _boolean(text: str, declared: Field) -> bool:
    meaning = {"true": True, "false": False, "on": True, "yes": True, "no": False, "oui": True, "non": False}
    if text.lower() not in meaning:
        raise ValidationError(_("Answer yes or no."))
    return meaning[text.lower()]


def _date(text: str, declared: Field) -> str:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.datetime.strptime(text, pattern).date().isoformat()
        except ValueError:
            continue
    raise ValidationError(_("Enter a date such as 30/11/2026; “%(text)s” isn't one.") % {"text": text[:30]})


def _codes(text: str, declared: Field) -> list[str]:
    codes = text.replace(",", " ").replace(";", " ").split()
    return list(dict.fromkeys(declared.rule(code) if declared.rule else code for code in codes))


_PARSERS: dict[Kind, Callable[[str, Field], Any]] = {
    Kind.TEXT: _text,
    Kind.LONG_TEXT: _text,
    Kind.INTEGER: _integer,
    Kind.DECIMAL: _decimal,
    Kind.BOOLEAN: _boolean,
    Kind.DATE: _date,
    Kind.CODES: _codes,
}


@dataclass(frozen=True)
class FieldSet:
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
        """The declared field that a path leads to, if any."""
        if found := self._by_name.get(path):
            return found
        name, _index, leaf = _parts(path)
        return self._of_items.get(name, {}).get(leaf)

    def label_of(self, path: str) -> str:
        """How a person would name what a path leads to: "City (site 2)"; the path in words when it is undeclared."""
        field = self.field_at(path)
        if field is None:
            return path_in_words(path)
        name, index, _leaf = _parts(path)
        if index > 0 and name in self._of_items:
            return str(self._by_name[name].each % {"label": field.label, "number": index + 1})
        return str(field.label)

    def group_of(self, path: str) -> str:
        """The group under which a path is filled in; that of the last field for an undeclared path."""
        field = self.field_at(path)
        return field.group if field else self.fields[-1].group

    def position(self, path: str) -> tuple[int, int, int]:
        """Where a path is in the form, to sort by."""
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
        """The document with every declared field in the type that we store; everything else as it came."""
        return normalise(self.fields, document)


def _parts(path: str) -> tuple[str, int, str]:
    """(list, index, name) of a path into a list of objects; the index is -1 for any other path."""
    name, _sep, rest = path.partition(".")
    index, _sep, leaf = rest.partition(".")
    return (name, int(index), leaf) if leaf and index.isdecimal() else (path, -1, "")

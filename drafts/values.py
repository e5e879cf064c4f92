"""Values as people read them, for drafts/values.html and drafts/undeclared.html; links to call and to write to."""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.html import format_html

from drafts import formats
from drafts.fields import Field, FieldSet, Kind, Label
from drafts.merge import is_blank
from drafts.numbers import phones
from drafts.numbers.pasted import compact
from web.words import path_in_words

# A number of the world without its separators (E.164, at most fifteen digits).
_GLOBAL = re.compile(r"\+[0-9]{9,15}")


@dataclass(frozen=True)
class ValueRow:
    """A label and a value as people read them; `name` is the vendor's."""

    label: Label
    name: str
    value: str


@dataclass(frozen=True)
class Block:
    """Rows under a title."""

    title: Label
    rows: list[ValueRow]


def row_of(declared: Field, document: Mapping[str, Any]) -> ValueRow:
    """A declared field of a document as it reads."""
    return ValueRow(declared.label, declared.name, declared.show(document.get(declared.name)))


def blocks_of(
    field_set: FieldSet, document: Mapping[str, Any], titles: Mapping[str, Label]
) -> Iterator[Block]:
    """A document's filled fields in the groups of its form, each object of a list as a block of its own.

    `titles` are those of the objects, by list: "Site %(number)d".
    """
    for _group, title, declared in field_set.in_groups(field_set.fields):
        if rows := _filled([field for field in declared if field.kind is not Kind.ITEMS], document):
            yield Block(title, rows)
        for field in declared:
            for number, item in enumerate(_objects(field, document), start=1):
                yield Block(titles[field.name] % {"number": number}, _filled(field.items, item))


def _filled(declared: Iterable[Field], document: Mapping[str, Any]) -> list[ValueRow]:
    return [row_of(field, document) for field in declared if not is_blank(document.get(field.name))]


def _objects(declared: Field, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return document.get(declared.name) or [] if declared.kind is Kind.ITEMS else []


def undeclared(
    raw: Mapping[str, Any], is_known: Callable[[str], bool], *, prefix: str = ""
) -> Iterator[ValueRow]:
    """What the vendor's raw document has at undeclared paths, the path in words and the value as it came."""
    for name, value in raw.items():
        path = f"{prefix}{name}"
        if is_blank(value):
            continue
        if not is_known(path):
            yield ValueRow(
                path_in_words(path),
                path,
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
            )
        elif isinstance(value, Mapping):
            yield from undeclared(value, is_known, prefix=f"{path}.")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from undeclared(item, is_known, prefix=f"{path}.{index}.")


def phone_link(text: str) -> str:
    """A link to call a number (RFC 3966), which reads in its one form; the plain text when it isn't one.

    A number in no plan that we know can be dialled all the same.
    """
    if number := phones.dialled(text):
        return format_html('<a href="tel:{}">{}</a>', number, phones.shown(text))
    digits = re.sub(r"[.()/-]", "", compact(text))
    return format_html('<a href="tel:{}">{}</a>', digits, text) if _GLOBAL.fullmatch(digits) else text


def mail_link(text: str) -> str:
    """A link to write to an address; the plain text when it isn't one."""
    try:
        return format_html('<a href="mailto:{}">{}</a>', formats.email(text), text) if text else ""
    except ValidationError:
        return text

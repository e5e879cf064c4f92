"""Values and events as people read them, for components/values.html and components/history.html."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from catalogue.catalogue import Catalogue, as_words
from catalogue.field import Field, Kind, Label
from mirror.merge import is_blank
from mirror.models import Event

MOST_EVENTS = 100


@dataclass(frozen=True)
class Row:
    """Something told and its value as they read; `name` is the vendor's."""

    label: Label
    name: str
    value: str


@dataclass(frozen=True)
class Block:
    """Rows under a title."""

    title: Label
    rows: list[Row]


def row_of(declared: Field, document: Mapping[str, Any]) -> Row:
    """A declared field of a document as it reads."""
    return Row(declared.label, declared.name, declared.show(document.get(declared.name)))


def blocks_of(
    catalogue: Catalogue, document: Mapping[str, Any], titles: Mapping[str, Label]
) -> Iterator[Block]:
    """A document's filled fields in the groups of its form, each object of a list as a block of its own.

    `titles` are those of the objects, by list: "Site %(number)d".
    """
    for _group, title, declared in catalogue.in_groups(catalogue.fields):
        if rows := _filled([field for field in declared if field.kind is not Kind.ITEMS], document):
            yield Block(title, rows)
        for field in declared:
            for number, item in enumerate(_objects(field, document), start=1):
                yield Block(titles[field.name] % {"number": number}, _filled(field.items, item))


def _filled(declared: Iterable[Field], document: Mapping[str, Any]) -> list[Row]:
    return [row_of(field, document) for field in declared if not is_blank(document.get(field.name))]


def _objects(declared: Field, document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return document.get(declared.name) or [] if declared.kind is Kind.ITEMS else []


def also_told(told: Mapping[str, Any], is_known: Callable[[str], bool], *, prefix: str = "") -> Iterator[Row]:
    """What a vendor's document tells at paths that nobody has declared, under its own words and as it came."""
    for name, value in told.items():
        path = f"{prefix}{name}"
        if is_blank(value):
            continue
        if not is_known(path):
            yield Row(
                as_words(path),
                path,
                value if isinstance(value, str) else json.dumps(value, ensure_ascii=False),
            )
        elif isinstance(value, Mapping):
            yield from also_told(value, is_known, prefix=f"{path}.")
        elif isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, Mapping):
                    yield from also_told(item, is_known, prefix=f"{path}.{index}.")


@dataclass(frozen=True)
class Told:
    """An event as people read it; each change is the label with the values before and after."""

    at: datetime
    who: str
    what: str
    about: str
    changes: list[tuple[str, str, str]]


@dataclass(frozen=True)
class Words:
    """How an app speaks of its events.

    `verbs` says what each verb means; those in `theirs` are the vendor's doing, whoever asked for it. `label_of`
    names the path of a change, `show` writes a value that stood there.
    """

    verbs: Mapping[str, Label]
    theirs: Collection[str]
    label_of: Callable[[str], str]
    show: Callable[[Event, str, Any], str]


def history_of(subject_id: UUID, words: Words, *, target_id: UUID | None = None) -> list[Told]:
    """The newest events of a subject, or of one thing within it alone, newest first."""
    events = Event.objects.filter(subject_id=subject_id).select_related("actor").order_by("-id")
    if target_id:
        events = events.filter(target_id=target_id)
    return [_told(event, words) for event in events[:MOST_EVENTS]]


def _told(event: Event, words: Words) -> Told:
    changes = [
        (words.label_of(path), words.show(event, path, before) or "—", words.show(event, path, after) or "—")
        for path, (before, after) in event.changes.items()
    ]
    who = "Covage" if event.verb in words.theirs else str(event.actor or "Covage")
    return Told(event.at, who, str(words.verbs.get(event.verb, event.verb)), event.label, changes)

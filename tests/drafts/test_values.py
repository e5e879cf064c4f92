"""Values and events as people read them."""

import uuid
from typing import Any

import pytest

from drafts import history, values
from drafts.fields import Field, FieldSet, Kind
from drafts.history import Vocabulary, record
from drafts.models import Event
from drafts.values import Block, ValueRow
from tests.conftest import People

PARCEL = FieldSet(
    (
        Field("to.person.name", "Addressee", "way"),
        Field("is_fragile", "Fragile", "goods", kind=Kind.BOOLEAN),
        Field("goods", "Goods", "goods", kind=Kind.ITEMS, items=(Field("name", "What", "goods"),)),
        Field("note", "Note", "notes"),
    ),
    {"way": "The way", "goods": "Goods", "notes": "Notes"},
)


def _show(event: Event, path: str, value: Any) -> str:
    return f"{event.verb} {value}" if value else ""


WORDS = Vocabulary({"sent": "sent the parcel"}, {"lost"}, str.upper, _show)
SUBJECT, PART = uuid.uuid4(), uuid.uuid4()


def test_filled_fields_are_shown_in_their_groups_and_each_object_on_its_own() -> None:
    document = {
        "to.person.name": "Ada",
        "is_fragile": False,
        "goods": [{"name": "Ink"}, {"name": "Glue"}],
        "note": "",
    }
    assert list(values.blocks_of(PARCEL, document, {"goods": "Good %(number)d"})) == [
        Block("The way", [ValueRow("Addressee", "to.person.name", "Ada")]),
        Block("Goods", [ValueRow("Fragile", "is_fragile", "no")]),
        Block("Good 1", [ValueRow("What", "name", "Ink")]),
        Block("Good 2", [ValueRow("What", "name", "Glue")]),
    ]


@pytest.mark.django_db
def test_events_are_shown_in_the_words_of_an_app_the_newest_first(people: People) -> None:
    record("sent", SUBJECT, actor=people.sales, label="A parcel", changes={"note": ["", "b"]})
    record("lost", SUBJECT, actor=people.sales)
    record("never-heard-of", SUBJECT)
    found = history.history_of(SUBJECT, WORDS)
    assert [(one.who, one.what, one.about) for one in found] == [
        ("Covage", "never-heard-of", ""),
        ("Covage", "lost", ""),
        (str(people.sales), "sent the parcel", "A parcel"),
    ]
    assert found[2].changes == [("NOTE", "—", "sent b")]


@pytest.mark.django_db
def test_the_events_of_one_part_are_shown_alone_and_the_newest_hundred_at_most() -> None:
    record("sent", SUBJECT, target_id=PART, label="the part")
    for _ in range(history.MOST_EVENTS + 1):
        record("sent", SUBJECT)
    assert [one.about for one in history.history_of(SUBJECT, WORDS, target_id=PART)] == ["the part"]
    assert len(history.history_of(SUBJECT, WORDS)) == history.MOST_EVENTS

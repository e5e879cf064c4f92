"""The history of a draft: who did what to it, and when."""

import uuid
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone
from time_machine import TimeMachineFixture

from drafts.history import record
from drafts.models import Event
from tests.conftest import People

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_an_event_says_who_did_what_to_which(people: People, noon: TimeMachineFixture) -> None:
    cart, line = uuid.uuid4(), uuid.uuid4()
    changes: dict[str, list[Any]] = {"note": [None, "by the door"], "vlan_reference": [1, 2]}
    record("line-edited", cart, target_id=line, actor=people.sales, label="L" * 300, changes=changes)
    event = Event.objects.get()
    assert (event.verb, event.subject_id, event.target_id, event.actor) == (
        "line-edited",
        cart,
        line,
        people.sales,
    )
    assert (event.label, event.changes, event.at) == ("L" * 200, changes, timezone.now())
    assert str(event).startswith("line-edited L")


@pytest.mark.parametrize("nobody", [None, AnonymousUser()])
def test_nobody_here_did_it(nobody: AnonymousUser | None) -> None:
    cart = uuid.uuid4()
    event = record("changed-upstream", cart, actor=nobody)
    assert (event.actor, event.target_id, event.changes) == (None, cart, {})


def test_an_event_is_part_of_its_change() -> None:
    with transaction.atomic():
        record("edited", uuid.uuid4())
        transaction.set_rollback(True)
    assert not Event.objects.exists()


def test_the_history_outlives_the_people_in_it(people: People) -> None:
    event = record("edited", uuid.uuid4(), actor=people.sales)
    people.sales.delete()
    event.refresh_from_db()
    assert event.actor is None

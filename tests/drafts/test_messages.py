"""What is said after a save."""

import uuid

import pytest
from django.contrib.messages import get_messages
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpRequest
from django.test import RequestFactory

from drafts.editing import Edit
from drafts.pages import say_locked, say_saved
from outbox.models import Operation
from tests.drafts.parcels import PARCEL

SUBJECT = uuid.uuid4()
State = Operation.State


@pytest.fixture
def request_(rf: RequestFactory) -> HttpRequest:
    request = rf.post("/")
    request.session = {}  # type: ignore[assignment]
    request._messages = FallbackStorage(request)  # type: ignore[attr-defined]
    return request


def said(request: HttpRequest) -> list[tuple[str, str]]:
    return [(message.level_tag, str(message)) for message in get_messages(request)]


def an_operation(state: State, *, dismissed: bool = False) -> None:
    Operation.objects.create(
        kind="save-line", subject_id=SUBJECT, target_id=SUBJECT, state=state, dismissed=dismissed
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("states", "level", "more"),
    [
        ([], "success", ""),
        ([State.SUCCEEDED], "success", ""),
        ([State.WAITING], "info", " It's saved here and will go to Covage as soon as they respond."),
        ([State.REFUSED], "warning", " Covage refused it: see the messages at the fields."),
        ([State.REFUSED, State.SUCCEEDED], "success", ""),
    ],
)
def test_it_says_whether_covage_has_it(
    request_: HttpRequest, states: list[State], level: str, more: str
) -> None:
    for state in states:
        an_operation(state)
    say_saved(request_, SUBJECT, "Saved.")
    assert said(request_) == [(level, f"Saved.{more}")]


@pytest.mark.django_db
def test_a_dismissed_refusal_and_the_operations_of_others_are_not_mentioned(request_: HttpRequest) -> None:
    an_operation(State.REFUSED, dismissed=True)
    say_saved(request_, SUBJECT, "Saved.")
    an_operation(State.WAITING)
    say_saved(request_, uuid.uuid4(), "Saved.")
    assert said(request_) == [("success", "Saved.")] * 2


def test_what_could_not_be_changed_any_more_is_named(request_: HttpRequest) -> None:
    say_locked(request_, PARCEL, Edit({}, {}, {}, [], []))
    say_locked(request_, PARCEL, Edit({}, {}, {}, [], ["kind", "goods.1.name"]))
    message = "Covage only accepts these at creation, so they haven't changed: Kind, What (good 2)."
    assert said(request_) == [("warning", message)]

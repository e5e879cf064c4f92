"""A list page of things and its subjects, for tests of saved views, watches, changes and notices."""

import uuid
from typing import Any
from uuid import UUID

import pytest
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User
from lists import registered_pages
from lists.models import SavedView
from lists.registered_pages import ListPage
from notifications.changes.recording import Changed, record_changes
from notifications.models import Change, Notice, Watch, customer_key
from notifications.subjects import Subject

PAGE = "things"
CUSTOMER = "Boulangerie Martin"


def shows(query: QueryDict, user: User, subjects: set[UUID]) -> set[UUID]:
    """Returns what the page shows: everything, the one named by `only`, or what is for this user alone."""
    if "only" in query:
        return {UUID(query["only"])}
    if "user" in query:
        return subjects if query["user"] == user.username else set()
    return subjects


THINGS = ListPage(
    PAGE,
    "Things",
    "notifications:notices",
    shows,
    label_of=lambda path: {"state": "State"}.get(path, path),
    value=lambda path, value: f"{value}".upper(),
)


@pytest.fixture(autouse=True)
def things(monkeypatch: pytest.MonkeyPatch) -> None:
    """The page of things is registered beside those of the apps, for the test's time."""
    monkeypatch.setattr(registered_pages, "PAGES", registered_pages.PAGES | {PAGE: THINGS})


def a_subject(label: str = "CMD_X_1", customer: str = CUSTOMER) -> Subject:
    return Subject(uuid.uuid4(), label, f"/orders/{label}/", customer)


def what_changed(subject: Subject, **changes: list[Any]) -> Changed:
    changes = changes or {"state": ["in_progress", "active"]}
    return Changed(PAGE, subject.id, subject.label, subject.url, subject.customer, changes)


def change(*subjects: Subject) -> None:
    """Record that each of the subjects changed just now."""
    record_changes([what_changed(subject) for subject in subjects], timezone.now())


def watch(
    user: User, subject: Subject | None = None, customer: str = "", view: SavedView | None = None
) -> Watch:
    return Watch.objects.create(
        user=user,
        subject_id=subject.id if subject else None,
        label=subject.label if subject else "",
        url=subject.url if subject else "",
        customer=customer,
        customer_key=customer_key(customer),
        view=view,
    )


def a_view(owner: User, query: str = "", name: str = "Mine", **columns: Any) -> SavedView:
    return SavedView.objects.create(owner=owner, page=PAGE, name=name, query=query, **columns)


def a_notice(user: User, label: str = "CMD_X_1", **columns: Any) -> Notice:
    """A notice for the person about a change of an order of this name."""
    changed = Change.objects.create(
        page=PAGE,
        subject_id=uuid.uuid4(),
        label=label,
        url=f"/orders/{label}/",
        customer=CUSTOMER,
        at=timezone.now(),
        changes={"state": ["in_progress", "active"]},
        notified_at=timezone.now(),
    )
    return Notice.objects.create(user=user, change=changed, **columns)


def notified_of(user: User) -> list[str]:
    """Returns the labels of what a person is notified of, oldest first."""
    return list(Notice.objects.filter(user=user).order_by("id").values_list("change__label", flat=True))

"""Watching a subject, an end customer or a saved view."""

from collections.abc import Iterable

from accounts.models import User
from lists.models import SavedView
from notifications.models import Watch, customer_key
from notifications.subjects import Subject


def watch_subjects(user: User, subjects: Iterable[Subject]) -> None:
    """Let a person watch subjects, one or many, in one statement; existing watches stay."""
    Watch.objects.bulk_create(
        [Watch(user=user, subject_id=s.id, label=s.label[:250], url=s.url[:500]) for s in subjects],
        ignore_conflicts=True,
    )


def watch_customer(user: User, customer: str) -> None:
    """Let a person watch everything of an end customer, whose name must not be blank."""
    name = " ".join(customer.split())[:250]
    Watch.objects.bulk_create(
        [Watch(user=user, customer=name, customer_key=customer_key(name))], ignore_conflicts=True
    )


def watch_view(user: User, view: SavedView) -> None:
    """Let a person watch what a saved view that they see shows."""
    Watch.objects.bulk_create([Watch(user=user, view=view)], ignore_conflicts=True)

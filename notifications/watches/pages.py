"""What pages show of watches on a subject, on an end customer and on saved views."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from accounts.models import User
from notifications.models import Watch, customer_key
from notifications.subjects import Subject

if TYPE_CHECKING:
    from notifications.querysets import WatchQuerySet


@dataclass(frozen=True)
class Watching:
    """What `notifications/watches/watch.html` shows: the person's own watches on a subject and its end customer."""

    token: str
    customer: str
    subject_watch: Watch | None
    customer_watch: Watch | None
    watchers: Sequence[User]


def watch_context(user: User, subject: Subject) -> dict[str, Any]:
    """Returns the context of `notifications/watches/watch.html` on a subject's page. Two queries."""
    key = customer_key(subject.customer)
    mine = list(user.watches.filter(_watches_on(subject.id, key)))
    by_customer = next((watch for watch in mine if watch.customer_key), None)
    by_subject = next((watch for watch in mine if not watch.customer_key), None)
    watchers = list(User.objects.filter(is_active=True, watches__subject_id=subject.id).order_by("pk"))
    watching = Watching(subject.token(user), subject.customer, by_subject, by_customer, watchers)
    return {"watching": watching}


def _watches_on(subject_id: UUID, key: str) -> Q:
    on_subject = Q(subject_id=subject_id)
    return on_subject | Q(customer_key=key) if key else on_subject


def watches_of(user: User) -> "WatchQuerySet":
    """Returns a person's watches, with their views."""
    return Watch.objects.filter(user=user).permitted().select_related("view")

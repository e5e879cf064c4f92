"""Recording what changed and who looked. Apps call it within the transactions of their syncs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.utils import timezone

from notifications.models import Change, Notice, Seen, Unread, Watch

if TYPE_CHECKING:
    from accounts.models import User


@dataclass(frozen=True)
class Changed:
    """A subject that changed in a sync. `changes` maps paths to [before, after]; empty for one that is new."""

    page: str
    subject_id: UUID
    label: str
    url: str
    customer: str = ""
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def record_changes(changes: Sequence[Changed], at: datetime) -> None:
    """Record what changed, in the caller's transaction, and for whom it is unread now.

    It is unread for the people who looked at a subject before, or watch it. The number of statements depends neither
    on the number of people nor, apart from the database's limit for one statement, on the number of changes.
    """
    if not changes:
        return
    Change.objects.bulk_create([_row(one, at) for one in changes])
    _mark_unread({one.subject_id for one in changes}, at)


def _row(one: Changed, at: datetime) -> Change:
    return Change(
        page=one.page,
        subject_id=one.subject_id,
        label=one.label[:250],
        url=one.url[:500],
        customer=one.customer[:250],
        at=at,
        changes={path: list(pair) for path, pair in one.changes.items()},
    )


def _mark_unread(subjects: set[UUID], at: datetime) -> None:
    """Mark subjects as unread by one INSERT … SELECT, in key order so that two of them can't deadlock."""
    looked = Seen.objects.filter(subject_id__in=subjects).values_list("user_id", "subject_id")
    watch = Watch.objects.filter(subject_id__in=subjects).values_list("user_id", "subject_id")
    sql, params = looked.union(watch).order_by("user_id", "subject_id").query.sql_with_params()
    since = Unread._meta.get_field("since").get_db_prep_save(at, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO notifications_unread (user_id, subject_id, since) "
            f"SELECT reader.user_id, reader.subject_id, %s FROM ({sql}) reader WHERE true "
            "ON CONFLICT (user_id, subject_id) DO NOTHING",
            [since, *params],
        )


def mark_looked_at(user: "User", subject_id: UUID) -> datetime | None:
    """Record that a person looks at a subject now, so that nothing about it is unread for them any more.

    Returns when they looked before; None for never.
    """
    with transaction.atomic():
        before = Seen.objects.filter(user=user, subject_id=subject_id).values_list("at", flat=True).first()
        Seen.objects.bulk_create(
            [Seen(user=user, subject_id=subject_id, at=timezone.now())],
            update_conflicts=True,
            unique_fields=["user", "subject_id"],
            update_fields=["at"],
        )
        Unread.objects.filter(user=user, subject_id=subject_id).delete()
        Notice.objects.unread().filter(user=user, change__subject_id=subject_id).update(is_unread=False)
    return before

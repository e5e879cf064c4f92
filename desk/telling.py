"""What changed, and who looked: the desk's ear. Apps call it within the transactions of their syncs."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from desk import mailing
from desk.models import Change, Mailing, Notice, Seen, Unread, Watch
from desk.watching import watchers_of
from mirror.leases import Taken, lease

if TYPE_CHECKING:
    from accounts.models import User

BATCH = 500
KEPT = timedelta(days=180)
LEASE_SECONDS = 300


@dataclass(frozen=True)
class Changed:
    """A subject that a sync saw change. `changes` maps paths to [before, after]; empty for one that is new."""

    page: str
    subject_id: UUID
    label: str
    url: str
    customer: str = ""
    changes: Mapping[str, Sequence[Any]] = field(default_factory=dict)


def changed(changes: Sequence[Changed], at: datetime) -> None:
    """Note what changed, in the caller's transaction, and for whom it is unread now.

    It is unread for whoever looked at a subject before, or watches it. The number of statements depends on
    neither the number of people nor, but for what the database can take at once, the number of changes.
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
    """One INSERT … SELECT, in the order of its key so that two of them can't wait for each other."""
    looked = Seen.objects.filter(subject_id__in=subjects).values_list("user_id", "subject_id")
    watch = Watch.objects.filter(subject_id__in=subjects).values_list("user_id", "subject_id")
    sql, params = looked.union(watch).order_by("user_id", "subject_id").query.sql_with_params()
    since = Unread._meta.get_field("since").get_db_prep_save(at, connection)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO desk_unread (user_id, subject_id, since) "
            f"SELECT told.user_id, told.subject_id, %s FROM ({sql}) told WHERE true "
            "ON CONFLICT (user_id, subject_id) DO NOTHING",
            [since, *params],
        )


def looked_at(user: "User", subject_id: UUID) -> datetime | None:
    """Note that a person looks at a subject now: nothing about it is unread for them any more.

    Answers when they looked before; None for never.
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


def tell() -> None:
    """Tell watchers of what changed since the last time, and mail those who want to know at once.

    When another worker is at it, nothing is left to do.
    """
    with suppress(Taken), lease("tell", LEASE_SECONDS) as held:
        while _tell_some():
            held.keep()
        mailing.send_at_once(held)


def _tell_some() -> bool:
    """Turn the oldest changes that nobody was told of into notices. Answers whether there were any."""
    changes = list(Change.objects.filter(told_at=None).order_by("id")[:BATCH])
    told, now = watchers_of(changes), timezone.now()
    with transaction.atomic():
        people = [Mailing(user_id=user, since=now) for user in sorted({user for user, _change in told})]
        Mailing.objects.bulk_create(people, ignore_conflicts=True)
        notices = [Notice(user_id=user, change_id=change, at=now) for user, change in sorted(told)]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        Change.objects.filter(pk__in=[change.pk for change in changes]).update(told_at=now)
    return bool(changes)


def forget() -> None:
    """Delete the notices that were read and the changes that nobody has yet to read about, once they are old."""
    before = timezone.now() - KEPT
    Notice.objects.filter(at__lt=before, is_unread=False).delete()
    old = Change.objects.filter(told_at__lt=before).exclude(
        Exists(Notice.objects.filter(change=OuterRef("pk")))
    )
    while some := list(old.values_list("pk", flat=True)[:BATCH]):
        Change.objects.filter(pk__in=some).delete()

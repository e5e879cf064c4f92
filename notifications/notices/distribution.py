"""Turning recorded changes into notices for their watchers, and deleting old ones."""

from contextlib import suppress
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from notifications.models import Change, Mailing, Notice
from notifications.notices import mail
from notifications.watches.matching import watchers_of
from sync.leases import Taken, lease

BATCH = 500  # changes
KEPT = timedelta(days=180)
LEASE_SECONDS = 300


def notify_watchers() -> None:
    """Notify watchers of what changed since the last time, and mail those who want to know at once.

    Does nothing when another worker is doing this.
    """
    with suppress(Taken), lease("notify", LEASE_SECONDS) as notify_lease:
        while _notify_of_batch():
            notify_lease.keep()
        mail.send_at_once(notify_lease)


def _notify_of_batch() -> bool:
    """Turn the oldest changes that nobody was notified of into notices. Returns whether there were any."""
    changes = list(Change.objects.filter(notified_at=None).order_by("id")[:BATCH])
    recipients, now = watchers_of(changes), timezone.now()
    with transaction.atomic():
        people = [Mailing(user_id=user, since=now) for user in sorted({user for user, _change in recipients})]
        Mailing.objects.bulk_create(people, ignore_conflicts=True)
        notices = [Notice(user_id=user, change_id=change, at=now) for user, change in sorted(recipients)]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        Change.objects.filter(pk__in=[change.pk for change in changes]).update(notified_at=now)
    return bool(changes)


def forget() -> None:
    """Delete old notices that were read, and old changes without any notice left."""
    before = timezone.now() - KEPT
    Notice.objects.filter(at__lt=before, is_unread=False).delete()
    old = Change.objects.filter(notified_at__lt=before).exclude(
        Exists(Notice.objects.filter(change=OuterRef("pk")))
    )
    while batch := list(old.values_list("pk", flat=True)[:BATCH]):
        Change.objects.filter(pk__in=batch).delete()

"""What changed, and who looked: the desk's ear. Apps call it within the transactions of their syncs."""

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from notifications.models import Change, Mailing, Notice
from notifications.notices import mail
from notifications.watches.matching import watchers_of
from sync.leases import Taken, lease

if TYPE_CHECKING:
    pass


BATCH = 500

KEPT = timedelta(days=180)

LEASE_SECONDS = 300


def notify_watchers() -> None:
    """Tell watchers of what changed since the last time, and mail those who want to know at once.

    When another worker is at it, nothing is left to do.
    """
    with suppress(Taken), lease("notify", LEASE_SECONDS) as held:
        while _tell_some():
            held.keep()
        mail.send_at_once(held)


def _tell_some() -> bool:
    """Turn the oldest changes that nobody was told of into notices. Answers whether there were any."""
    changes = list(Change.objects.filter(notified_at=None).order_by("id")[:BATCH])
    told, now = watchers_of(changes), timezone.now()
    with transaction.atomic():
        people = [Mailing(user_id=user, since=now) for user in sorted({user for user, _change in told})]
        Mailing.objects.bulk_create(people, ignore_conflicts=True)
        notices = [Notice(user_id=user, change_id=change, at=now) for user, change in sorted(told)]
        Notice.objects.bulk_create(notices, ignore_conflicts=True)
        Change.objects.filter(pk__in=[change.pk for change in changes]).update(notified_at=now)
    return bool(changes)


def forget() -> None:
    """Delete the notices that were read and the changes that nobody has yet to read about, once they are old."""
    before = timezone.now() - KEPT
    Notice.objects.filter(at__lt=before, is_unread=False).delete()
    old = Change.objects.filter(notified_at__lt=before).exclude(
        Exists(Notice.objects.filter(change=OuterRef("pk")))
    )
    while some := list(old.values_list("pk", flat=True)[:BATCH]):
        Change.objects.filter(pk__in=some).delete()

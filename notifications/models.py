"""What people keep beside mirrored rows: what they saw, notes, watches, changes, notices, mail and calendars.

A `subject_id` is the permanent UUID of a mirrored row (an order). The rows themselves are in the apps above, which
this package doesn't import; it stores their label, address and end customer where it needs them.
"""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lists.models import SavedView
from notifications.querysets import NoteQuerySet, NoticeQuerySet, WatchQuerySet


def customer_key(name: str) -> str:
    """Returns an end customer's name as names are compared: without regard to case and blanks."""
    return " ".join(name.split()).casefold()[:250]


class Seen(models.Model):
    """When a person last looked at a subject."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    subject_id = models.UUIDField(db_index=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "subject_id"], name="seen_subject")]

    def __str__(self) -> str:
        return str(self.subject_id)


class Unread(models.Model):
    """A subject that changed since a person last looked at it, or that they watch and never looked at."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    subject_id = models.UUIDField(db_index=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "subject_id"], name="unread_subject")]

    def __str__(self) -> str:
        return str(self.subject_id)


class Note(models.Model):
    """What someone wrote about a subject, for every user of Carnet; never sent to the vendor."""

    subject_id = models.UUIDField()
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="notes")
    text = models.TextField(_("note"))
    created_at = models.DateTimeField(default=timezone.now)
    edited_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject_id", "-id"], name="note_subject")]

    def __str__(self) -> str:
        return self.text[:40]


class Watch(models.Model):
    """What a person is notified about: one subject, all of an end customer, or what a saved view shows."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="watches")
    subject_id = models.UUIDField(null=True)
    customer = models.CharField(max_length=250, blank=True)
    customer_key = models.CharField(max_length=250, blank=True)
    view = models.ForeignKey(SavedView, models.CASCADE, null=True, related_name="watches")
    label = models.CharField(max_length=250, blank=True)
    url = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = WatchQuerySet.as_manager()

    class Meta:
        constraints = [
            # Nulls count as different from each other; the leading column serves the look-up of watchers.
            models.UniqueConstraint(fields=["subject_id", "user"], name="watch_subject"),
            models.UniqueConstraint(fields=["view", "user"], name="watch_view"),
            models.UniqueConstraint(
                fields=["customer_key", "user"], name="watch_customer", condition=~Q(customer_key="")
            ),
        ]

    def __str__(self) -> str:
        return self.label or self.customer


class Change(models.Model):
    """What changed on a subject in a sync. `changes` maps paths to [before, after]."""

    page = models.CharField(max_length=40)
    subject_id = models.UUIDField()
    label = models.CharField(max_length=250)
    url = models.CharField(max_length=500)
    customer = models.CharField(max_length=250, blank=True)
    at = models.DateTimeField()
    changes: "models.JSONField[Any, Any]" = models.JSONField(default=dict)
    notified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "-id"], name="change_subject"),
            models.Index(fields=["id"], name="change_untold", condition=Q(notified_at=None)),
            models.Index(fields=["notified_at"], name="change_told"),
        ]

    def __str__(self) -> str:
        return self.label


class Notice(models.Model):
    """A change that a person is notified of: in the portal until they read it, and by mail if they want that."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="notices")
    change = models.ForeignKey(Change, models.CASCADE, related_name="notices")
    at = models.DateTimeField(default=timezone.now)
    is_unread = models.BooleanField(default=True)
    mailed_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "change"], name="notice_change")]
        indexes = [
            models.Index(fields=["user", "-is_unread", "-id"], name="notice_unread_first"),
            models.Index(
                fields=["user", "at"], name="notice_unmailed", condition=Q(is_unread=True, mailed_at=None)
            ),
            models.Index(fields=["at"], name="notice_age"),
        ]

    def __str__(self) -> str:
        return str(self.change)


class Mailing(models.Model):
    """When a person is sent mail about their notices."""

    class Choice(models.TextChoices):
        NONE = "none", _("No emails: I read notices in Carnet")
        IMMEDIATE = "immediate", _("Immediately, for every change")
        DAILY = "daily", _("Once a day, if anything changed")

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="mailing"
    )
    choice = models.CharField(_("email"), max_length=10, choices=Choice, default=Choice.DAILY)
    # Notices from before the person asked for mail are never mailed.
    since = models.DateTimeField(default=timezone.now)
    # The local day of the latest digest.
    digest_on = models.DateField(null=True)

    def __str__(self) -> str:
        return self.choice


class Feed(models.Model):
    """A person's private calendar address. Only the hash of its secret is stored."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True, related_name="feed"
    )
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return str(self.user)

"""Who sees which notes, watches and notices."""

from typing import TYPE_CHECKING
from uuid import UUID

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from accounts.models import Team, User
from accounts.roles import ROLES

if TYPE_CHECKING:
    from notifications.models import Note, Notice, Watch  # noqa: F401


def readers() -> models.QuerySet[User]:
    """Returns the people who may read notices: with an active account and a role."""
    in_role = Group.objects.filter(user=OuterRef("pk"), name__in=ROLES)
    return User.objects.filter(Q(is_superuser=True) | Exists(in_role), is_active=True)


class NoteQuerySet(models.QuerySet["Note"]):
    def of(self, subject_id: UUID) -> "NoteQuerySet":
        """The notes about a subject, newest first."""
        return self.filter(subject_id=subject_id).select_related("author").order_by("-id")


class WatchQuerySet(models.QuerySet["Watch"]):
    def of_readers(self) -> "WatchQuerySet":
        return self.filter(user__in=readers())

    def permitted(self) -> "WatchQuerySet":
        """Leaves out watches on a view that its owner no longer shares with the watcher."""
        team = Team.objects.filter(pk=OuterRef("view__team"), members=OuterRef("user"))
        return self.filter(Q(view=None) | Q(view__owner=F("user")) | Exists(team))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(is_unread=True)

    def to_mail(self) -> "NoticeQuerySet":
        """Notices that were neither read here nor mailed yet."""
        return self.unread().filter(mailed_at=None)

"""Who sees which of what is kept on the desk."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

if TYPE_CHECKING:
    from accounts.models import User
    from desk.models import Notice, SavedView, Watch  # noqa: F401


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: "User") -> "SavedViewQuerySet":
        """A person's own views, and those shared with one of their teams."""
        return self.filter(Q(owner=user) | Q(team__in=user.teams.values("pk")))


class WatchQuerySet(models.QuerySet["Watch"]):
    def live(self) -> "WatchQuerySet":
        """Without watches of a view that its owner doesn't share with the person any more."""
        still_shared = Q(view__owner=models.F("user")) | Q(view__team__members=models.F("user"))
        return self.filter(Q(view=None) | Q(pk__in=self.filter(still_shared).values("pk")))


class NoticeQuerySet(models.QuerySet["Notice"]):
    def unread(self) -> "NoticeQuerySet":
        return self.filter(is_unread=True)

"""Who sees which saved view."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, FilteredRelation, Q

from accounts.models import User

if TYPE_CHECKING:
    from lists.models import SavedView  # noqa: F401


class SavedViewQuerySet(models.QuerySet["SavedView"]):
    def visible_to(self, user: User) -> "SavedViewQuerySet":
        """A person's own views, and those shared with one of their teams."""
        return self.filter(Q(owner=user) | Q(team__in=user.teams.values("pk")))

    def with_watch_of(self, user: User) -> "SavedViewQuerySet":
        """Adds `watch_id`, the person's watch on the view; None without one."""
        mine = FilteredRelation("watches", condition=Q(watches__user=user))
        return self.annotate(mine=mine, watch_id=F("mine__pk"))

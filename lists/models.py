"""What people keep for list pages: saved views, and the columns they chose."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lists.querysets import SavedViewQuerySet


class SavedView(models.Model):
    """A list page's query under a name, for its owner and for the team that the owner shares it with."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    page = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    query = models.TextField(blank=True)
    team = models.ForeignKey(
        "accounts.Team", models.SET_NULL, null=True, blank=True, related_name="saved_views"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="savedview_name")]
        indexes = [models.Index(fields=["team", "page"], name="savedview_team")]

    def __str__(self) -> str:
        return self.name


class Columns(models.Model):
    """The columns that a person chose for a list page; it shows them in the order in which it declares them."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, db_index=False, related_name="+")
    page = models.CharField(max_length=40)
    names = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "page"], name="columns_page")]

    def __str__(self) -> str:
        return self.page

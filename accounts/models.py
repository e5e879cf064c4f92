"""People, their teams, and what they choose for themselves: language, theme, and whether Covage's names are shown."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMINISTRATOR


class Theme(models.TextChoices):
    AUTO = "auto", _("Auto")
    LIGHT = "light", _("Light")
    DARK = "dark", _("Dark")


class Language(models.TextChoices):
    BROWSER = "", _("Same as the browser")
    FRENCH = "fr", "Français"
    ENGLISH = "en", "English"


class User(AbstractUser):
    """Someone who signs in. Roles are the names of the groups that the person is in."""

    language = models.CharField(
        _("language"), max_length=2, blank=True, default=Language.BROWSER, choices=Language.choices
    )
    theme = models.CharField(_("theme"), max_length=5, default=Theme.AUTO, choices=Theme.choices)
    shows_field_names = models.BooleanField(_("show Covage's field names"), default=False)

    def __str__(self) -> str:
        return self.get_full_name() or self.get_username()

    @cached_property
    def roles(self) -> frozenset[str]:
        """The person's roles, read once per request. A superuser is an administrator."""
        names = set(self.groups.values_list("name", flat=True))
        if self.is_superuser:
            names.add(ADMINISTRATOR)
        return frozenset(names)

    @cached_property
    def team_ids(self) -> list[int]:
        """The teams that the person is in, read once per request."""
        return list(self.teams.values_list("pk", flat=True))

    def has_role(self, *roles: str) -> bool:
        """Whether the person has one of `roles`. Administrators have every role."""
        return bool(self.roles & {*roles, ADMINISTRATOR})


class Team(models.Model):
    """People who share their carts."""

    name = models.CharField(_("name"), max_length=100, unique=True)
    members = models.ManyToManyField(User, related_name="teams", blank=True, verbose_name=_("members"))

    class Meta:
        ordering = ("name",)
        verbose_name = _("team")
        verbose_name_plural = _("teams")

    def __str__(self) -> str:
        return self.name

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CarnetAdminConfig(AdminConfig):
    """Django's administration with our own sign-in."""

    default_site = "accounts.admin_site.CarnetAdminSite"


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("People and teams")

    def ready(self) -> None:
        from accounts.roles import create_groups

        post_migrate.connect(create_groups, sender=self, dispatch_uid="accounts.create_groups")

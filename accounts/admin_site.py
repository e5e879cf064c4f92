"""The administration pages under /admin/: for administrators, signed in like everywhere else."""

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMINISTRATOR


class CarnetAdminSite(AdminSite):
    site_title = site_header = "Carnet"
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.is_active and request.user.has_role(ADMINISTRATOR)

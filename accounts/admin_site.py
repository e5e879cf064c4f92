"""The administration pages under /admin/: for administrators, signed in like everywhere else."""

from typing import Any

from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from accounts.roles import ADMINISTRATOR


class CarnetAdminSite(AdminSite):
    site_title = site_header = "Carnet"
    index_title = _("Administration")

    def has_permission(self, request: HttpRequest) -> bool:
        return request.user.is_authenticated and request.user.has_role(ADMINISTRATOR)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Redirect to the portal's own sign-in, which has second factors and rate limits.

        Raises PermissionDenied for someone signed in who isn't an administrator.
        """
        if request.user.is_authenticated:
            raise PermissionDenied(_("Only administrators can use the administration pages."))
        target = request.GET.get("next") or reverse("admin:index")
        return redirect(f"{reverse('account_login')}?{urlencode({'next': target})}")

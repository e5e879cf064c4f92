"""allauth's adapters: nobody can create an account for themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from web.mail import WRITTEN_BY_A_PROGRAM


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    # In the words of the form's own labels.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The username or the password is wrong.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """As allauth writes it, marked as written by a program."""
        headers = WRITTEN_BY_A_PROGRAM | (headers or {})
        message: EmailMessage = super().render_mail(template_prefix, email, context, headers)
        return message


class SingleSignOnAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]
    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

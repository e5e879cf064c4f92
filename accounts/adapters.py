"""allauth's adapters: nobody can create an account for themselves."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from web.mail import WRITTEN_BY_A_PROGRAM


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    # In the words of the form's own labels.
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": _("The username or the password is wrong.")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def pre_login(
        self, request: HttpRequest, user: User, *, signal_kwargs: dict[str, Any] | None, **options: Any
    ) -> HttpResponse | None:
        """As allauth does it. Raises PermissionDenied for a superuser who comes by single sign-on.

        The people who run the provider aren't those who run the portal.
        """
        if user.is_superuser and "sociallogin" in (signal_kwargs or {}):
            raise PermissionDenied(
                _(
                    "This account isn't opened by single sign-on: sign in with its password. Nothing was changed."
                )
            )
        response: HttpResponse | None = super().pre_login(
            request, user, signal_kwargs=signal_kwargs, **options
        )
        return response

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
    """Single sign-on opens the account of a person whom an administrator entered, by their e-mail address."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def authenticate_by_email(self, sociallogin: SocialLogin) -> tuple[User, str] | None:
        """Returns the person and the address by which the provider names them; None when it doesn't vouch for it.

        `email_verified` is a boolean (OpenID Connect Core 1.0, 5.1): any other value vouches for nothing.
        """
        for address in sociallogin.email_addresses:
            address.verified = address.verified is True
        found = super().authenticate_by_email(sociallogin)
        if found is None:
            return None
        person, email = found
        if person.is_superuser:
            return None
        # Otherwise allauth would erase the password that the person has here.
        EmailAddress.objects.update_or_create(user=person, email=email, defaults={"verified": True})
        return person, email

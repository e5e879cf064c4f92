"""Single sign-on: whose account it opens, and what it leaves alone."""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.core.context import request_context
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.models import SocialAccount, SocialLogin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.test import Client
from pytest_django import Settings

from accounts.adapters import SingleSignOnAdapter
from accounts.models import User
from tests.conftest import People

APP = {
    "provider_id": "sso",
    "name": "Sign-on",
    "client_id": "carnet",
    "secret": "s",
    "settings": {"server_url": "x"},
}


@pytest.fixture(autouse=True)
def _provider(settings: Settings) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": [APP]}}


def _said(email: str, verified: Any = True) -> SocialLogin:
    """What the provider says of somebody."""
    return SocialLogin(
        user=User(email=email),
        account=SocialAccount(provider="sso", uid="7"),
        email_addresses=[EmailAddress(email=email, verified=verified, primary=True)],
        provider=SingleSignOnAdapter().get_provider(HttpRequest(), "sso"),
    )


def _come_back(client: Client, said: SocialLogin) -> Any:
    """Who is signed in when somebody comes back from the provider."""
    request = client.get("/accounts/login/").wsgi_request
    with request_context(request):
        complete_social_login(request, said)
    return request.user


def test_an_address_that_the_provider_vouches_for_opens_its_account(people: People, client: Client) -> None:
    assert _come_back(client, _said("sales@example.test")) == people.sales


@pytest.mark.parametrize("verified", ["false", "true", "", 1, 0, None, False, [True]])
def test_only_true_vouches_for_an_address(people: People, client: Client, verified: Any) -> None:
    """OpenID Connect Core 1.0, 5.1: `email_verified` is a JSON boolean."""
    assert _come_back(client, _said("sales@example.test", verified)).is_anonymous


def test_it_opens_no_superuser(people: People, client: Client) -> None:
    User.objects.filter(pk=people.administrator.pk).update(is_superuser=True)
    assert _come_back(client, _said("administrator@example.test")).is_anonymous


def test_nor_a_superuser_who_was_connected_before(people: People, client: Client) -> None:
    SocialAccount.objects.create(user=people.administrator, provider="sso", uid="7")
    User.objects.filter(pk=people.administrator.pk).update(is_superuser=True)
    with pytest.raises(PermissionDenied, match="sign in with its password"):
        _come_back(client, _said("administrator@example.test"))


def test_it_opens_no_account_that_was_closed(people: People, client: Client) -> None:
    User.objects.filter(pk=people.sales.pk).update(is_active=False)
    assert _come_back(client, _said("sales@example.test")).is_anonymous


def test_the_password_that_somebody_has_here_stays(people: People, client: Client) -> None:
    _come_back(client, _said("sales@example.test"))
    people.sales.refresh_from_db()
    assert people.sales.check_password("open sesame 123")

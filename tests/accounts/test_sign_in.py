"""Signing in and out."""

from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.messages import get_messages
from django.http import HttpRequest
from django.test import Client

from accounts.adapters import SingleSignOnAdapter
from accounts.models import User
from tests.conftest import People

LOGIN = "/accounts/login/"


@pytest.mark.parametrize("login", ["sales", "sales@example.test", "SALES@example.test"])
def test_people_sign_in_by_username_or_email(people: People, client: Client, login: str) -> None:
    response = client.post(LOGIN, {"login": login, "password": "open sesame 123"})
    assert (response.status_code, response.headers["Location"]) == (302, "/")
    assert list(get_messages(client.get("/").wsgi_request)) == []


def test_a_wrong_password_is_refused_with_words(people: People, client: Client) -> None:
    response = client.post(LOGIN, {"login": "sales", "password": "open sesame 124"})
    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()


def test_a_person_whose_account_is_closed_can_not_sign_in(people: People, client: Client) -> None:
    User.objects.filter(pk=people.sales.pk).update(is_active=False)
    client.post(LOGIN, {"login": "sales", "password": "open sesame 123"})
    assert client.get("/").status_code == 302


@pytest.mark.django_db
def test_nobody_can_create_an_account_for_themselves(client: Client) -> None:
    client.post(
        "/accounts/signup/", {"username": "me", "email": "me@example.test", "password1": "a long one 1"}
    )
    assert not User.objects.filter(username="me").exists()


def test_single_sign_on_creates_no_account_either() -> None:
    assert not SingleSignOnAdapter().is_open_for_signup(HttpRequest(), None)


def test_signing_out_takes_a_post_and_leads_to_the_sign_in_page(sales_client: Client) -> None:
    assert sales_client.get("/accounts/logout/").status_code == 200
    assert sales_client.post("/accounts/logout/").headers["Location"] == LOGIN
    assert sales_client.get("/").status_code == 302


def test_a_second_factor_is_required_from_people_who_set_one_up(people: People, client: Client) -> None:
    TOTP.activate(people.sales, generate_totp_secret())
    response = client.post(LOGIN, {"login": "sales", "password": "open sesame 123"}, follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/2fa/authenticate/"
    assert client.get("/").status_code == 302


@pytest.mark.parametrize(
    "page",
    ["2fa/", "password/change/", "email/", "logout/", "password/reset/", "3rdparty/", "reauthenticate/"],
)
def test_the_pages_around_signing_in_look_like_the_portal(sales_client: Client, page: str) -> None:
    html = sales_client.get(f"/accounts/{page}", follow=True).content.decode()
    assert "css/carnet.css" in html
    assert "style=" not in html


def test_setting_up_the_second_factor_asks_for_the_password_and_shows_a_code_to_scan(
    sales_client: Client,
) -> None:
    response = sales_client.get("/accounts/2fa/totp/activate/")
    again = response.headers["Location"]
    response = sales_client.post(again, {"password": "open sesame 123"}, follow=True)
    assert 'src="data:image/svg+xml' in response.content.decode()


def test_a_mail_to_reset_a_password_says_that_a_program_wrote_it(
    people: People, client: Client, mailoutbox: list[Any]
) -> None:
    """RFC 3834, 5: so that no out-of-office reply comes back."""
    client.post("/accounts/password/reset/", {"email": "sales@example.test"})
    (mail,) = mailoutbox
    assert mail.to == ["sales@example.test"]
    assert mail.message()["Auto-Submitted"] == "auto-generated"

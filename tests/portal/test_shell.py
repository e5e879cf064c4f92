"""What every page has: policy, language, theme, navigation, and pages for what went wrong."""

import pytest
from django.core.exceptions import SuspiciousOperation
from django.test import Client, RequestFactory
from django.views.defaults import bad_request, server_error

from portal import navigation
from portal.navigation import NavigationEntry
from tests.conftest import People


def test_a_page_runs_nothing_but_our_own_files(sales_client: Client) -> None:
    policy = sales_client.get("/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


def test_a_page_has_neither_inline_script_nor_style(sales_client: Client) -> None:
    page = sales_client.get("/").content.decode()
    assert "<style" not in page
    assert "style=" not in page
    assert "<script>" not in page


@pytest.mark.django_db
@pytest.mark.parametrize(("preferred", "given"), [("fr-FR", "fr"), ("en-GB", "en"), ("de", "en")])
def test_a_page_is_in_the_browsers_language_or_else_the_default(
    client: Client, preferred: str, given: str
) -> None:
    page = client.get("/accounts/login/", headers={"Accept-Language": preferred})
    assert f'<html lang="{given}"' in page.content.decode()


def test_the_current_page_is_marked_in_the_navigation(sales_client: Client) -> None:
    assert '<a href="/" aria-current="page">Home' in sales_client.get("/").content.decode()


def test_an_entry_for_another_role_is_not_shown(
    people: People, sales_client: Client, administrator_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    entry = NavigationEntry("Only for some", "portal:home", roles=("back-office",), count=lambda request: 3)
    monkeypatch.setattr(navigation, "ENTRIES", (entry,))
    assert b"Only for some" not in sales_client.get("/").content
    page = administrator_client.get("/").content.decode()
    assert 'Only for some <span class="count">3</span>' in page


def test_the_administration_is_offered_to_administrators_alone(
    sales_client: Client, administrator_client: Client
) -> None:
    assert b'href="/admin/"' in administrator_client.get("/").content
    assert b'href="/admin/"' not in sales_client.get("/").content


def test_somebody_without_a_role_sees_whom_to_ask(people: People, client: Client) -> None:
    client.force_login(people.nobody, backend="django.contrib.auth.backends.ModelBackend")
    assert "Ask an administrator" in client.get("/").content.decode()


def test_a_missing_page_says_so_in_the_shell(sales_client: Client) -> None:
    response = sales_client.get("/no/such/page/")
    assert response.status_code == 404
    assert "This page doesn't exist" in response.content.decode()
    assert "Sign out" in response.content.decode()


@pytest.mark.django_db
def test_a_missing_page_is_also_shown_to_those_not_signed_in(client: Client) -> None:
    assert "This page doesn't exist" in client.get("/no/such/page/").content.decode()


@pytest.mark.django_db
def test_a_bad_request_has_a_page() -> None:
    response = bad_request(RequestFactory().get("/"), SuspiciousOperation())
    assert (response.status_code, b"understood" in response.content) == (400, True)


def test_the_page_for_our_own_faults_needs_nothing_but_itself() -> None:
    response = server_error(RequestFactory().get("/"))
    assert response.status_code == 500
    assert b"Carnet ran into an error" in response.content
    assert b"/static/" not in response.content


def test_pages_that_belong_together_name_each_other(back_office_client: Client) -> None:
    page = back_office_client.get("/exports/").content.decode()
    assert '<a href="/orders/" aria-current="page">' in page, "the place that the page belongs to"
    assert '<a href="/requests/" >' in page
    assert '<a href="/exports/" aria-current="page">' in page


def test_a_part_that_is_not_for_ones_role_is_not_named(sales_client: Client) -> None:
    page = sales_client.get("/orders/").content.decode()
    assert 'href="/requests/"' in page
    assert 'href="/exports/"' not in page

"""Everyone chooses a language, a theme and whether Covage's field names are shown; the choice is remembered."""

import pytest
from django.test import Client

from accounts.models import User
from tests.conftest import People

URL = "/accounts/preferences/"


@pytest.mark.django_db
def test_a_stranger_chooses_for_the_browser(client: Client) -> None:
    client.post(URL, {"theme": "dark"})
    client.post(URL, {"language": "fr"})
    page = client.get("/accounts/login/", headers={"Accept-Language": "en"}).content.decode()
    assert '<html lang="fr" data-bs-theme="dark">' in page


def test_a_persons_choice_is_stored_and_follows_to_another_browser(
    people: People, sales_client: Client
) -> None:
    sales_client.post(URL, {"language": "fr", "theme": "light"})
    people.sales.refresh_from_db()
    assert (people.sales.language, people.sales.theme) == ("fr", "light")
    elsewhere = Client(headers={"Accept-Language": "en"})
    elsewhere.force_login(people.sales, backend="django.contrib.auth.backends.ModelBackend")
    assert '<html lang="fr" data-bs-theme="light">' in elsewhere.get("/").content.decode()


def test_one_switch_leaves_the_other_alone(people: People, sales_client: Client) -> None:
    sales_client.post(URL, {"theme": "dark"})
    sales_client.post(URL, {"language": "en"})
    people.sales.refresh_from_db()
    assert (people.sales.language, people.sales.theme) == ("en", "dark")


def test_no_language_means_the_browsers_again(people: People, sales_client: Client) -> None:
    sales_client.post(URL, {"language": "fr"})
    sales_client.post(URL, {"language": ""})
    people.sales.refresh_from_db()
    assert people.sales.language == ""
    assert '<html lang="en"' in sales_client.get("/", headers={"Accept-Language": "en"}).content.decode()


@pytest.mark.parametrize("choice", [{"language": "xx"}, {"theme": "pink"}, {"shows_field_names": "some"}])
def test_what_does_not_exist_is_refused(choice: dict[str, str], people: People, sales_client: Client) -> None:
    assert sales_client.post(URL, choice).status_code == 400
    people.sales.refresh_from_db()
    assert (people.sales.language, people.sales.theme) == ("", "auto")
    assert people.sales.shows_field_names is False


def test_field_names_are_switched_on_for_one_person_and_leave_the_browser_alone(
    people: People, sales_client: Client
) -> None:
    response = sales_client.post(URL, {"shows_field_names": "true", "next": "/carts/"})
    assert response.headers["Location"] == "/carts/"
    assert not response.cookies
    shown = User.objects.filter(shows_field_names=True)
    assert [person.username for person in shown] == ["sales"]


@pytest.mark.parametrize("choice", ["false", ""])
def test_field_names_are_switched_off_again(people: People, sales_client: Client, choice: str) -> None:
    sales_client.post(URL, {"shows_field_names": "true"})
    sales_client.post(URL, {"shows_field_names": choice})
    people.sales.refresh_from_db()
    assert people.sales.shows_field_names is False


@pytest.mark.django_db
def test_a_stranger_has_no_field_names_to_choose(client: Client) -> None:
    response = client.post(URL, {"shows_field_names": "true"})
    assert (response.status_code, len(response.cookies)) == (302, 0)


@pytest.mark.django_db
def test_a_theme_that_a_cookie_invents_is_ignored(client: Client) -> None:
    client.cookies["carnet_theme"] = '"><script>'
    assert 'data-bs-theme="auto"' in client.get("/accounts/login/").content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("target", "lands"), [("/carts/?q=1", "/carts/?q=1"), ("https://evil.example/", "/"), ("", "/")]
)
def test_it_leads_back_to_the_page_but_never_elsewhere(client: Client, target: str, lands: str) -> None:
    assert client.post(URL, {"theme": "dark", "next": target}).headers["Location"] == lands


@pytest.mark.django_db
def test_it_changes_nothing_on_a_get(client: Client) -> None:
    assert client.get(URL).status_code == 405

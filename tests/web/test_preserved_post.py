"""What was typed after the session had ended is preserved, and restored once after signing in."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.models import User
from tests.conftest import People
from web import preserved_post

pytestmark = [pytest.mark.urls("tests.web.pages"), pytest.mark.django_db]

KEPT = "You were signed out. What you typed has been kept: sign in to continue."
BELOW = "You were signed out. What you typed is below; it hasn't been saved yet."
OWN_ORIGIN = {"Origin": "http://testserver"}


def _sign_in(client: Client, next_path: str, person: str = "sales") -> Any:
    return client.post(
        "/accounts/login/", {"login": person, "password": "open sesame 123", "next": next_path}
    )


def _messages(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


def test_what_was_typed_comes_back_after_signing_in(people: People, client: Client) -> None:
    response = client.post(
        "/form/?step=2", {"end_customer_name": "Ünal & fils", "option_ids": ["7021", "7022"]}
    )
    assert response.headers["Location"] == "/accounts/login/?next=%2Fform%2F%3Fstep%3D2"
    assert KEPT in client.get(response.headers["Location"]).content.decode()
    before = client.session.session_key

    response = _sign_in(client, "/form/?step=2")

    assert response.headers["Location"] == "/form/?step=2"
    assert client.session.session_key != before
    response = client.get("/form/?step=2")
    assert response.json() == {"end_customer_name": ["Ünal & fils"], "option_ids": ["7021", "7022"]}
    assert _messages(response) == [BELOW]


def test_it_comes_back_only_once(people: People, client: Client) -> None:
    client.post("/form/", {"end_customer_name": "Martin"})
    _sign_in(client, "/form/")
    client.get("/form/")
    assert client.get("/form/").json() == {}


def test_it_waits_for_its_own_page(people: People, client: Client) -> None:
    client.post("/form/", {"end_customer_name": "Martin"})
    _sign_in(client, "/")
    client.get("/")
    assert client.get("/form/").json() == {"end_customer_name": ["Martin"]}


def test_a_page_that_does_not_read_it_does_not_use_it_up(people: People, client: Client) -> None:
    client.post("/deaf/", {"end_customer_name": "Martin"})
    _sign_in(client, "/deaf/")
    response = client.get("/deaf/")
    assert BELOW not in _messages(response)
    assert client.session[preserved_post.SESSION_KEY]


def test_a_new_attempt_replaces_the_one_before(people: People, client: Client) -> None:
    client.post("/form/", {"end_customer_name": "Martin"})
    client.post("/form/", {"end_customer_name": "Martin et fils"})
    _sign_in(client, "/form/")
    assert client.get("/form/").json() == {"end_customer_name": ["Martin et fils"]}


def test_secrets_and_files_are_not_preserved(people: People, client: Client) -> None:
    client.post(
        "/form/",
        {
            "end_customer_name": "Martin",
            "csrfmiddlewaretoken": "token",
            "old_password": "open sesame",
            "mandate": SimpleUploadedFile("mandate.pdf", b"%PDF"),
        },
    )
    _sign_in(client, "/form/")
    assert client.get("/form/").json() == {"end_customer_name": ["Martin"]}


def test_too_much_text_is_not_preserved_and_the_person_is_asked_to_copy_it(
    people: People, client: Client
) -> None:
    response = client.post("/form/", {"message": "x" * (preserved_post.MOST_CHARACTERS + 1)})
    assert "too long to keep" in client.get(response.headers["Location"]).content.decode()
    assert preserved_post.SESSION_KEY not in client.session


def test_only_the_last_few_forms_are_preserved(people: People, client: Client) -> None:
    for number in range(preserved_post.MOST_FORMS + 3):
        client.post(f"/form/{number}/", {"end_customer_name": "Martin"})
    assert len(client.session[preserved_post.SESSION_KEY]) == preserved_post.MOST_FORMS


def test_a_button_without_fields_leads_back_to_its_page(people: People, client: Client) -> None:
    referer = {"Referer": "http://testserver/form/?step=2"}
    response = client.post("/button/", headers=referer)
    assert response.headers["Location"] == "/accounts/login/?next=%2Fform%2F%3Fstep%3D2"
    assert preserved_post.SESSION_KEY not in client.session


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example/form/"])
def test_without_a_page_of_carnet_to_go_back_to_it_is_the_buttons_own_address(
    client: Client, referer: str
) -> None:
    response = client.post("/button/", headers={"Referer": referer})
    assert response.headers["Location"] == "/accounts/login/?next=%2Fbutton%2F"


def test_a_page_without_a_query_leads_back_without_one(client: Client) -> None:
    response = client.post("/button/", headers={"Referer": "http://testserver/form/"})
    assert response.headers["Location"] == "/accounts/login/?next=%2Fform%2F"


def test_what_htmx_sent_is_preserved_too(people: People, client: Client) -> None:
    response = client.post("/form/", {"end_customer_name": "Martin"}, headers={"HX-Request": "true"})
    assert response.status_code == 401
    _sign_in(client, "/form/")
    assert client.get("/form/").json() == {"end_customer_name": ["Martin"]}


def test_nothing_is_preserved_for_someone_signed_in(sales_client: Client) -> None:
    assert sales_client.post("/form/", {"end_customer_name": "Martin"}).json() == {
        "end_customer_name": ["Martin"]
    }
    assert preserved_post.SESSION_KEY not in sales_client.session


def test_the_sign_in_form_itself_is_never_preserved(people: People, client: Client) -> None:
    client.post("/accounts/login/", {"login": "sales", "password": "wrong"})
    assert preserved_post.SESSION_KEY not in client.session


def test_it_is_not_restored_for_someone_who_has_not_signed_in(people: People, client: Client) -> None:
    client.post("/form/", {"end_customer_name": "Martin"})
    request = client.get("/form/").wsgi_request
    assert not preserved_post.restore(request)


@pytest.fixture
def strict(people: People) -> Client:
    """A browser in which someone signed in again, so that the tokens of older pages no longer fit."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(people.sales, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_a_form_older_than_the_sign_in_is_restored_unsaved(strict: Client) -> None:
    response = strict.post("/form/", {"end_customer_name": "Martin"}, headers=OWN_ORIGIN)
    assert (response.status_code, response.headers["Location"]) == (302, "/form/")
    assert strict.get("/form/").json() == {"end_customer_name": ["Martin"]}


def test_htmx_with_an_old_token_has_the_page_opened_again(strict: Client) -> None:
    response = strict.post(
        "/form/", {"end_customer_name": "Martin"}, headers=OWN_ORIGIN | {"HX-Request": "true"}
    )
    assert response.headers["HX-Redirect"] == "/form/"


@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/form/", {"Origin": "https://elsewhere.example"}),
        ("/form/", {}),
        ("/healthz", OWN_ORIGIN),
    ],
)
def test_a_form_that_another_site_may_have_sent_is_refused_and_not_preserved(
    strict: Client, path: str, headers: dict[str, str]
) -> None:
    response = strict.post(path, {"end_customer_name": "Martin"}, headers=headers)
    assert response.status_code == 403
    assert "This form was open for too long" in response.content.decode()
    assert preserved_post.SESSION_KEY not in strict.session


def test_another_site_cannot_have_a_form_preserved_for_someone_signed_out(people: People) -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post(
        "/form/", {"end_customer_name": "Evil"}, headers={"Origin": "https://elsewhere.example"}
    )
    assert response.status_code == 403
    assert preserved_post.SESSION_KEY not in client.session


def test_someone_else_signing_in_in_between_starts_with_an_empty_page(
    people: People, client: Client, signed_in: Callable[[User], Client]
) -> None:
    client.post("/form/", {"end_customer_name": "Martin"})
    assert signed_in(people.other_sales).get("/form/").json() == {}

"""The read-only administration pages: administrators alone see them, and nobody changes anything there."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import connection
from django.forms.models import model_to_dict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from tests.accounts.admin_helpers import LABELS, a_row, address_of, every_model, pages_of
from tests.conftest import People

SignIn = Callable[[User], Client]


# Who sees what


@every_model
def test_an_administrator_sees_the_list_and_each_row(
    label: str, people: People, administrator_client: Client
) -> None:
    row = a_row(label, people, 1)
    page = administrator_client.get(address_of(type(row), "changelist")).content.decode()
    assert address_of(row, "change") in page
    assert administrator_client.get(address_of(row, "change")).status_code == 200


@every_model
@pytest.mark.parametrize("role", ["sales", "back_office", "nobody"])
def test_nobody_else_sees_them(label: str, role: str, people: People, signed_in: SignIn) -> None:
    row = a_row(label, people, 1)
    client = signed_in(getattr(people, role))
    assert [client.get(page, follow=True).status_code for page in pages_of(row)] == [403, 403, 403]


@every_model
def test_a_stranger_is_led_to_the_sign_in_page(label: str, people: People, client: Client) -> None:
    row = a_row(label, people, 1)
    leads = [client.get(page, follow=True).redirect_chain[-1][0] for page in pages_of(row)]
    assert all(address.startswith("/accounts/login/?next=") for address in leads)


def test_the_index_leads_to_all_of_them(administrator_client: Client) -> None:
    page = administrator_client.get("/admin/").content.decode()
    assert [label for label in LABELS if address_of(apps.get_model(label), "changelist") not in page] == []
    assert "/add/" in page  # people and teams can be added
    assert [label for label in LABELS if address_of(apps.get_model(label), "add") in page] == []


# Nothing can be changed


@every_model
@pytest.mark.parametrize("method", ["get", "post"])
def test_nothing_is_added_or_deleted(
    label: str, method: str, people: People, administrator_client: Client
) -> None:
    row = a_row(label, people, 1)
    for address in (address_of(type(row), "add"), address_of(row, "delete")):
        assert getattr(administrator_client, method)(address, {"post": "yes"}).status_code == 403
    assert type(row)._default_manager.count() == 1


@every_model
def test_nothing_is_changed(label: str, people: People, administrator_client: Client) -> None:
    row = a_row(label, people, 1)
    before = model_to_dict(row)
    posted = {"state": "done", "failure": "", "holder": "", "external_id": "X", "_save": "Save"}
    assert administrator_client.post(address_of(row, "change"), posted).status_code == 403
    assert administrator_client.post(address_of(row, "change")).status_code == 403
    row.refresh_from_db()
    assert model_to_dict(row) == before


@every_model
def test_the_list_deletes_nothing(label: str, people: People, administrator_client: Client) -> None:
    row = a_row(label, people, 1)
    posted = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    assert administrator_client.post(address_of(type(row), "changelist"), posted).status_code == 403
    assert type(row)._default_manager.count() == 1


@every_model
def test_looking_writes_nothing(label: str, people: People, administrator_client: Client) -> None:
    row = a_row(label, people, 1)
    with CaptureQueriesContext(connection) as queries:
        for page in pages_of(row):
            assert administrator_client.get(page).status_code == 200
    assert [query["sql"] for query in queries if not query["sql"].startswith(("SELECT", "WITH"))] == []


# How it is shown


@pytest.mark.parametrize("address", ["list", "row"])
@every_model
def test_they_hold_to_the_content_security_policy(
    label: str, address: str, people: People, administrator_client: Client
) -> None:
    row = a_row(label, people, 1)
    response = administrator_client.get(pages_of(row)[address == "row"])
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert "unsafe" not in response["Content-Security-Policy"]
    page = response.content.decode()
    assert "/static/css/admin.css" in page
    scripts = page.split("<script")[1:]
    assert scripts
    assert [script for script in scripts if ' src="/' not in script.partition(">")[0]] == []
    assert [
        word for word in ("<style", " style=", " onclick=", " onload=", "javascript:") if word in page
    ] == []

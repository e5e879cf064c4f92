"""The administration pages are for administrators, through the portal's own sign-in."""

import pytest
from django.test import Client

from accounts.models import Team, User
from tests.conftest import People


@pytest.mark.django_db
def test_someone_signed_out_is_led_to_the_portals_sign_in(client: Client) -> None:
    response = client.get("/admin/accounts/user/", follow=True)
    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2Faccounts%2Fuser%2F"


def test_its_own_sign_in_page_leads_there_too(client: Client) -> None:
    assert client.get("/admin/login/").headers["Location"] == "/accounts/login/?next=%2Fadmin%2F"


def test_other_roles_are_refused(sales_client: Client, back_office_client: Client) -> None:
    assert sales_client.get("/admin/", follow=True).status_code == 403
    assert back_office_client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize(
    "page", ["", "accounts/user/", "accounts/user/add/", "accounts/team/", "accounts/team/add/"]
)
def test_an_administrator_opens_every_page(administrator_client: Client, page: str) -> None:
    assert administrator_client.get(f"/admin/{page}").status_code == 200


def test_an_administrator_gives_a_person_a_role(people: People, administrator_client: Client) -> None:
    person = people.nobody
    group = people.sales.groups.get()
    response = administrator_client.post(
        f"/admin/accounts/user/{person.pk}/change/",
        {
            "username": person.username,
            "is_active": "on",
            "groups": [group.pk],
            "theme": "auto",
            "language": "",
        },
    )
    assert response.status_code == 302
    assert User.objects.get(pk=person.pk).has_role("sales")


def test_an_administrator_creates_a_team(people: People, administrator_client: Client) -> None:
    administrator_client.post("/admin/accounts/team/add/", {"name": "West", "members": [people.sales.pk]})
    assert list(Team.objects.get(name="West").members.all()) == [people.sales]

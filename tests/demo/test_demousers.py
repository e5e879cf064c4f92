"""The people of the demo."""

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django import Settings

from accounts.models import Team, User

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_it_makes_one_of_each_role_who_can_sign_in(settings: Settings, client: Client) -> None:
    settings.DEBUG = True
    call_command("demousers", verbosity=0)
    assert set(User.objects.values_list("username", flat=True)) == {"sales1", "sales2", "back1", "admin1"}
    assert User.objects.get(username="back1").roles == {"back-office"}
    assert set(Team.objects.get(name="Nord").members.values_list("username", flat=True)) == {
        "sales1",
        "back1",
    }
    assert client.post("/accounts/login/", {"login": "sales1", "password": "carnet-demo"}).status_code == 302


def test_repeating_it_changes_nothing_that_people_changed(settings: Settings) -> None:
    settings.DEBUG = True
    call_command("demousers")
    person = User.objects.get(username="sales1")
    person.set_password("my own now")
    person.save()
    call_command("demousers")
    assert User.objects.count() == 4
    assert User.objects.get(username="sales1").check_password("my own now")


def test_it_refuses_where_debug_is_off() -> None:
    with pytest.raises(CommandError, match="only where DEBUG is on"):
        call_command("demousers")
    assert not User.objects.exists()

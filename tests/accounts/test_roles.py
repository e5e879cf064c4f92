"""The roles of people."""

import pytest
from django.contrib.auth.models import Group

from accounts.models import User
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, ROLES, SALES, requires
from tests.conftest import People


@pytest.mark.django_db
def test_the_groups_are_there_after_migrating() -> None:
    assert set(Group.objects.values_list("name", flat=True)) == set(ROLES)


def test_a_person_has_the_roles_of_their_groups(people: People) -> None:
    assert people.sales.roles == {SALES}
    assert people.sales.has_role(SALES, BACK_OFFICE)
    assert not people.sales.has_role(BACK_OFFICE)
    assert not people.nobody.has_role(*ROLES[:2])


def test_an_administrator_has_every_role(people: People) -> None:
    assert people.administrator.has_role(SALES)
    assert people.administrator.has_role(BACK_OFFICE)


@pytest.mark.django_db
def test_a_superuser_is_an_administrator() -> None:
    assert ADMINISTRATOR in User.objects.create_superuser("root").roles


def test_a_role_that_does_not_exist_is_a_mistake_found_at_once() -> None:
    with pytest.raises(ValueError, match="sails"):
        requires("sails")


def test_a_person_and_a_team_are_shown_by_name(people: People) -> None:
    assert str(people.sales) == "sales"
    assert str(User(username="s", first_name="Salomé", last_name="Vasseur")) == "Salomé Vasseur"
    assert str(people.north) == "North"

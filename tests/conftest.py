"""What every test has: a small cast of people, and no network but this machine."""

import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine as machine
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client
from django.utils import translation
from hypothesis import HealthCheck, settings

from accounts.models import Team, User
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, SALES

# A busy machine is slow to generate examples, and no test should fail because of that.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")


class NetworkBlockedError(RuntimeError):
    """A test tried to leave this machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a Unix socket
    host = address[0]
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse every connection that leaves this machine."""

    def guarded(connect: Callable[..., Any]) -> Callable[..., Any]:
        def wrapper(self: socket.socket, address: Any) -> Any:
            if not _is_local(address):
                raise NetworkBlockedError(f"This test tried to reach {address}.")
            return connect(self, address)

        return wrapper

    monkeypatch.setattr(socket.socket, "connect", guarded(socket.socket.connect))
    monkeypatch.setattr(socket.socket, "connect_ex", guarded(socket.socket.connect_ex))


@pytest.fixture(autouse=True)
def _fresh_start() -> None:
    """Nothing counted or remembered in one test, nor its language, is seen by the next."""
    cache.clear()
    translation.deactivate()


CAST = {SALES: ["sales", "other_sales"], BACK_OFFICE: ["back_office"], ADMINISTRATOR: ["administrator"]}
PASSWORD = make_password("open sesame 123", hasher="md5")
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class People:
    """`sales` and `back_office` share the team `north`; `other_sales` is alone in `south`."""

    sales: User
    other_sales: User
    back_office: User
    administrator: User
    nobody: User
    north: Team
    south: Team


@pytest.fixture
def people(db: None) -> People:
    """One person of each role, a colleague in another team, and one without any role."""
    named = {
        "sales": _person("sales"),
        "other_sales": _person("other-sales"),
        "back_office": _person("back-office"),
        "administrator": _person("administrator"),
        "nobody": _person("nobody"),
    }
    User.objects.bulk_create(named.values())
    for role, names in CAST.items():
        group, _created = Group.objects.get_or_create(name=role)
        group.user_set.add(*(named[name] for name in names))
    north, south = Team.objects.bulk_create([Team(name="North"), Team(name="South")])
    north.members.add(named["sales"], named["back_office"])
    south.members.add(named["other_sales"])
    return People(**named, north=north, south=south)


def _person(username: str) -> User:
    return User(username=username, email=f"{username}@example.test", password=PASSWORD)


def switch_on_field_names(person: User) -> None:
    """As if they had chosen to see Covage's names beside ours."""
    person.shows_field_names = True
    person.save(update_fields=["shows_field_names"])


@pytest.fixture
def signed_in(people: People) -> Callable[[User], Client]:
    """A browser in which the given person is signed in."""

    def sign_in(person: User) -> Client:
        client = Client()
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return sign_in


@pytest.fixture
def sales_client(people: People, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(people.sales)


@pytest.fixture
def other_sales_client(people: People, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(people.other_sales)


@pytest.fixture
def back_office_client(people: People, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(people.back_office)


@pytest.fixture
def administrator_client(people: People, signed_in: Callable[[User], Client]) -> Client:
    return signed_in(people.administrator)


@pytest.fixture
def noon(time_machine: machine.TimeMachineFixture) -> machine.TimeMachineFixture:
    """Freeze time at noon, until the test moves it."""
    time_machine.move_to(NOON, tick=False)
    return time_machine

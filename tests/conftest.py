"""What every test has: a small cast of people, stand-ins for Covage, and no network but this machine."""

import functools
import gc
import ipaddress
import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import time_machine as machine
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from accounts.models import Team, User
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, SALES
from outbox.apis import APIS
from tests.apis import forget_clients, speak_to
from tests.sandbox_process import PACE, SandboxProcess
from tests.tracking import past

# A busy machine is slow to generate examples, and no test should fail because of that. `make test` looks at a few.
hypothesis.settings.register_profile(
    "untimed", deadline=None, suppress_health_check=list(hypothesis.HealthCheck)
)
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("untimed"), max_examples=20)
hypothesis.settings.load_profile("untimed")

StandIn = Callable[..., SandboxProcess]


def pytest_collection_finish() -> None:
    """Look for garbage rarely: most of what is in memory was imported, and stays."""
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)


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
    """Nothing counted or remembered in one test, nor its language, connections and tokens, is seen by the next."""
    cache.clear()
    translation.deactivate()
    forget_clients()


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The pauses between a client's tries, in seconds: noted instead of slept."""
    noted: list[float] = []
    monkeypatch.setattr("covage.transport.sleep", noted.append)
    return noted


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


@pytest.fixture(scope="module", params=[1, pytest.param(2, marks=pytest.mark.slow)])
def histories(
    request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any
) -> Iterator[None]:
    """Orders of a past, ingested with their histories and rolled up: there for all tests of a module."""
    with django_db_blocker.unblock(), transaction.atomic():
        past.ingest(past.COUNT, request.param)
        yield
        transaction.set_rollback(True)


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


@pytest.fixture
def sales(people: People) -> User:
    return people.sales


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


@pytest.fixture(scope="session")
def stand_in() -> Iterator[StandIn]:
    """Returns the stand-in that runs with these flags, as it was at its start, no fault and the clock right.

    Each is started once for all tests. Nothing moves in it by itself, unless the flags set another pace.
    """
    with ExitStack() as running:

        @functools.cache
        def started(*flags: str) -> SandboxProcess:
            return running.enter_context(SandboxProcess("--pace", str(PACE), *flags))

        def as_it_was(*flags: str) -> SandboxProcess:
            process = started(*flags)
            process.reset()
            return process

        yield as_it_was


@pytest.fixture
def connected_to(stand_in: StandIn, settings: Settings) -> StandIn:
    """The same, after connecting the test's portal to it."""

    def connect(*flags: str) -> SandboxProcess:
        process = stand_in(*flags)
        speak_to(settings, *APIS, at=process)
        return process

    return connect


@pytest.fixture
def sandbox(connected_to: StandIn) -> SandboxProcess:
    """The vendor that the portal is connected to, with nothing in it."""
    return connected_to()


@pytest.fixture
def believed_at_once(settings: Settings) -> None:
    """That something is absent upstream is believed without waiting."""
    settings.OUTBOX_SETTLE_SECONDS = 0


@pytest.fixture
def media(settings: Settings, tmp_path: Path) -> Path:
    """The folder of documents and exports, empty."""
    settings.MEDIA_ROOT = tmp_path
    return tmp_path

"""A stand-in for both of Covage's APIs, which changes only when a test says so."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from extranet.models import CopperOrder
from outbox import clients
from outbox.apis import APIS
from tests.apis import forget_clients, speak_to
from tests.conftest import People
from tests.extranet.order_factory import open_order
from tests.sandbox.conftest import (  # noqa: F401
    running_sandbox,
    running_sandbox_with_copper,
)
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess, settings: Settings) -> SandboxProcess:  # noqa: F811
    """The vendor that the portal is connected to: nothing in it, no fault and the clock right."""
    running_sandbox.reset()
    speak_to(settings, *APIS, at=running_sandbox)
    return running_sandbox


@pytest.fixture
def copper_sandbox(
    running_sandbox_with_copper: SandboxProcess,  # noqa: F811
    settings: Settings,
) -> SandboxProcess:
    """The vendor that the portal is connected to, with 300 copper orders of the past as they were at the start."""
    running_sandbox_with_copper.reset()
    speak_to(settings, *APIS, at=running_sandbox_with_copper)
    return running_sandbox_with_copper


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _fresh_clients() -> Iterator[None]:
    """Clients of its own for each test: connections and tokens of one never serve another."""
    forget_clients()
    yield
    forget_clients()


@pytest.fixture
def sales(people: People) -> User:
    return people.sales


@pytest.fixture
def believed_at_once(settings: Settings) -> None:
    """That something is absent upstream is believed without waiting."""
    settings.OUTBOX_SETTLE_SECONDS = 0


@pytest.fixture
def order(sandbox: SandboxProcess, sales: User) -> CopperOrder:
    """A draft that is ready and at the vendor."""
    return open_order(sales)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that gives up at once."""
    patient = clients.extranet
    monkeypatch.setattr(clients, "extranet", lambda: patient().with_timeout(5))

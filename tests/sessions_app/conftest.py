"""A stand-in for Covage's order taking, and a cart that it has."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from accounts.models import User
from sessions_app.models import Cart
from tests.apis import forget_clients
from tests.conftest import People
from tests.sandbox.conftest import running_sandbox  # noqa: F401
from tests.sandbox_process import TOKEN_PATH, SandboxProcess
from tests.sessions_app.cart_factory import open_cart


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess, settings: Settings) -> SandboxProcess:  # noqa: F811
    """The vendor that the portal is connected to: nothing in it, no fault and the clock right."""
    running_sandbox.reset()
    settings.COVAGE_API_URL = running_sandbox.url
    settings.COVAGE_TOKEN_URL = running_sandbox.url + TOKEN_PATH
    return running_sandbox


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture(autouse=True)
def _fresh_client() -> Iterator[None]:
    """A client of its own for each test: connections and token of one never serve another."""
    forget_clients()
    yield
    forget_clients()


@pytest.fixture
def sales(people: People) -> User:
    return people.sales


@pytest.fixture
def cart(sandbox: SandboxProcess, sales: User) -> Cart:
    """A cart with one line that is ready, all of it at the vendor."""
    return open_cart(sales, lines=1)


@pytest.fixture
def believed_at_once(settings: Settings) -> None:
    """That something is absent upstream is believed without waiting."""
    settings.OUTBOX_SETTLE_SECONDS = 0

"""A stand-in for Covage with sixty orders of the last three years, which move only when a test says so."""

from collections.abc import Iterator

import pytest
from django.utils import translation
from pytest_django import Settings

from tests.apis import forget_clients
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def running_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--orders", "60", "--pace", "3600") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess, settings: Settings) -> SandboxProcess:
    """The vendor that the portal is connected to: the past as it was, no fault and the clock right."""
    running_sandbox.reset()
    settings.COVAGE_API_URL = running_sandbox.url
    settings.COVAGE_TOKEN_URL = running_sandbox.token_url
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

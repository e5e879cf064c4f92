"""The sandbox as the vendor, for the pages that call it."""

import pytest
from pytest_django import Settings

from outbox.apis import APIS
from tests.apis import speak_to
from tests.conftest import StandIn
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def running_sandbox(stand_in: StandIn) -> SandboxProcess:
    """The sandbox, empty, in which everything moves at once."""
    return stand_in("--pace", "0.05")


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess, settings: Settings) -> SandboxProcess:
    """The same as the vendor of this test's portal."""
    speak_to(settings, *APIS, at=running_sandbox)
    return running_sandbox

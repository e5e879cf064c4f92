"""The sandbox as the vendor, for the pages that call it."""

from collections.abc import Iterator

import pytest
from pytest_django import Settings

from outbox.apis import APIS
from tests.apis import speak_to
from tests.sandbox_process import SandboxProcess


@pytest.fixture(scope="module")
def running_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--pace", "0.05") as sandbox:
        yield sandbox


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess, settings: Settings) -> SandboxProcess:
    """The sandbox, empty, as the vendor of this test's portal."""
    running_sandbox.reset()
    running_sandbox.faults([])
    speak_to(settings, *APIS, at=running_sandbox)
    return running_sandbox

"""Sandboxes as processes of their own: an empty one, and two with orders of the past, fibre and copper."""

from collections.abc import Iterator

import pytest

from tests.sandbox_process import SandboxProcess

# Long enough that nothing moves by itself while a test runs: tests move the clock.
PACE = 3600


@pytest.fixture(scope="session")
def running_sandbox() -> Iterator[SandboxProcess]:
    with SandboxProcess("--pace", str(PACE)) as process:
        yield process


@pytest.fixture(scope="session")
def running_sandbox_with_orders() -> Iterator[SandboxProcess]:
    with SandboxProcess("--pace", str(PACE), "--orders", "600") as process:
        yield process


@pytest.fixture(scope="session")
def running_sandbox_with_copper() -> Iterator[SandboxProcess]:
    with SandboxProcess("--pace", str(PACE), "--copper", "300", "--page-size", "1000") as process:
        yield process


@pytest.fixture
def copper(running_sandbox_with_copper: SandboxProcess) -> SandboxProcess:
    """The stand-in with 300 copper orders of the past as they were at the start, no fault and the clock right."""
    running_sandbox_with_copper.reset()
    return running_sandbox_with_copper


@pytest.fixture
def tracking(running_sandbox_with_orders: SandboxProcess) -> SandboxProcess:
    """The stand-in with 600 orders of the past as they were at the start, no fault and the clock right."""
    running_sandbox_with_orders.reset()
    return running_sandbox_with_orders


@pytest.fixture
def sandbox(running_sandbox: SandboxProcess) -> SandboxProcess:
    """The stand-in with nothing in it, no fault and the clock right."""
    running_sandbox.reset()
    return running_sandbox

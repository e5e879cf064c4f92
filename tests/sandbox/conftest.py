"""Stand-ins with orders of the past, fibre and copper."""

import pytest

from tests.conftest import StandIn
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def tracking(stand_in: StandIn) -> SandboxProcess:
    """One with 600 orders of the past."""
    return stand_in("--orders", "600")


@pytest.fixture
def copper(stand_in: StandIn) -> SandboxProcess:
    """One with 300 copper orders of the past."""
    return stand_in("--copper", "300", "--page-size", "1000")

"""A stand-in for Covage in which everything moves at once, for the pages that call it."""

import pytest

from tests.conftest import StandIn
from tests.sandbox_process import SandboxProcess

AT_ONCE = ("--pace", "0.05")


@pytest.fixture
def sandbox(connected_to: StandIn) -> SandboxProcess:
    """The vendor that the portal is connected to, with nothing in it."""
    return connected_to(*AT_ONCE)

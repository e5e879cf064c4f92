"""The stand-in for Covage as the tests of the portal's pages have it."""

import pytest

from tests.conftest import StandIn
from tests.portal.conftest import AT_ONCE
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def sandbox(connected_to: StandIn) -> SandboxProcess:
    """The vendor that the portal is connected to, with nothing in it."""
    return connected_to(*AT_ONCE)

"""A stand-in for Covage with sixty orders of the last three years, which move only when a test says so."""

import pytest

from accounts.models import User
from tests.conftest import People, StandIn
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def sandbox(connected_to: StandIn) -> SandboxProcess:
    """The vendor that the portal is connected to: the past as it was."""
    return connected_to("--orders", "60")


@pytest.fixture
def by(people: People) -> User:
    """Who requests something."""
    return people.back_office

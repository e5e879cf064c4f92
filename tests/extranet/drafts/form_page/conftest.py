"""A draft to fill in, while Covage can't be reached unless a test has it."""

import pytest

from accounts.models import User
from extranet.models import CopperOrder
from tests.conftest import People
from tests.extranet.page_helpers import draft, outage


@pytest.fixture(autouse=True)
def _vendor_is_away(people: People, request: pytest.FixtureRequest) -> None:
    if "sandbox" not in request.fixturenames:
        outage()


@pytest.fixture
def order(sales: User) -> CopperOrder:
    """A draft that is ready and was never sent."""
    return draft(sales)

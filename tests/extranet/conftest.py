"""A copper order that the vendor has, a vendor with many, and a client that doesn't wait for it."""

import pytest

from accounts.models import User
from extranet.models import CopperOrder
from outbox import clients
from tests.conftest import People, StandIn
from tests.extranet.order_factory import open_order
from tests.extranet.page_helpers import outage
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def copper_sandbox(connected_to: StandIn) -> SandboxProcess:
    """The vendor that the portal is connected to, with 300 copper orders of the past."""
    return connected_to("--copper", "300", "--page-size", "1000")


@pytest.fixture
def order(sandbox: SandboxProcess, sales: User) -> CopperOrder:
    """A draft that is ready and at the vendor."""
    return open_order(sales)


@pytest.fixture
def vendor_is_away(people: People) -> None:
    """Pages send nothing."""
    outage()


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that gives up at once."""
    patient = clients.extranet
    monkeypatch.setattr(clients, "extranet", lambda: patient().with_timeout(5))

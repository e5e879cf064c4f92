"""An order on which something is requested, why it may be, and in which browser."""

import pytest
from django.test import Client

from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import know_reasons, order_at
from tracking.models import Order


@pytest.fixture
def client(back_office_client: Client) -> Client:
    return back_office_client


@pytest.fixture
def reasons(db: None) -> None:
    """Covage's reasons for a termination are known."""
    know_reasons()


@pytest.fixture
def order(sandbox: SandboxProcess, db: None) -> Order:
    """An active order."""
    return order_at(sandbox)

"""A cart that the vendor has."""

import pytest

from accounts.models import User
from sessions_app.models import Cart
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import open_cart


@pytest.fixture
def cart(sandbox: SandboxProcess, sales: User) -> Cart:
    """A cart with one line that is ready, all of it at the vendor."""
    return open_cart(sales, lines=1)

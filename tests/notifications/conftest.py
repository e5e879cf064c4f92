"""A page of which the desk knows, for the test's time."""

from collections.abc import Iterator

import pytest

from lists import registry
from tests.notifications.world import THINGS


@pytest.fixture(autouse=True)
def things() -> Iterator[None]:
    """The list page that the desk's tests speak of, beside those that the apps registered."""
    known = dict(registry._pages)
    registry.register_page(THINGS)
    yield
    registry._pages.clear()
    registry._pages.update(known)

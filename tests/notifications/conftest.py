"""A page of which the desk knows, for the test's time."""

from collections.abc import Iterator

import pytest

from lists import registered_pages
from tests.notifications.world import THINGS


@pytest.fixture(autouse=True)
def things() -> Iterator[None]:
    """The list page that the desk's tests speak of, beside those that the apps registered."""
    known = dict(registered_pages._pages)
    registered_pages.register_page(THINGS)
    yield
    registered_pages._pages.clear()
    registered_pages._pages.update(known)

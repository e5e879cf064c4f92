"""A page of which the desk knows, for the test's time."""

from collections.abc import Iterator

import pytest

from desk import pages
from tests.desk.world import THINGS


@pytest.fixture(autouse=True)
def things() -> Iterator[None]:
    """The list page that the desk's tests speak of, beside those that the apps registered."""
    known = dict(pages._pages)
    pages.register_page(THINGS)
    yield
    pages._pages.clear()
    pages._pages.update(known)

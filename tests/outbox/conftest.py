"""What the tests of the mirror share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from outbox import handlers
from outbox.apis import EXTRANET
from tests.outbox.ledger import COPPER_KIND, KIND, Keep, Vendor

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def vendor() -> Iterator[Vendor]:
    """A vendor that does as told, and an outbox that knows how to keep notes with either API, for the test's time."""
    known = dict(handlers._handlers)
    handlers.register({KIND: Keep()})
    handlers.register({COPPER_KIND: Keep()}, api=EXTRANET)
    yield Vendor()
    handlers._handlers.clear()
    handlers._handlers.update(known)

"""What the tests of the outbox share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from outbox import handlers
from outbox.apis import EXTRANET
from tests.outbox.stub_vendor import COPPER_KIND, KIND, KeepNote, StubVendor

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def vendor() -> Iterator[StubVendor]:
    """A vendor whose outcomes the test sets, and an outbox that can keep notes with either API."""
    known = dict(handlers._handlers)
    handlers.register({KIND: KeepNote()})
    handlers.register({COPPER_KIND: KeepNote()}, api=EXTRANET)
    yield StubVendor()
    handlers._handlers.clear()
    handlers._handlers.update(known)

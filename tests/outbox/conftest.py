"""A vendor that keeps notes, and the operations that it takes."""

from collections.abc import Iterator

import pytest

from outbox import handlers
from outbox.apis import EXTRANET
from tests.outbox.stub_vendor import COPPER_KIND, KIND, KeepNote, StubVendor


@pytest.fixture
def vendor() -> Iterator[StubVendor]:
    """A vendor whose outcomes the test sets, and an outbox that can keep notes with either API."""
    known = dict(handlers._handlers)
    handlers.register({KIND: KeepNote()})
    handlers.register({COPPER_KIND: KeepNote()}, api=EXTRANET)
    yield StubVendor()
    handlers._handlers.clear()
    handlers._handlers.update(known)

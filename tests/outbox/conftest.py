"""What the tests of the mirror share."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import time_machine as machine

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


@pytest.fixture
def noon(time_machine: machine.TimeMachineFixture) -> machine.TimeMachineFixture:
    """Time stands still at noon, until the test moves it."""
    time_machine.move_to(NOON, tick=False)
    return time_machine

"""The moment at which what is stored was requested."""

from datetime import timedelta

import pytest
from time_machine import TimeMachineFixture

from tests.tracking.ingest.store_helpers import AT


@pytest.fixture
def an_hour_later(time_machine: TimeMachineFixture) -> None:
    """The pages in these tests were requested within the last hour."""
    time_machine.move_to(AT + timedelta(hours=1), tick=False)

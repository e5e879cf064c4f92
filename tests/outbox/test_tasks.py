"""The worker's minute: what falls due is sent as it falls due, by one worker at a time."""

import pytest
from time_machine import TimeMachineFixture

from covage import Unreachable
from outbox import tasks
from sync.leases import HeldLease, Taken
from tests.outbox.ledger import State, Vendor, again, owe

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_sleep(vendor: Vendor, noon: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker speaks to our vendor, and its pauses pass at once."""
    monkeypatch.setattr("outbox.clients.client", lambda: vendor)
    monkeypatch.setattr("outbox.tasks.time.sleep", noon.shift)


def test_when_nothing_is_owed_the_worker_is_free_at_once(vendor: Vendor) -> None:
    assert tasks.deliver() == 0
    assert vendor.calls == []


def test_what_falls_due_within_the_minute_is_sent_then(vendor: Vendor) -> None:
    operation = owe()
    vendor.will("send", Unreachable("down"), Unreachable("down"))
    assert tasks.deliver() == 0
    assert again(operation).state == State.SUCCEEDED


def test_what_pauses_longer_is_left_to_another_minute(vendor: Vendor) -> None:
    operation = owe()
    vendor.will("send", *[Unreachable("down")] * 20)
    assert tasks.deliver() == 1
    assert again(operation).state == State.WAITING


def test_a_second_worker_leaves_it_to_the_first(vendor: Vendor) -> None:
    owe()
    HeldLease("deliver", 60).take()
    assert tasks.deliver() == 1
    assert vendor.calls == []


def test_the_worker_keeps_its_place_for_as_long_as_it_is_at_it(vendor: Vendor) -> None:
    operation = owe()
    taken = []

    def look() -> None:
        with pytest.raises(Taken):
            HeldLease("deliver", 60).take()
        taken.append(True)

    vendor.will("prepare", Unreachable("down"), Unreachable("down"), look)
    tasks.deliver()
    assert taken == [True]
    assert again(operation).state == State.SUCCEEDED


def test_a_worker_that_lost_its_place_stops(vendor: Vendor, noon: TimeMachineFixture) -> None:
    def another_takes_over() -> None:
        noon.shift(3600)
        HeldLease("deliver", 60).take()
        raise Unreachable("down")

    owe()
    vendor.will("prepare", another_takes_over)
    assert tasks.deliver() == 1
    assert vendor.calls == ["prepare"]

"""The worker's minute: operations are sent as they become due, by one worker at a time."""

import pytest
from time_machine import TimeMachineFixture

from covage import Unreachable
from outbox import tasks
from sync.leases import HeldLease, Taken
from tests.outbox.stub_vendor import State, StubVendor, again, enqueue

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


@pytest.fixture(autouse=True)
def _no_sleep(vendor: StubVendor, noon: TimeMachineFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker calls our vendor, and its pauses pass at once."""
    monkeypatch.setattr("outbox.clients.client", lambda: vendor)
    monkeypatch.setattr("outbox.tasks.time.sleep", noon.shift)


def test_when_nothing_is_pending_the_worker_is_free_at_once(vendor: StubVendor) -> None:
    assert tasks.deliver() == 0
    assert vendor.calls == []


def test_what_becomes_due_within_the_minute_is_sent_then(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("send", Unreachable("down"), Unreachable("down"))
    assert tasks.deliver() == 0
    assert again(operation).state == State.SUCCEEDED


def test_what_pauses_longer_is_left_to_another_minute(vendor: StubVendor) -> None:
    operation = enqueue()
    vendor.will("send", *[Unreachable("down")] * 20)
    assert tasks.deliver() == 1
    assert again(operation).state == State.WAITING


def test_a_second_worker_leaves_it_to_the_first(vendor: StubVendor) -> None:
    enqueue()
    HeldLease("deliver", 60).acquire()
    assert tasks.deliver() == 1
    assert vendor.calls == []


def test_the_worker_keeps_its_lease_for_as_long_as_it_works(vendor: StubVendor) -> None:
    operation = enqueue()
    refused = []

    def check_lease() -> None:
        with pytest.raises(Taken):
            HeldLease("deliver", 60).acquire()
        refused.append(True)

    vendor.will("prepare", Unreachable("down"), Unreachable("down"), check_lease)
    tasks.deliver()
    assert refused == [True]
    assert again(operation).state == State.SUCCEEDED


def test_a_worker_that_lost_its_lease_stops(vendor: StubVendor, noon: TimeMachineFixture) -> None:
    def another_takes_over() -> None:
        noon.shift(3600)
        HeldLease("deliver", 60).acquire()
        raise Unreachable("down")

    enqueue()
    vendor.will("prepare", another_takes_over)
    assert tasks.deliver() == 1
    assert vendor.calls == ["prepare"]

"""Leases: one runner per kind of work, and a killed one never blocks for longer than its lease."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from sync.leases import HeldLease, Taken, lease
from sync.models import Lease

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_a_lease_is_held_by_one_at_a_time() -> None:
    with lease("sync"), pytest.raises(Taken, match="sync"), lease("sync"):
        pytest.fail("Two hold the same lease.")


def test_another_name_is_another_lease() -> None:
    with lease("carts"), lease("orders"):
        assert {str(row) for row in Lease.objects.all()} == {"carts", "orders"}


def test_a_lease_is_free_after_its_block_and_leaves_nothing_behind() -> None:
    with lease("sync"):
        pass
    assert not Lease.objects.exists()
    with lease("sync"):
        pass


def test_a_lease_is_free_after_a_block_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), lease("sync"):
        raise ZeroDivisionError
    with lease("sync"):
        pass


def test_a_killed_holder_s_lease_expires(noon: TimeMachineFixture) -> None:
    HeldLease("sync", 60).acquire()
    noon.shift(59)
    with pytest.raises(Taken):
        HeldLease("sync", 60).acquire()
    noon.shift(1)
    HeldLease("sync", 60).acquire()


def test_a_renewed_lease_lives_on(noon: TimeMachineFixture) -> None:
    ours = HeldLease("sync", 60)
    ours.acquire()
    noon.shift(59)
    ours.renew()
    noon.shift(59)
    with pytest.raises(Taken):
        HeldLease("sync", 60).acquire()


def test_a_lease_that_is_kept_often_is_written_now_and_then(noon: TimeMachineFixture) -> None:
    ours = HeldLease("sync", 60)
    ours.acquire()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(20):
            noon.shift(5)
            ours.keep()
    assert 4 <= len(queries) <= 7
    with pytest.raises(Taken):
        HeldLease("sync", 60).acquire()


def test_an_expired_lease_that_nobody_acquired_can_be_renewed(noon: TimeMachineFixture) -> None:
    ours = HeldLease("sync", 60)
    ours.acquire()
    noon.shift(3600)
    ours.renew()
    with pytest.raises(Taken):
        HeldLease("sync", 60).acquire()


def test_a_lease_that_another_took_over_can_not_be_renewed(noon: TimeMachineFixture) -> None:
    slow, quick = HeldLease("sync", 60), HeldLease("sync", 60)
    slow.acquire()
    noon.shift(61)
    quick.acquire()
    with pytest.raises(Taken):
        slow.renew()


def test_a_lease_that_another_took_and_gave_back_can_not_be_renewed(noon: TimeMachineFixture) -> None:
    slow, quick = HeldLease("sync", 60), HeldLease("sync", 60)
    slow.acquire()
    noon.shift(61)
    quick.acquire()
    quick.release()
    with pytest.raises(Taken):
        slow.renew()


def test_a_process_that_lost_its_lease_does_not_release_the_other_s(noon: TimeMachineFixture) -> None:
    slow, quick = HeldLease("sync", 60), HeldLease("sync", 60)
    slow.acquire()
    noon.shift(61)
    quick.acquire()
    slow.release()
    quick.renew()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lapsed", [False, True])
def test_of_many_processes_at_the_same_moment_one_gets_the_lease(lapsed: bool) -> None:
    if lapsed:
        HeldLease("sync", -1).acquire()
    start, got, missed = threading.Barrier(6), [], []

    def come() -> None:
        ours = HeldLease("sync", 60)
        try:
            start.wait(10)
            ours.acquire()
            got.append(ours)
        except Taken:
            missed.append(ours)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(got), len(missed)) == (1, 5)
    got[0].renew()

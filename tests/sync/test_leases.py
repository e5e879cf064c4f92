"""Leases: one runner per kind of work, and a killed one never blocks for longer than its lease."""

import threading

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from time_machine import TimeMachineFixture

from sync.leases import HeldLease, Taken, lease
from sync.models import Lease

pytestmark = pytest.mark.django_db


def test_a_lease_is_held_by_one_at_a_time() -> None:
    with lease("sync"), pytest.raises(Taken, match="sync"), lease("sync"):
        pytest.fail("Two hold the same lease.")


def test_another_name_is_another_lease() -> None:
    with lease("carts"), lease("orders"):
        assert {str(held) for held in Lease.objects.all()} == {"carts", "orders"}


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


def test_a_killed_holder_s_lease_lapses(noon: TimeMachineFixture) -> None:
    HeldLease("sync", 60).take()
    noon.shift(59)
    with pytest.raises(Taken):
        HeldLease("sync", 60).take()
    noon.shift(1)
    HeldLease("sync", 60).take()


def test_a_renewed_lease_lives_on(noon: TimeMachineFixture) -> None:
    held = HeldLease("sync", 60)
    held.take()
    noon.shift(59)
    held.renew()
    noon.shift(59)
    with pytest.raises(Taken):
        HeldLease("sync", 60).take()


def test_a_lease_that_is_kept_often_is_written_now_and_then(noon: TimeMachineFixture) -> None:
    held = HeldLease("sync", 60)
    held.take()
    with CaptureQueriesContext(connection) as queries:
        for _ in range(20):
            noon.shift(5)
            held.keep()
    assert 4 <= len(queries) <= 7
    with pytest.raises(Taken):
        HeldLease("sync", 60).take()


def test_a_lapsed_lease_that_nobody_took_can_be_renewed(noon: TimeMachineFixture) -> None:
    held = HeldLease("sync", 60)
    held.take()
    noon.shift(3600)
    held.renew()
    with pytest.raises(Taken):
        HeldLease("sync", 60).take()


def test_a_lease_that_another_took_over_can_not_be_renewed(noon: TimeMachineFixture) -> None:
    slow, quick = HeldLease("sync", 60), HeldLease("sync", 60)
    slow.take()
    noon.shift(61)
    quick.take()
    with pytest.raises(Taken):
        slow.renew()


def test_a_lease_that_another_took_and_gave_back_can_not_be_renewed(noon: TimeMachineFixture) -> None:
    slow, quick = HeldLease("sync", 60), HeldLease("sync", 60)
    slow.take()
    noon.shift(61)
    quick.take()
    quick.release()
    with pytest.raises(Taken):
        slow.renew()


def test_who_lost_a_lease_does_not_give_back_the_other_s(noon: TimeMachineFixture) -> None:
    slow, quick = HeldLease("sync", 60), HeldLease("sync", 60)
    slow.take()
    noon.shift(61)
    quick.take()
    slow.release()
    quick.renew()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("lapsed", [False, True])
def test_of_many_who_come_at_the_same_moment_one_gets_it(lapsed: bool) -> None:
    if lapsed:
        HeldLease("sync", -1).take()
    start, got, missed = threading.Barrier(6), [], []

    def come() -> None:
        held = HeldLease("sync", 60)
        try:
            start.wait(10)
            held.take()
            got.append(held)
        except Taken:
            missed.append(held)
        finally:
            connection.close()

    threads = [threading.Thread(target=come, daemon=True) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(got), len(missed)) == (1, 5)
    got[0].renew()

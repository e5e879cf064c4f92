"""Sync runs: counted page by page, never two of a kind, and failures kept on the row."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from time_machine import TimeMachineFixture

from covage import Forbidden, Unreachable
from sync.leases import HeldLease, Taken
from sync.models import SyncRun
from sync.runs import LEASE_SECONDS, Run, as_far_as_possible, run

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

State = SyncRun.State


class ProcessKilled(BaseException):
    """The process died here."""


def row(kind: str = "carts") -> SyncRun:
    return SyncRun.objects.get(kind=kind)


def test_a_run_shows_how_far_it_is_while_it_goes_on() -> None:
    seen = []

    def ingest(page: list[str]) -> int:
        seen.append((row().state, row().pages, row().seen))
        return 1

    def sync(run: Run) -> None:
        run.each([["a", "b"], ["c"]], ingest)
        run.row.changed += 3
        run.row.gone += 2

    done = run("carts", sync)
    assert seen == [(State.RUNNING, 0, 0), (State.RUNNING, 1, 2)]
    assert (done.pages, done.seen, done.changed) == (2, 3, 5)
    assert done == row()
    assert (row().state, row().changed, row().gone, row().error) == (State.DONE, 5, 2, "")
    assert row().finished_at
    assert str(row()).startswith("carts 2")


@pytest.mark.parametrize("full", [True, False])
def test_a_run_knows_whether_it_is_to_be_full(full: bool) -> None:
    seen = []
    run("carts", lambda run: seen.append(run.full), full=full)
    assert seen == [full]
    assert row().full == full


def test_a_run_that_fails_says_why_and_the_next_one_may_start() -> None:
    def fail(run: Run) -> None:
        run.page(5, 1)
        raise Unreachable("Covage can't be reached.")

    with pytest.raises(Unreachable):
        run("carts", fail)
    assert (row().state, row().error, row().seen) == (
        State.FAILED,
        "Unreachable: Covage can't be reached.",
        5,
    )
    assert row().failure_sentence == (
        "Covage can't be reached. What was read before is kept, and it will be tried again."
    )
    assert row().finished_at
    assert run("carts", lambda run: None).state == State.DONE


def test_a_failure_without_a_message_is_named() -> None:
    def fail(run: Run) -> None:
        raise NotImplementedError

    with pytest.raises(NotImplementedError):
        run("carts", fail)
    assert row().error == "NotImplementedError: "
    assert row().failure_sentence.startswith("Something went wrong in Carnet.")


def test_a_run_shows_what_the_vendors_support_asks_for() -> None:
    def fail(run: Run) -> None:
        raise Unreachable("GET /orders: no connection (Timeout).", request_uuid="KOSC_7")

    with pytest.raises(Unreachable):
        run("carts", fail)
    assert row().request_uuid == "KOSC_7"
    assert SyncRun(error="").failure_sentence == SyncRun(error="").request_uuid == ""


def test_a_step_that_the_account_has_no_right_to_does_not_stop_the_others() -> None:
    run_steps: list[str] = []

    def forbidden() -> None:
        raise Forbidden("The account has no right to this.")

    with pytest.raises(Forbidden):
        as_far_as_possible(forbidden, lambda: run_steps.append("the other"))
    assert run_steps == ["the other"]


def test_a_step_that_fails_otherwise_ends_the_run() -> None:
    run_steps: list[str] = []

    def fail() -> None:
        raise Unreachable("Covage can't be reached.")

    with pytest.raises(Unreachable):
        as_far_as_possible(fail, lambda: run_steps.append("the other"))
    assert run_steps == []


def test_a_second_run_of_a_kind_does_not_start() -> None:
    def second(first: Run) -> None:
        with pytest.raises(Taken):
            run("carts", lambda run: None)
        run("orders", lambda run: None)

    run("carts", second)
    assert (row().state, row("orders").state) == (State.DONE, State.DONE)


def test_the_run_of_a_process_that_died_is_marked_as_failed_by_the_next() -> None:
    def die(run: Run) -> None:
        raise ProcessKilled

    with pytest.raises(ProcessKilled):
        run("carts", die)
    assert row().state == State.RUNNING
    run("carts", lambda run: None)
    first, second = SyncRun.objects.order_by("pk")
    assert (first.state, first.error, second.state) == (
        State.FAILED,
        "The process that was running it stopped.",
        State.DONE,
    )
    assert first.finished_at


def test_a_process_killed_outright_holds_up_the_next_run_for_no_longer_than_its_lease(
    noon: TimeMachineFixture,
) -> None:
    HeldLease("sync:carts", LEASE_SECONDS).acquire()
    with pytest.raises(Taken):
        run("carts", lambda run: None)
    noon.shift(LEASE_SECONDS + 1)
    assert run("carts", lambda run: None).state == State.DONE


@pytest.mark.parametrize("keep", [Run.keep, lambda run: run.page(1, 0)])
def test_each_page_and_each_sign_of_life_keeps_the_lease(
    noon: TimeMachineFixture, keep: Callable[[Run], None]
) -> None:
    def slow(run: Run) -> None:
        for _ in range(5):
            noon.shift(LEASE_SECONDS - 1)
            keep(run)
            with pytest.raises(Taken):
                HeldLease("sync:carts", LEASE_SECONDS).acquire()

    assert run("carts", slow).state == State.DONE


@pytest.mark.parametrize("pages_after", [0, 1])
def test_a_run_that_another_took_over_stops_and_is_not_marked_as_done(
    noon: TimeMachineFixture, pages_after: int
) -> None:
    reached = []

    def slow(slow_run: Run) -> None:
        noon.shift(LEASE_SECONDS + 1)
        run("carts", lambda run: None)
        for _ in range(pages_after):
            slow_run.page(1, 0)
            reached.append("further")

    with pytest.raises(Taken):
        run("carts", slow)
    assert reached == []
    assert [run.state for run in SyncRun.objects.order_by("pk")] == [State.FAILED, State.DONE]


def test_last_synced_at_is_the_start_of_the_newest_complete_run(noon: TimeMachineFixture) -> None:
    assert SyncRun.objects.last_synced_at("carts") is None
    began = timezone.now()
    run("carts", lambda run: noon.shift(60))
    run("orders", lambda run: None)
    with pytest.raises(Unreachable):
        run("carts", lambda run: (_ for _ in ()).throw(Unreachable("down")))
    assert SyncRun.objects.last_synced_at("carts") == began
    assert SyncRun.objects.last_synced_at("orders") == began + timedelta(seconds=60)

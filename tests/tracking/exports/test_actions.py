"""The vendor's own export of all orders: started, followed, fetched, whatever they do meanwhile."""

import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone
from time_machine import TimeMachineFixture

from accounts.models import User
from outbox import clients
from sync.leases import lease
from tests.conftest import People
from tests.sandbox_process import PACE, SandboxProcess
from tracking.exports import actions
from tracking.models import Export

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media"), pytest.mark.postgresql]

State = Export.State
LIMIT = 300


@pytest.fixture
def wait(time_machine: TimeMachineFixture, sandbox: SandboxProcess) -> Callable[[float], None]:
    """Let time pass, here and at the vendor."""

    def pass_time(seconds: float) -> None:
        time_machine.move_to(timezone.now() + timedelta(seconds=seconds))
        sandbox.advance(seconds)

    return pass_time


def ask(by: User) -> Export:
    export = actions.request_export(by)
    assert export
    return export


def go_on() -> int:
    """What the worker does next, as soon as it may ask again."""
    Export.objects.update(checked_at=None)
    return actions.advance_all(clients.client())


def only() -> Export:
    return Export.objects.get()


def started(sandbox: SandboxProcess) -> int:
    return sum(sandbox.counters()["exports_started"].values())


def test_an_export_is_started_followed_and_fetched(sandbox: SandboxProcess, by: User) -> None:
    export = ask(by)
    assert (export.state, export.requested_by, bool(export.task_id)) == (State.RUNNING, by, True)
    assert go_on() == 1, "they are at it still"
    assert only().started
    sandbox.advance(PACE)
    assert go_on() == 0
    export = only()
    assert (export.state, export.failure) == (State.READY, "")
    assert export.stopped
    content = export.content.read()
    assert content.startswith(b"\xef\xbb\xbfmodification_date;order_reference;")
    assert (export.size, content.count(b"\r\n")) == (len(content), 61)


def test_one_is_under_way_at_a_time_however_many_are_requested(
    sandbox: SandboxProcess, by: User, people: People
) -> None:
    first = ask(by)
    assert ask(people.administrator) == first
    assert started(sandbox) == 1


@pytest.mark.django_db(transaction=True)
def test_many_clicks_at_once_make_one(sandbox: SandboxProcess, by: User) -> None:
    found: list[Any] = []

    def click() -> None:
        try:
            found.append(actions.request_export(by))
        finally:
            connections.close_all()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    assert (started(sandbox), Export.objects.count()) == (1, 1)
    assert len(found) == 4
    assert set(found) <= {only(), None}


def test_the_next_one_is_not_requested_before_the_limit_has_passed(
    sandbox: SandboxProcess, by: User, wait: Callable[[float], None]
) -> None:
    ask(by)
    Export.objects.update(state=State.READY)
    with pytest.raises(actions.TooSoon) as refused:
        ask(by)
    assert refused.value.next_at == actions.next_at()
    assert started(sandbox) == 1
    wait(LIMIT + 1)
    assert actions.next_at() is None
    assert ask(by).state == State.RUNNING


def test_one_that_reaches_the_limit_waits_its_turn_and_starts_by_itself(
    sandbox: SandboxProcess, by: User, wait: Callable[[float], None]
) -> None:
    sandbox.call("POST", "order/export/csv/")
    export = ask(by)
    assert export.state == State.REQUESTED
    assert export.next_at
    assert timedelta(seconds=290) < export.next_at - timezone.now() <= timedelta(seconds=LIMIT)
    assert go_on() == 1
    assert started(sandbox) == 1, "the vendor is not asked before its turn"
    wait(LIMIT + 1)
    go_on()
    assert (only().state, started(sandbox)) == (State.RUNNING, 2)


def test_one_that_waits_its_turn_outlasts_an_outage(
    sandbox: SandboxProcess, by: User, wait: Callable[[float], None]
) -> None:
    sandbox.call("POST", "order/export/csv/")
    ask(by)
    wait(LIMIT + 1)
    sandbox.stop()
    try:
        assert go_on() == 1
    finally:
        sandbox.start()
    assert only().state == State.REQUESTED
    wait(61)
    go_on()
    assert only().state == State.RUNNING


def test_one_that_the_vendor_can_not_make_says_so(sandbox: SandboxProcess, by: User) -> None:
    sandbox.fail_next_export()
    ask(by)
    sandbox.advance(PACE)
    assert go_on() == 0
    assert (only().state, only().failure) == (State.FAILED, actions.NOT_MADE)


@pytest.mark.parametrize(
    "fault", [{"fault": "cut_body"}, {"fault": "html"}, {"fault": "drop_before"}, {"fault": "error"}]
)
def test_an_incomplete_file_is_tried_again(
    sandbox: SandboxProcess, by: User, media: Path, fault: dict[str, Any]
) -> None:
    ask(by)
    sandbox.advance(PACE)
    sandbox.faults([fault | {"path": "/download/$"}])
    assert go_on() == 1
    assert only().failure == actions.CUT_SHORT
    assert not list(media.rglob("*.csv")), "nothing of it is kept"
    sandbox.faults([])
    assert go_on() == 0
    assert (only().state, only().failure) == (State.READY, "")


@pytest.mark.parametrize("fault", ["drop_after", "error", "html", "cut_body"])
def test_without_an_answer_to_the_start_the_outcome_is_unknown_and_the_limit_applies(
    sandbox: SandboxProcess, by: User, fault: str
) -> None:
    sandbox.faults([{"fault": fault, "method": "POST", "path": "/export/csv/$"}])
    export = ask(by)
    assert (export.state, export.failure) == (State.FAILED, actions.PERHAPS_STARTED)
    with pytest.raises(actions.TooSoon):
        ask(by)


def test_in_an_outage_none_is_started_and_the_next_may_be_requested_at_once(
    sandbox: SandboxProcess, by: User
) -> None:
    sandbox.stop()
    try:
        assert ask(by).failure == actions.NOT_REACHED
    finally:
        sandbox.start()
    assert ask(by).state == State.RUNNING


@pytest.mark.parametrize("status", [403, 404])
def test_an_account_without_the_right_gets_a_message(sandbox: SandboxProcess, by: User, status: int) -> None:
    sandbox.faults([{"fault": "error", "method": "POST", "path": "/export/csv/$", "status": status}])
    assert ask(by).failure == actions.NOT_ALLOWED
    assert actions.next_at() is None


def test_an_outage_meanwhile_loses_nothing(sandbox: SandboxProcess, by: User) -> None:
    ask(by)
    sandbox.advance(PACE)
    sandbox.down()
    assert go_on() == 1
    assert (only().state, only().failure) == (State.RUNNING, "")
    sandbox.down(False)
    assert go_on() == 0
    assert only().state == State.READY


def test_one_that_the_vendor_no_longer_knows_is_given_up(sandbox: SandboxProcess, by: User) -> None:
    ask(by)
    Export.objects.update(task_id="no-such-task")
    assert go_on() == 0
    assert only().failure == actions.FORGOTTEN


def test_one_that_takes_too_long_is_given_up(sandbox: SandboxProcess, by: User) -> None:
    ask(by)
    Export.objects.update(requested_at=timezone.now() - actions.LONGEST - timedelta(seconds=1))
    assert go_on() == 0
    assert only().failure == actions.TOO_LONG


def test_the_vendor_is_rarely_asked_however_many_people_are_looking(
    sandbox: SandboxProcess, by: User
) -> None:
    ask(by)
    route = "GET /api/v1/order/export/{task_id}/status/"
    actions.refresh(only(), clients.client())
    assert sandbox.counters()["requests"].get(route, 0) == 0
    Export.objects.update(checked_at=None)
    for _ in range(3):
        actions.refresh(only(), clients.client())
    assert sandbox.counters()["requests"].get(route, 0) == 1


def test_one_that_somebody_else_is_following_is_left_to_them(sandbox: SandboxProcess, by: User) -> None:
    export = ask(by)
    Export.objects.update(checked_at=None)
    with lease(f"export:{export.pk}"):
        actions.refresh(only(), clients.client())
    assert only().checked_at is None


def test_two_requested_at_the_same_moment_are_one(sandbox: SandboxProcess, by: User) -> None:
    with lease("export"):
        assert actions.request_export(by) is None, "the other one has not begun it yet"
        export = Export.objects.create(requested_by=by)
        assert actions.request_export(by) == export
    assert started(sandbox) == 0
    assert go_on() == 1, "the worker begins it"
    assert only().state == State.RUNNING

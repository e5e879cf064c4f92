"""The worker's tasks: each may run twice at once, and a failing vendor stops none of them."""

from pathlib import Path

import pytest
from pytest_django import Settings
from time_machine import TimeMachineFixture

from sync.leases import lease
from sync.models import SyncRun
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tracking import tasks
from tracking.exports import actions
from tracking.models import Export, LeadTime, Order

pytestmark = pytest.mark.django_db(transaction=True)


def is_up_to_date() -> Order:
    """One order in production, once the list was read."""
    tasks.sync_orders()
    return Order.objects.filter(state="in_progress").earliest("pk")


def test_the_list_and_then_what_is_due_are_read(sandbox: SandboxProcess) -> None:
    tasks.sync_orders()
    tasks.sync_pages()
    tasks.roll_up()
    assert list(SyncRun.objects.order_by("id").values_list("kind", "state")) == [
        ("orders", "done"),
        ("order-pages", "done"),
    ]
    assert LeadTime.objects.exists()


def test_where_nothing_is_due_there_is_no_run(sandbox: SandboxProcess) -> None:
    tasks.sync_pages()
    assert not SyncRun.objects.exists()


def test_a_second_run_at_once_does_nothing(sandbox: SandboxProcess) -> None:
    with lease("sync:orders"):
        tasks.sync_orders()
    assert not SyncRun.objects.exists()


def test_an_outage_is_noted_on_the_run_and_in_the_log(
    sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.down()
    tasks.sync_orders(full=True)
    run = SyncRun.objects.get()
    assert (run.state, run.full, bool(run.error)) == ("failed", True, True)
    assert "The sync of orders stopped" in caplog.text


def test_an_order_is_read_again_for_a_person_who_waits(sandbox: SandboxProcess) -> None:
    order = is_up_to_date()
    assert tasks.refresh(order)
    assert Order.objects.get(pk=order.pk).read_at


def test_nobody_waits_for_what_another_is_reading_nor_for_a_vendor_who_is_down(
    sandbox: SandboxProcess,
) -> None:
    order = is_up_to_date()
    with lease(f"order:{order.pk}"):
        assert not tasks.refresh(order)
    sandbox.down()
    assert not tasks.refresh(order)
    tried = len(sandbox.log())
    assert not tasks.refresh(order)
    assert len(sandbox.log()) == tried, "they are known to be down, so they are not asked"


def test_exports_are_followed_until_none_is_under_way(
    sandbox: SandboxProcess,
    people: People,
    settings: Settings,
    tmp_path: Path,
    time_machine: TimeMachineFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.MEDIA_ROOT = tmp_path
    actions.request_export(people.back_office)
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        Export.objects.update(checked_at=None)
        if len(slept) == 2:
            sandbox.advance(3600)

    monkeypatch.setattr(tasks.time, "sleep", sleep)  # type: ignore[attr-defined]
    tasks.follow_exports()
    assert (Export.objects.get().state, slept) == ("ready", [tasks.PAUSE_SECONDS] * 2)


def test_exports_are_followed_for_no_longer_than_a_minute(
    sandbox: SandboxProcess, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    actions.request_export(people.back_office)
    monkeypatch.setattr(tasks, "WHOLE_MINUTE", tasks.timedelta())  # type: ignore[attr-defined]
    tasks.follow_exports()
    assert Export.objects.get().state == "running"

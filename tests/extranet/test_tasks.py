"""What the worker does: each may be run twice at once, and none lets a failing vendor stop the worker."""

import pytest
from pytest_django import Settings

from extranet import sync, tasks
from extranet.models import CopperOrder, Product
from outbox import apis, clients, health
from sync.leases import lease
from sync.models import SyncRun
from tests.apis import speak_to
from tests.extranet.order_factory import fresh, run_sync, upstream_id
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_orders_products_and_contacts_are_brought_in_step(sandbox: SandboxProcess) -> None:
    tasks.sync_extranet()
    tasks.sync_products()
    runs = SyncRun.objects.order_by("id").values_list("kind", "state", "full")
    assert list(runs) == [("extranet", "done", False), ("extranet-catalogue", "done", False)]
    assert Product.objects.exists()
    tasks.sync_extranet(full=True)
    assert SyncRun.objects.latest("id").full


def test_without_an_extranet_nothing_is_asked(settings: Settings) -> None:
    speak_to(settings, apis.COVAGE)
    tasks.sync_extranet()
    tasks.sync_products()
    assert not SyncRun.objects.exists()


def test_a_second_run_at_once_does_nothing(sandbox: SandboxProcess) -> None:
    with lease(f"sync:{sync.EXTRANET}"):
        tasks.sync_extranet()
    assert not SyncRun.objects.exists()


def test_an_outage_is_noted_on_the_run(
    sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    interactive = clients.interactive_extranet()
    monkeypatch.setattr(clients, "extranet", lambda: interactive)
    sandbox.down()
    tasks.sync_extranet()
    run = SyncRun.objects.get()
    assert (run.state, bool(run.error)) == ("failed", True)
    assert "The sync of extranet stopped" in caplog.text


def test_an_order_is_read_again_for_somebody_waiting_but_not_twice_at_once(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    assert tasks.refresh(fresh(order))
    assert fresh(order).draft["comment"] == "New"
    assert not tasks.refresh(fresh(order)), "that was a moment ago"


def test_an_order_that_somebody_is_reading_is_left_to_them(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    with lease(f"copper:{order.pk}"):
        assert not tasks.refresh(order)


def test_what_covage_never_got_is_not_asked_for(sandbox: SandboxProcess) -> None:
    assert not tasks.refresh(CopperOrder())


def test_an_outage_is_left_to_the_worker(
    sandbox: SandboxProcess, order: CopperOrder, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.down()
    caplog.set_level("INFO", "extranet.tasks")
    assert not tasks.refresh(order)
    assert "could not be read" in caplog.text
    assert not health.is_worth_trying(apis.EXTRANET)
    requested = sandbox.counters()["requests"]
    assert not tasks.refresh(order)
    assert sandbox.counters()["requests"] == requested
    assert fresh(order).checked_at is None


def test_an_order_that_is_gone_is_seen_to_be_gone(sandbox: SandboxProcess, order: CopperOrder) -> None:
    run_sync()
    sandbox.remove_copper(upstream_id(order))
    assert tasks.refresh(order)
    assert fresh(order).gone_at

"""Vendor → rows: the whole list once, then by events only what changed, and all of it in a full run."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from covage import Extranet
from extranet import sync
from extranet.ingest import ingest_events
from extranet.models import CopperOrder, OrderEvent
from notifications.models import Change
from outbox.apis import APIS
from sync import analyze
from tests.apis import speak_to
from tests.extranet.order_factory import elsewhere, fresh, open_order, refreshed, run_sync, upstream_id
from tests.extranet.sync_runs import A_ROUTE, EVENTS, LIST, run_and_count
from tests.sandbox.copper import activation
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


# The first run


def test_the_first_run_reads_the_list_and_all_events_and_no_single_order(
    copper_sandbox: SandboxProcess,
) -> None:
    run, requested = run_and_count(copper_sandbox)
    orders = copper_sandbox.copper(limit=1000)
    assert CopperOrder.objects.count() == len(orders) > 300
    assert (requested[LIST], requested[A_ROUTE]) == (1, 0)
    assert OrderEvent.objects.count() > len(orders)
    assert {order["status"] for order in orders} == set(CopperOrder.objects.values_list("status", flat=True))
    assert run.position
    assert not Change.objects.exists(), "a first import is no news"


def test_what_the_list_shows_is_in_the_rows(copper_sandbox: SandboxProcess) -> None:
    run_sync()
    for raw in copper_sandbox.copper("completed", 30):
        row = CopperOrder.objects.get(upstream_id=raw["order_uuid"])
        assert row.raw == raw
        assert (row.alias, row.type, row.status) == (raw["alias"], raw["type"], raw["status"])
        assert row.product_code == raw["product"]["code"]
        assert row.is_enni == (raw["product"]["line"]["family"]["code"] == "N")
        assert row.completion_date
        assert not row.is_draft


# By events


def test_when_nothing_happened_no_order_is_read_and_nothing_written(copper_sandbox: SandboxProcess) -> None:
    run_sync()
    with CaptureQueriesContext(connection) as statements:
        run, requested = run_and_count(copper_sandbox)
    assert (run.changed, run.seen) == (0, 0)
    assert (requested[LIST], requested[A_ROUTE], requested[EVENTS]) == (0, 0, 1)
    written = [one["sql"] for one in statements if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if '"extranet_' in sql]


def test_when_one_order_changed_one_is_read(copper_sandbox: SandboxProcess) -> None:
    run_sync()
    row = CopperOrder.objects.filter(status="running", service="collect").earliest("id")
    for comment in ("First", "Second"):
        copper_sandbox.on_copper(upstream_id(row), "change", {"comment": comment})
    run, requested = run_and_count(copper_sandbox)
    assert (run.changed, run.seen) == (1, 2)
    assert (requested[LIST], requested[A_ROUTE]) == (0, 1)
    assert fresh(row).raw["comment"] == "Second"
    assert Change.objects.get().changes["comment"][1] == "Second"
    assert OrderEvent.objects.filter(order_uuid=row.upstream_id, type="order-modified").count() == 2


def test_an_order_made_elsewhere_appears_as_nobody_s(sandbox: SandboxProcess) -> None:
    run_sync()
    elsewhere(sandbox).create_order(activation())
    run, requested = run_and_count(sandbox)
    assert (run.changed, requested[A_ROUTE]) == (1, 1)
    order = CopperOrder.objects.unowned().get()
    assert (order.operator_order_ref, order.owner, order.missing()) == ("UNTEL02-1", None, [])


def test_a_draft_deleted_elsewhere_is_gone(sandbox: SandboxProcess, order: CopperOrder) -> None:
    run_sync()
    elsewhere(sandbox).delete_order(upstream_id(order))
    run, _requests_of = run_and_count(sandbox)
    assert (run.changed, run.gone) == (1, 1)
    assert fresh(order).gone_at
    assert fresh(order).draft["owner.name"] == "Untel"
    assert CopperOrder.objects.drafts().count() == 0


def test_what_was_thought_gone_and_is_there_again_is_shown_again(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    CopperOrder.objects.update(gone_at=timezone.now())
    assert refreshed(order).gone_at is None


def test_events_of_other_things_and_without_sense_are_passed_over(sandbox: SandboxProcess) -> None:
    base = {"event_uuid": "e1", "type": "order-running", "object_type": "order", "object_uuid": "abc"}
    nonsense: list[dict[str, Any]] = [
        {},
        base | {"object_type": "contact"},
        base | {"object_uuid": None},
        base | {"object_uuid": ".."},
        base | {"object_uuid": "x" * 65},
        base | {"object_uuid": {"a": 1}},
        base | {"object_uuid": 7},
    ]
    assert ingest_events(nonsense) == set()
    assert ingest_events([base | {"event_uuid": None}]) == {"abc"}
    assert OrderEvent.objects.count() == 0
    odd = base | {"type": {"a": 1}, "event_date": "never", "creation_date": ["x"], "data": [None]}
    assert ingest_events([odd]) == {"abc"}
    assert str(OrderEvent.objects.get()) == "{'a': 1} abc"


@pytest.mark.parametrize("shape", ["list", "results", "items"])
def test_events_and_orders_are_read_to_their_end_in_every_shape(settings: Settings, shape: str) -> None:
    with SandboxProcess(
        "--pace", "3600", "--copper", "20", "--page-shape", shape, "--page-size", "7"
    ) as other:
        speak_to(settings, *APIS, at=other)
        run_sync()
        in_list = len(elsewhere(other).order_pages().__next__()) if shape == "list" else None
        everything = sum(len(page) for page in elsewhere(other).order_pages())
        assert CopperOrder.objects.count() == everything >= (in_list or 20)
        events = sum(len(page.items) for page in elsewhere(other).event_pages())
        assert OrderEvent.objects.count() == events > 40
        other.on_copper(str(CopperOrder.objects.earliest("id").upstream_id), "change", {"comment": "New"})
        assert run_sync().changed == 1


# The full reconciliation


def test_a_full_run_finds_changes_without_an_event(sandbox: SandboxProcess, sales: User) -> None:
    lost, changed = open_order(sales), open_order(sales)
    run_sync()
    sandbox.remove_copper(upstream_id(lost))
    # A change without an event: the row lost it.
    row = fresh(changed)
    CopperOrder.objects.filter(pk=row.pk).update(raw=row.raw | {"comment": "Old"})
    run, requested = run_and_count(sandbox)
    assert (run.gone, run.changed, requested[A_ROUTE]) == (0, 0, 0)
    run, requested = run_and_count(sandbox, full=True)
    assert (run.gone, run.changed, requested[A_ROUTE]) == (1, 2, 1)
    assert fresh(lost).gone_at
    assert fresh(changed).raw["comment"] == "STRAIGHT"


def test_a_second_full_run_of_the_same_writes_no_order(copper_sandbox: SandboxProcess) -> None:
    run_sync()
    with CaptureQueriesContext(connection) as statements:
        assert run_sync(full=True).changed == 0
    written = [one["sql"] for one in statements if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if '"extranet_copperorder"' in sql]


def test_what_a_list_lacks_by_mistake_is_not_gone(
    sandbox: SandboxProcess, order: CopperOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sync()
    monkeypatch.setattr(Extranet, "order_pages", lambda self: iter([]))
    assert run_sync(full=True).gone == 0
    assert fresh(order).gone_at is None


def test_after_many_changes_the_database_learns_of_them(
    copper_sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    refreshed: list[Any] = []
    monkeypatch.setattr(sync, "MANY", 10)
    monkeypatch.setattr(analyze, "refresh", refreshed.append)
    run_sync()
    run_sync()
    assert refreshed == [CopperOrder]


# One order


def test_a_single_order_can_be_read_again(sandbox: SandboxProcess, order: CopperOrder) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    before = timezone.now() - timedelta(seconds=1)
    read = refreshed(order)
    assert read.raw["comment"] == "New"
    assert read.checked_at
    assert read.checked_at > before

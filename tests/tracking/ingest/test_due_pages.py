"""Orders' own pages → rows: those that are due, first things first, and a single one for a person who waits."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from covage import ServerError, Unauthorized, Unreachable
from outbox import clients
from sync.models import SyncRun
from tests.sandbox_process import SandboxProcess
from tests.tracking.ingest.sync_runs import list_orders, read_pages, some
from tracking.ingest import mapping, reading, sync
from tracking.models import Order, OrderCount, OrderDetail

pytestmark = pytest.mark.django_db(transaction=True)


def make_due(*references: str) -> None:
    """Nothing is due but these orders' pages."""
    Order.objects.update(due_at=None)
    Order.objects.filter(reference__in=references).update(due_at=timezone.now() - timedelta(hours=1))


# Those that are due


def test_the_pages_of_due_orders_are_read(sandbox: SandboxProcess) -> None:
    list_orders()
    due = Order.objects.to_read().count()
    run = read_pages()
    assert run.seen == run.changed == due > 0
    assert OrderDetail.objects.exclude(detail={}).count() == due
    assert not Order.objects.to_read().exists()
    assert Order.objects.exclude(step="").exists()
    assert read_pages().seen == 0


def test_open_orders_come_first(sandbox: SandboxProcess) -> None:
    list_orders()
    by_turn = list(Order.objects.to_read().values_list("is_open", flat=True))
    assert by_turn == sorted(by_turn, reverse=True)
    assert set(by_turn) == {True, False}


@pytest.mark.parametrize("status", [403, 400, 500])
def test_an_order_whose_page_fails_is_put_off_and_the_rest_go_on(
    sandbox: SandboxProcess, status: int
) -> None:
    list_orders()
    bad, *good = some(4, is_open=True)
    make_due(bad, *good)
    sandbox.faults([{"fault": "error", "path": f"/{bad}/$", "status": status}])
    run = read_pages()
    assert (run.state, run.changed) == (SyncRun.State.DONE, 3)
    put_off = Order.objects.select_related("details").get(reference=bad)
    assert put_off.due_at
    assert put_off.due_at > timezone.now()
    assert put_off.details.failure == reading.UNREAD_PAGE
    sandbox.faults([])
    make_due(bad)
    read_pages()
    assert OrderDetail.objects.get(order__reference=bad).failure == ""


def test_an_order_that_is_gone_meanwhile_is_marked(sandbox: SandboxProcess) -> None:
    list_orders()
    (lost,) = some(is_open=True)
    make_due(lost)
    sandbox.remove_order(lost)
    read_pages()
    assert Order.objects.get(reference=lost).gone_at


def test_an_outage_ends_the_run_and_what_was_due_is_read_afterwards(sandbox: SandboxProcess) -> None:
    list_orders()
    first, *others = some(4, is_open=True)
    make_due(first, *others)
    sandbox.down()
    with pytest.raises(Unreachable):
        read_pages()
    assert Order.objects.to_read().count() == 3, "the next run begins with another one"
    sandbox.down(False)
    assert read_pages().changed == 3
    assert Order.objects.get(read_at=None, due_at__gt=timezone.now()).reference == first


def test_where_the_vendor_fails_at_every_order_the_run_ends(sandbox: SandboxProcess) -> None:
    list_orders()
    make_due(*some(2, is_open=True))
    sandbox.faults([{"fault": "error", "status": 503}])
    with pytest.raises(ServerError):
        read_pages()
    assert Order.objects.exclude(due_at=None).count() == 2


def test_a_refused_account_ends_the_run_and_puts_nothing_off(
    sandbox: SandboxProcess, settings: Settings
) -> None:
    list_orders()
    make_due(*some(2, is_open=True))
    settings.COVAGE_PASSWORD = "wrong"
    with pytest.raises(Unauthorized):
        read_pages()
    assert Order.objects.to_read().count() == 2


def test_a_fault_of_ours_with_one_order_does_not_stop_the_rest(
    sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    list_orders()
    bad, *good = some(3, is_open=True)
    make_due(bad, *good)
    apply_detail = mapping.apply_detail

    def faulty(order: Order, *args: Any) -> None:
        if order.reference == bad:
            raise ZeroDivisionError
        apply_detail(order, *args)

    monkeypatch.setattr(mapping, "apply_detail", faulty)
    assert read_pages().changed == 2
    assert bad in caplog.text
    assert not Order.objects.to_read().exists()


def test_pages_that_others_read_meanwhile_are_not_requested_again_and_again(sandbox: SandboxProcess) -> None:
    list_orders()
    (reference,) = some(is_open=True)
    make_due(reference)
    Order.objects.filter(reference=reference).update(read_at=timezone.now() + timedelta(hours=1))
    assert read_pages().changed == 0
    assert not Order.objects.to_read().exists()


# One order, for a person who waits


def test_one_order_is_read_again_and_recounted(sandbox: SandboxProcess) -> None:
    list_orders()
    order = Order.objects.filter(state="in_progress").earliest("pk")
    sandbox.on_order(order.reference, "change", {"state": "frozen"})
    sync.refresh(order, clients.client())
    assert Order.objects.get(pk=order.pk).state == "frozen"
    assert OrderCount.objects.filter(state="frozen").exists()


def test_one_order_that_is_gone_is_marked(sandbox: SandboxProcess) -> None:
    list_orders()
    order = Order.objects.earliest("pk")
    sandbox.remove_order(order.reference)
    sync.refresh(order, clients.client())
    assert Order.objects.get(pk=order.pk).gone_at

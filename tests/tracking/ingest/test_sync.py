"""Vendor → rows: the whole list, what is gone, and the requests and reasons listed beside it."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from covage import CovageError
from notifications.models import Change
from sync.models import SyncRun
from tests.sandbox_process import SandboxProcess
from tests.tracking.ingest.sync_runs import ORDERS, list_orders, newest, read_pages, some
from tracking.ingest import store, sync
from tracking.models import Order, OrderCount, Request, TerminationReason, uuid_of
from tracking.orders.dates import last_notice_on

pytestmark = pytest.mark.django_db(transaction=True)


# The list


def test_the_list_becomes_rows_and_the_run_counts_them(sandbox: SandboxProcess) -> None:
    run = list_orders()
    assert Order.objects.count() == run.seen == ORDERS
    assert (run.gone, run.position) == (0, "")
    assert sum(OrderCount.objects.values_list("count", flat=True)) == ORDERS
    assert Request.objects.count() == len(sandbox.call("GET", "order_request/").json()) > 0
    assert TerminationReason.objects.count() == 5
    assert not Change.objects.exists(), "a first import is no change"


def test_a_second_sync_without_changes_writes_no_order(sandbox: SandboxProcess) -> None:
    list_orders()
    with CaptureQueriesContext(connection) as statements:
        assert list_orders().changed == 0
    written = [one["sql"] for one in statements if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    # Requests are offered in one statement, which leaves alone what is the same.
    for table in ("order", "terminationreason"):
        assert not any(f'"tracking_{table}"' in sql for sql in written), table


def test_a_change_is_ingested_and_reported(sandbox: SandboxProcess) -> None:
    list_orders()
    (reference,) = some(state="in_progress")
    sandbox.on_order(reference, "change", {"end_customer_name": "Boulangerie Martin"})
    assert list_orders().changed == 1
    assert Order.objects.get(reference=reference).end_customer_name == "Boulangerie Martin"
    assert Change.objects.get().changes["end_customer_name"][1] == "Boulangerie Martin"


def test_a_full_sync_makes_the_pages_of_all_open_orders_due(sandbox: SandboxProcess) -> None:
    list_orders()
    Order.objects.update(due_at=None, read_at=timezone.now())
    list_orders(full=True)
    assert Order.objects.filter(is_open=True, due_at=None).count() == 0
    assert Order.objects.filter(is_open=False).exclude(due_at=None).count() == 0


def test_the_notice_of_an_old_order_is_read_in_time(sandbox: SandboxProcess) -> None:
    list_orders()
    soon, late = some(2, state="active")
    today = timezone.localdate()
    Order.objects.update(due_at=None, read_at=None, notice_on=None)
    Order.objects.filter(reference=soon).update(notice_on=today + timedelta(days=200))
    Order.objects.filter(reference=late).update(notice_on=today + timedelta(days=700))
    list_orders()
    assert some(9, due_at__isnull=False) == [soon]
    read_pages()
    read = Order.objects.get(reference=soon)
    assert read.notice_period
    assert read.notice_on == last_notice_on(read.commitment_end_date, read.notice_period)


def test_nonsense_in_place_of_the_list_fails_the_run_and_says_so(sandbox: SandboxProcess) -> None:
    sandbox.faults([{"fault": "html", "path": "/order/$"}])
    with pytest.raises(CovageError):
        list_orders()
    assert (newest().state, bool(newest().error)) == (SyncRun.State.FAILED, True)


# What is gone


def test_an_order_missing_from_a_whole_listing_is_checked_and_only_then_gone(sandbox: SandboxProcess) -> None:
    list_orders()
    lost, hidden = some(2)
    sandbox.remove_order(lost)
    # The list lacks the second one too: it has another reference there.
    Order.objects.filter(reference=hidden).update(reference="CMD_X_77777777", uuid=uuid_of("CMD_X_77777777"))
    sandbox.faults([{"fault": "error", "path": "/CMD_X_77777777/$", "status": 403}])
    assert list_orders().gone == 1
    assert set(Order.objects.exclude(gone_at=None).values_list("reference", flat=True)) == {lost}


def test_an_order_that_got_another_reference_has_one_row_that_counts(sandbox: SandboxProcess) -> None:
    list_orders()
    order = Order.objects.earliest("pk")
    # Listed without its own reference at first, it was known by its id, by which it can still be requested.
    Order.objects.filter(pk=order.pk).update(reference=order.upstream_id, uuid=uuid_of("first"))
    list_orders()
    first, second = Order.objects.filter(upstream_id=order.upstream_id).order_by("pk")
    assert (first.gone_at is None, second.gone_at is None) == (False, True)


def test_a_gone_order_that_is_listed_again_comes_back(sandbox: SandboxProcess) -> None:
    list_orders()
    (reference,) = some()
    store.mark_gone(reference, timezone.now())
    list_orders()
    assert Order.objects.get(reference=reference).gone_at is None


# Requests and reasons


def test_a_request_that_is_no_longer_listed_is_marked(sandbox: SandboxProcess) -> None:
    list_orders()
    Request.objects.create(upstream_id="lost", digest="x")
    list_orders()
    assert list(Request.objects.exclude(gone_at=None).values_list("upstream_id", flat=True)) == ["lost"]


@pytest.mark.parametrize("status", [403, 404])
def test_an_account_without_a_right_to_requests_or_reasons_keeps_those_known(
    sandbox: SandboxProcess, status: int
) -> None:
    list_orders()
    requests = Request.objects.count()
    sandbox.faults(
        [
            {"fault": "error", "path": f"/{path}/$", "status": status}
            for path in ("order_request", "terminate_reason")
        ]
    )
    assert list_orders().state == SyncRun.State.DONE
    assert (Request.objects.filter(gone_at=None).count(), TerminationReason.objects.count()) == (requests, 5)


def test_reasons_follow_the_vendors_words_and_order(sandbox: SandboxProcess) -> None:
    TerminationReason.objects.create(label="Obsolete", position=0)
    list_orders()
    assert TerminationReason.objects.first() == TerminationReason.objects.get(label="Cessation d'activité")
    assert not TerminationReason.objects.filter(label="Obsolete").exists()


@pytest.mark.parametrize(
    "document", [{}, {"id": None}, {"id": ["x"], "order_reference": 5, "creation_date": {}}]
)
def test_requests_of_any_shape_are_stored_or_ignored(document: dict[str, Any]) -> None:
    assert sync.ingest_requests([document]) == (1 if document.get("id") else 0)

"""Vendor → rows: the whole list, what is gone, where a broken listing goes on, and the orders' own pages."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from covage import CovageError, ServerError, Unauthorized, Unreachable
from notifications.models import Change
from outbox import clients
from sync import runs
from sync.models import SyncRun
from sync.runs import Run
from tests.sandbox_process import SandboxProcess
from tracking.ingest import reading, store, sync
from tracking.models import Order, OrderCount, OrderDetail, Request, TerminationReason, uuid_of
from tracking.orders.dates import last_notice_on

pytestmark = pytest.mark.django_db(transaction=True)

ORDERS = 60
SIZE = 7


def list_orders(*, full: bool = False) -> SyncRun:
    return runs.run(sync.ORDERS, sync.sync_orders, full=full)


def read_pages() -> SyncRun:
    return runs.run(sync.PAGES, sync.sync_pages)


def newest() -> SyncRun:
    return SyncRun.objects.latest("id")


def make_due(*references: str) -> None:
    """Nothing is due but these orders' pages."""
    Order.objects.update(due_at=None)
    Order.objects.filter(reference__in=references).update(due_at=timezone.now() - timedelta(hours=1))


def some(number: int = 1, **columns: Any) -> list[str]:
    return list(Order.objects.filter(**columns).order_by("pk").values_list("reference", flat=True)[:number])


def request_count(sandbox: SandboxProcess, route: str = "GET /api/v1/order/") -> int:
    return sandbox.counters()["requests"].get(route, 0)


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


# A listing that breaks


@pytest.fixture(scope="module", params=["results", "items"])
def paged_sandbox(request: pytest.FixtureRequest) -> Iterator[SandboxProcess]:
    flags = ("--page-shape", request.param, "--page-size", str(SIZE))
    with SandboxProcess("--orders", str(ORDERS), "--pace", "3600", *flags) as process:
        yield process


@pytest.fixture
def paged(paged_sandbox: SandboxProcess, settings: Settings) -> SandboxProcess:
    paged_sandbox.reset()
    settings.COVAGE_API_URL, settings.COVAGE_TOKEN_URL = paged_sandbox.url, paged_sandbox.token_url
    return paged_sandbox


@pytest.fixture
def breaking(monkeypatch: pytest.MonkeyPatch) -> Callable[[SandboxProcess, int], SyncRun]:
    """A sync of the list during which the vendor goes down after this many pages."""

    def run_until(sandbox: SandboxProcess, pages: int) -> SyncRun:
        def broken(run: Run) -> None:
            count = run.page

            def page(*args: Any, **options: Any) -> None:
                count(*args, **options)
                if run.row.pages == pages:
                    sandbox.down()

            monkeypatch.setattr(run, "page", page)
            sync.sync_orders(run)

        if pages == 0:
            sandbox.down()
        with pytest.raises(CovageError):
            runs.run(sync.ORDERS, broken)
        sandbox.down(False)
        return newest()

    return run_until


def test_a_list_in_pages_is_read_completely(paged: SandboxProcess) -> None:
    run = list_orders()
    assert run.seen == run.total == Order.objects.count() == ORDERS


def test_a_listing_that_broke_goes_on_where_it_stopped(
    paged: SandboxProcess, breaking: Callable[[SandboxProcess, int], SyncRun]
) -> None:
    run = breaking(paged, 3)
    assert run.state == SyncRun.State.FAILED
    assert run.seen == Order.objects.count() == 3 * SIZE
    before = request_count(paged)
    run = list_orders()
    assert run.seen == run.total == Order.objects.count() == ORDERS
    assert request_count(paged) - before == 6
    assert not Change.objects.exists(), "it is the first import still"


def test_a_listing_of_one_page_that_broke_after_it_starts_again(
    sandbox: SandboxProcess, breaking: Callable[[SandboxProcess, int], SyncRun]
) -> None:
    run = breaking(sandbox, 1)
    assert (run.seen, run.position) == (ORDERS, "")
    assert list_orders().seen == ORDERS


def test_an_outage_over_several_runs_does_not_lose_the_place(
    paged: SandboxProcess, breaking: Callable[[SandboxProcess, int], SyncRun]
) -> None:
    first = breaking(paged, 2)
    second = breaking(paged, 0)
    assert (second.position, second.seen, second.total) == (first.position, 2 * SIZE, ORDERS)
    assert list_orders().seen == ORDERS


def test_a_listing_that_went_on_half_way_marks_nothing_gone(
    paged: SandboxProcess, breaking: Callable[[SandboxProcess, int], SyncRun]
) -> None:
    list_orders()
    breaking(paged, 4)
    paged.remove_order(some()[0])
    assert list_orders().gone == 0
    assert list_orders().gone == 1


@pytest.mark.parametrize(
    "positions",
    [
        {"results": "?page=999", "items": "?limit=7&offset=999"},
        dict.fromkeys(["results", "items"], "https://elsewhere.example.test/?page=2"),
    ],
)
def test_a_position_that_the_vendor_does_not_know_restarts_the_listing(
    paged: SandboxProcess, positions: dict[str, str]
) -> None:
    position = positions[paged.arguments[5]]
    SyncRun.objects.create(kind=sync.ORDERS, state=SyncRun.State.FAILED, position=position, seen=50)
    assert list_orders().seen == Order.objects.count() == ORDERS


@pytest.mark.parametrize(
    "earlier", [{"state": "done"}, {"position": ""}, {"started_at": "2020-01-01T00:00Z"}]
)
def test_only_a_run_that_failed_recently_in_the_middle_is_resumed(
    sandbox: SandboxProcess, earlier: dict[str, Any]
) -> None:
    columns = {"state": "failed", "position": "?page=2", "seen": 7} | earlier
    SyncRun.objects.create(kind=sync.ORDERS, **columns)
    assert list_orders().seen == ORDERS


def test_a_full_run_starts_from_the_beginning(sandbox: SandboxProcess) -> None:
    SyncRun.objects.create(kind=sync.ORDERS, state="failed", position="?page=2", seen=7)
    assert list_orders(full=True).seen == ORDERS


def test_its_progress_can_be_read_while_it_runs(
    paged: SandboxProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[int, int | None]] = []
    ingest_page = store.ingest_page

    def watched(*args: Any, **options: Any) -> int:
        seen.append((newest().seen, newest().total))
        return ingest_page(*args, **options)

    monkeypatch.setattr(store, "ingest_page", watched)
    list_orders()
    assert seen == [(0, None), *((page * SIZE, ORDERS) for page in range(1, 9))]


def test_nonsense_in_place_of_the_list_fails_the_run_and_says_so(sandbox: SandboxProcess) -> None:
    sandbox.faults([{"fault": "html", "path": "/order/$"}])
    with pytest.raises(CovageError):
        list_orders()
    assert (newest().state, bool(newest().error)) == (SyncRun.State.FAILED, True)


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


# Own pages


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
    clients._client.cache_clear()
    with pytest.raises(Unauthorized):
        read_pages()
    assert Order.objects.to_read().count() == 2


def test_a_fault_of_ours_with_one_order_does_not_stop_the_rest(
    sandbox: SandboxProcess, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    list_orders()
    bad, *good = some(3, is_open=True)
    make_due(bad, *good)
    ingest_history = store._ingest_history

    def faulty(order: Order, *args: Any) -> None:
        if order.reference == bad:
            raise ZeroDivisionError
        ingest_history(order, *args)

    monkeypatch.setattr(store, "_ingest_history", faulty)
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

"""A listing in pages that broke: where the next one goes on, and when it starts again."""

from collections.abc import Callable
from typing import Any

import pytest

from covage import CovageError
from notifications.models import Change
from sync import runs
from sync.models import SyncRun
from sync.runs import Run
from tests.conftest import StandIn
from tests.sandbox_process import SandboxProcess
from tests.tracking.ingest.sync_runs import ORDERS, list_orders, newest, some
from tracking.ingest import store, sync
from tracking.models import Order

pytestmark = pytest.mark.django_db(transaction=True)

SIZE = 7


def request_count(sandbox: SandboxProcess, route: str = "GET /api/v1/order/") -> int:
    return sandbox.counters()["requests"].get(route, 0)


@pytest.fixture(params=["results", "items"])
def paged(request: pytest.FixtureRequest, connected_to: StandIn) -> SandboxProcess:
    """A vendor whose list comes in pages, of either shape."""
    return connected_to("--orders", str(ORDERS), "--page-size", str(SIZE), "--page-shape", request.param)


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
    position = positions[paged.arguments[-1]]
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

"""Syncs of copper orders that fail or can't read everything: the next one makes up for it, and nothing is lost."""

import pytest

from accounts.models import User
from covage import CovageError, Extranet, Forbidden, RateLimited, ServerError
from extranet import sync
from extranet.models import CopperOrder
from notifications.models import Change
from outbox import clients
from sync.listing import listed
from sync.models import SyncRun
from tests.extranet.order_factory import fresh, open_order, requests, run_sync, upstream_id
from tests.extranet.sync_runs import A_ROUTE, EVENTS, fail_reading, run_and_count
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("impatient")]


def _newest() -> SyncRun:
    return SyncRun.objects.filter(kind=sync.EXTRANET).latest("id")


def test_an_order_that_can_t_be_read_does_not_block_others(sandbox: SandboxProcess, sales: User) -> None:
    first, second = open_order(sales), open_order(sales)
    run_sync()
    for order in (first, second):
        sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    fail_reading(sandbox, f"/api/orders/{first.upstream_id}/$")
    assert run_sync().changed == 1
    assert (fresh(first).raw["comment"], fresh(second).raw["comment"]) == ("STRAIGHT", "New")
    sandbox.faults([])
    run, requested = run_and_count(sandbox)
    assert (run.changed, requested[A_ROUTE]) == (1, 1), "it is asked for again"
    assert fresh(first).raw["comment"] == "New"
    _run_again, requested = run_and_count(sandbox)
    assert requested[A_ROUTE] == 0


def test_a_run_goes_on_after_the_last_page_that_it_got_through(sandbox: SandboxProcess, sales: User) -> None:
    first, second = open_order(sales), open_order(sales)
    run_sync()
    sandbox.on_copper(upstream_id(first), "change", {"comment": "New"})
    run_sync()
    sandbox.on_copper(upstream_id(second), "change", {"comment": "New"})
    fail_reading(sandbox, f"/api/orders/{second.upstream_id}/$", fault="rate_limit")
    with pytest.raises(RateLimited):
        run_sync()
    assert fresh(second).raw["comment"] == "STRAIGHT"
    sandbox.faults([])
    run, requested = run_and_count(sandbox)
    assert (run.changed, requested[A_ROUTE]) == (1, 1)
    assert fresh(second).raw["comment"] == "New"


@pytest.mark.parametrize("path", ["/api/orders/$", "/api/events/$"])
def test_a_first_run_that_fails_starts_over(copper_sandbox: SandboxProcess, path: str) -> None:
    fail_reading(copper_sandbox, path)
    with pytest.raises(ServerError):
        run_sync()
    copper_sandbox.faults([])
    run_sync()
    assert CopperOrder.objects.count() == len(copper_sandbox.copper(limit=1000))
    assert not Change.objects.exists()


def test_the_list_is_read_even_where_the_events_can_t_be(copper_sandbox: SandboxProcess) -> None:
    fail_reading(copper_sandbox, "/api/events/$", status=403)
    with pytest.raises(Forbidden):
        run_sync()
    assert CopperOrder.objects.count() == len(copper_sandbox.copper(limit=1000))
    assert (_newest().state, "KOSC_" in _newest().error) == (SyncRun.State.FAILED, True)


def test_a_full_run_that_fails_at_the_list_loses_nothing_of_what_happened(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    run_sync()
    sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    fail_reading(sandbox, "/api/orders/$")
    with pytest.raises(ServerError):
        run_sync(full=True)
    sandbox.faults([])
    run_sync()
    assert fresh(order).raw["comment"] == "New"


def test_a_full_run_reads_what_happened_even_where_the_list_shows_less(
    sandbox: SandboxProcess, order: CopperOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_sync()
    sandbox.on_copper(upstream_id(order), "change", {"contacts": {"operator": {"contact_uuid": "k2nlerox"}}})
    short = [{"order_uuid": order.upstream_id, "status": "draft", "owner": {"name": "Untel"}}]
    monkeypatch.setattr(Extranet, "order_pages", lambda self: iter([short]))
    run_sync(full=True)
    order = fresh(order)
    assert order.draft["contacts.operator.contact_uuid"] == "k2nlerox"
    assert (order.draft["owner.type"], order.draft["comment"]) == ("unregistrated", "STRAIGHT")
    assert order.conflicts == {}


@pytest.mark.parametrize("status", [400, 404])
def test_a_position_that_the_vendor_does_not_know_any_more_is_left_for_a_moment(
    sandbox: SandboxProcess, order: CopperOrder, status: int
) -> None:
    run_sync()
    sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    fail_reading(sandbox, "/api/events/$", status=status, times=1)
    run, requested = run_and_count(sandbox)
    assert fresh(order).raw["comment"] == "New"
    assert requested[EVENTS] > 1
    assert run.state == "done"


def test_without_positions_events_are_read_by_moments(sandbox: SandboxProcess, order: CopperOrder) -> None:
    run_sync()
    SyncRun.objects.update(position="")
    sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    run_sync()
    assert fresh(order).raw["comment"] == "New"
    assert any(
        "creation_date_gt" in str(entry["query"]) for entry in requests(sandbox, "GET", "/api/events/")
    )


def test_a_list_that_is_not_found_says_nothing_of_what_is_in_it(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    run_sync()
    fail_reading(sandbox, "/api/orders/$", status=404)
    with pytest.raises(CovageError):
        run_sync(full=True)
    with pytest.raises(CovageError):
        list(listed(clients.extranet().order_pages()))
    assert fresh(order).gone_at is None

"""Vendor → rows: the whole list once, then by events only what changed; nothing lost by a run that fails."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from covage import CovageError, Extranet, Forbidden, NotFound, RateLimited, ServerError
from extranet import sync
from extranet.drafts import actions
from extranet.ingest import ingest_events, ingest_products, recount
from extranet.models import Contact, CopperOrder, OrderEvent, Product
from notifications.models import Change
from outbox import clients
from outbox.apis import APIS
from sync import analyze
from sync.listing import listed
from sync.models import SyncRun
from tests.apis import speak_to
from tests.extranet.order_factory import (
    completed_order,
    elsewhere,
    fresh,
    open_order,
    read_products,
    ready_values,
    refreshed,
    requests,
    run_sync,
    upstream_id,
)
from tests.extranet.products import known_contact
from tests.sandbox.copper import activation, termination
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

A_ROUTE = "GET /api/orders/{order_uuid}/"
LIST, EVENTS = "GET /api/orders/", "GET /api/events/"


def _requests_of(sandbox: SandboxProcess, route: str) -> int:
    return sandbox.counters()["requests"].get(route, 0)


def _since(sandbox: SandboxProcess) -> dict[str, int]:
    return {route: _requests_of(sandbox, route) for route in (A_ROUTE, LIST, EVENTS)}


def _run(sandbox: SandboxProcess, *, full: bool = False) -> tuple[SyncRun, dict[str, int]]:
    """A run, and how many requests it sent by route."""
    before = _since(sandbox)
    run = run_sync(full=full)
    return run, {route: count - before[route] for route, count in _since(sandbox).items()}


def _newest() -> SyncRun:
    return SyncRun.objects.filter(kind=sync.EXTRANET).latest("id")


def _fail(sandbox: SandboxProcess, path: str, **more: Any) -> None:
    sandbox.faults([{"fault": "error", "method": "GET", "path": path} | more])


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that gives up at once."""
    patient = clients.extranet
    monkeypatch.setattr(clients, "extranet", lambda: patient().with_timeout(5))


# The first run


def test_the_first_run_reads_the_list_and_all_events_and_no_single_order(
    copper_sandbox: SandboxProcess,
) -> None:
    run, requested = _run(copper_sandbox)
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
        run, requested = _run(copper_sandbox)
    assert (run.changed, run.seen) == (0, 0)
    assert (requested[LIST], requested[A_ROUTE], requested[EVENTS]) == (0, 0, 1)
    written = [one["sql"] for one in statements if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
    assert not [sql for sql in written if '"extranet_' in sql]


def test_when_one_order_changed_one_is_read(copper_sandbox: SandboxProcess) -> None:
    run_sync()
    row = CopperOrder.objects.filter(status="running", service="collect").earliest("id")
    for comment in ("First", "Second"):
        copper_sandbox.on_copper(upstream_id(row), "change", {"comment": comment})
    run, requested = _run(copper_sandbox)
    assert (run.changed, run.seen) == (1, 2)
    assert (requested[LIST], requested[A_ROUTE]) == (0, 1)
    assert fresh(row).raw["comment"] == "Second"
    assert Change.objects.get().changes["comment"][1] == "Second"
    assert OrderEvent.objects.filter(order_uuid=row.upstream_id, type="order-modified").count() == 2


def test_an_order_made_elsewhere_appears_as_nobody_s(sandbox: SandboxProcess) -> None:
    run_sync()
    elsewhere(sandbox).create_order(activation())
    run, requested = _run(sandbox)
    assert (run.changed, requested[A_ROUTE]) == (1, 1)
    order = CopperOrder.objects.unowned().get()
    assert (order.operator_order_ref, order.owner, order.missing()) == ("UNTEL02-1", None, [])


def test_a_draft_deleted_elsewhere_is_gone(sandbox: SandboxProcess, order: CopperOrder) -> None:
    run_sync()
    elsewhere(sandbox).delete_order(upstream_id(order))
    run, _requests_of = _run(sandbox)
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


# What fails


def test_an_order_that_can_t_be_read_does_not_block_others(sandbox: SandboxProcess, sales: User) -> None:
    first, second = open_order(sales), open_order(sales)
    run_sync()
    for order in (first, second):
        sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    _fail(sandbox, f"/api/orders/{first.upstream_id}/$")
    assert run_sync().changed == 1
    assert (fresh(first).raw["comment"], fresh(second).raw["comment"]) == ("STRAIGHT", "New")
    sandbox.faults([])
    run, requested = _run(sandbox)
    assert (run.changed, requested[A_ROUTE]) == (1, 1), "it is asked for again"
    assert fresh(first).raw["comment"] == "New"
    _run_again, requested = _run(sandbox)
    assert requested[A_ROUTE] == 0


def test_a_run_goes_on_after_the_last_page_that_it_got_through(sandbox: SandboxProcess, sales: User) -> None:
    first, second = open_order(sales), open_order(sales)
    run_sync()
    sandbox.on_copper(upstream_id(first), "change", {"comment": "New"})
    run_sync()
    sandbox.on_copper(upstream_id(second), "change", {"comment": "New"})
    _fail(sandbox, f"/api/orders/{second.upstream_id}/$", fault="rate_limit")
    with pytest.raises(RateLimited):
        run_sync()
    assert fresh(second).raw["comment"] == "STRAIGHT"
    sandbox.faults([])
    run, requested = _run(sandbox)
    assert (run.changed, requested[A_ROUTE]) == (1, 1)
    assert fresh(second).raw["comment"] == "New"


@pytest.mark.parametrize("path", ["/api/orders/$", "/api/events/$"])
def test_a_first_run_that_fails_starts_over(copper_sandbox: SandboxProcess, path: str) -> None:
    _fail(copper_sandbox, path)
    with pytest.raises(ServerError):
        run_sync()
    copper_sandbox.faults([])
    run_sync()
    assert CopperOrder.objects.count() == len(copper_sandbox.copper(limit=1000))
    assert not Change.objects.exists()


def test_the_list_is_read_even_where_the_events_can_t_be(copper_sandbox: SandboxProcess) -> None:
    _fail(copper_sandbox, "/api/events/$", status=403)
    with pytest.raises(Forbidden):
        run_sync()
    assert CopperOrder.objects.count() == len(copper_sandbox.copper(limit=1000))
    assert (_newest().state, "KOSC_" in _newest().error) == (SyncRun.State.FAILED, True)


def test_a_full_run_that_fails_at_the_list_loses_nothing_of_what_happened(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    run_sync()
    sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    _fail(sandbox, "/api/orders/$")
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
    _fail(sandbox, "/api/events/$", status=status, times=1)
    run, requested = _run(sandbox)
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
    _fail(sandbox, "/api/orders/$", status=404)
    with pytest.raises(CovageError):
        run_sync(full=True)
    with pytest.raises(CovageError):
        list(listed(clients.extranet().order_pages()))
    assert fresh(order).gone_at is None


# The full reconciliation


def test_a_full_run_finds_changes_without_an_event(sandbox: SandboxProcess, sales: User) -> None:
    lost, changed = open_order(sales), open_order(sales)
    run_sync()
    sandbox.remove_copper(upstream_id(lost))
    # A change without an event: the row lost it.
    row = fresh(changed)
    CopperOrder.objects.filter(pk=row.pk).update(raw=row.raw | {"comment": "Old"})
    run, requested = _run(sandbox)
    assert (run.gone, run.changed, requested[A_ROUTE]) == (0, 0, 0)
    run, requested = _run(sandbox, full=True)
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


# Products


def test_products_and_contacts_are_read_and_a_second_run_changes_nothing(sandbox: SandboxProcess) -> None:
    run = read_products()
    assert run.changed == Product.objects.count() + Contact.objects.count() == 15
    product = Product.objects.get(code="SD01")
    assert (product.family, str(product), product.document["line"]["code"]) == ("S", "SD01", "SD")
    assert str(Contact.objects.get(upstream_id="bp5nkkcx")) == "Camille Rambaud"
    assert read_products().changed == 0
    assert set(Product.objects.orderable().values_list("family", flat=True)) == {"A", "S", "M"}


def test_what_the_list_of_products_lacks_is_gone_until_it_is_there_again(sandbox: SandboxProcess) -> None:
    read_products()
    extra = Product.objects.create(code="ZZ99", digest="x")
    run = read_products()
    extra.refresh_from_db()
    assert (run.gone, extra.gone_at is not None) == (1, True)
    ingest_products([{"code": "ZZ99", "name": 7, "line": "nonsense"}], timezone.now())
    extra.refresh_from_db()
    assert (extra.gone_at, extra.name, extra.family) == (None, "7", "")


@pytest.mark.parametrize("path", ["/api/products/$", "/api/contacts/$"])
@pytest.mark.parametrize(("status", "error"), [(403, Forbidden), (404, NotFound)])
def test_what_the_account_has_no_right_to_stays_as_it_is_and_the_run_says_so(
    sandbox: SandboxProcess, path: str, status: int, error: type[Exception]
) -> None:
    read_products()
    before = Product.objects.count(), Contact.objects.count()
    _fail(sandbox, path, status=status)
    with pytest.raises(error):
        read_products()
    assert (
        Product.objects.filter(gone_at=None).count(),
        Contact.objects.filter(gone_at=None).count(),
    ) == before
    run = SyncRun.objects.latest("id")
    assert (run.state, run.gone, "support reference" in run.error) == (SyncRun.State.FAILED, 0, True)


@pytest.mark.parametrize(("barred", "read"), [("/api/products/$", Contact), ("/api/contacts/$", Product)])
def test_the_right_to_one_is_used_where_the_other_is_missing(
    sandbox: SandboxProcess, barred: str, read: type[Model]
) -> None:
    _fail(sandbox, barred, status=403)
    with pytest.raises(Forbidden):
        read_products()
    assert [model for model in (Product, Contact) if model._default_manager.exists()] == [read]


def test_what_may_be_read_counts_at_once_even_where_the_rest_may_not(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = actions.create_order(sales, ready_values(product__code="ZZ99"))
    _fail(sandbox, "/api/contacts/$", status=403)
    with pytest.raises(Forbidden):
        read_products()
    assert fresh(order).missing_count == order.missing_count + 1


# What drafts lack for what others became


def test_drafts_of_a_product_that_went_lack_one_until_it_is_there_again(
    sandbox: SandboxProcess, sales: User
) -> None:
    read_products()
    Product.objects.create(code="ZZ99", digest="x")
    losing, finding = (
        actions.create_order(sales, ready_values(product__code=code)) for code in ("ZZ99", "SD01")
    )
    Product.objects.filter(code="SD01").update(gone_at=timezone.now(), digest="")
    recount()
    assert [fresh(order).missing_count - order.missing_count for order in (losing, finding)] == [0, 1]
    read_products()
    assert [fresh(order).missing_count - order.missing_count for order in (losing, finding)] == [1, 0]


def test_a_draft_lacks_a_reference_of_its_own_while_another_order_has_it(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    run_sync()
    reference = order.operator_order_ref
    namesake = elsewhere(sandbox).create_order(activation(operator_order_ref=reference))
    run_sync()
    assert fresh(order).missing_count == 1
    elsewhere(sandbox).delete_order(namesake["order_uuid"])
    run_sync()
    assert fresh(order).is_ready


def test_a_draft_lacks_nothing_any_more_once_the_other_order_gets_another_reference(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    run_sync()
    namesake = elsewhere(sandbox).create_order(activation(operator_order_ref=order.operator_order_ref))
    run_sync()
    assert fresh(order).missing_count == 1
    theirs = CopperOrder.objects.get(upstream_id=namesake["order_uuid"])
    sandbox.on_copper(upstream_id(theirs), "change", {"operator_order_ref": "ANOTHER-1"})
    refreshed(theirs)
    assert fresh(order).is_ready


def test_a_draft_lacks_a_service_to_end_once_somebody_else_ends_it(
    sandbox: SandboxProcess, sales: User
) -> None:
    run_sync()
    served = completed_order(sandbox, sales)
    ending = actions.terminate_service(served.uuid, sales)
    assert ending.missing_count == 0
    raw = elsewhere(sandbox).create_order(termination(service_alias=served.service_alias))
    run_sync()
    assert fresh(ending).missing_count == 0, "theirs is a draft, too"
    elsewhere(sandbox).submit_order(raw["order_uuid"])
    run_sync()
    assert fresh(ending).missing_count == 1


def test_after_an_order_changed_only_the_drafts_related_to_it_are_counted_again(
    sandbox: SandboxProcess, sales: User
) -> None:
    run_sync()
    beside, apart = (open_order(sales, operator_order_ref=name) for name in ("A-1", "B-1"))
    run_sync()
    CopperOrder.objects.update(missing_count=7)
    elsewhere(sandbox).create_order(activation(operator_order_ref="A-1"))
    run_sync()
    assert [fresh(order).missing_count for order in (beside, apart)] == [1, 7]
    run_sync(full=True)
    assert [fresh(order).missing_count for order in (beside, apart)] == [1, 0]


@pytest.mark.parametrize("kind", ["activate", "terminate"])
def test_many_drafts_are_counted_again_in_as_many_queries_as_few(sales: User, kind: str) -> None:
    Product.objects.create(code="SD01", digest="x", document={"code": "SD01"})
    known_contact("bp5nkkcx")
    counts = []
    for number in (5, 20):
        for each in range(number - CopperOrder.objects.count()):
            values = ready_values(product__code=f"ZZ{each}", type=kind, service_alias=f"S20181102_{each}")
            actions.create_order(sales, values)
        CopperOrder.objects.update(missing_count=99)
        with CaptureQueriesContext(connection) as statements:
            recount()
        assert not CopperOrder.objects.filter(missing_count=99).exists()
        counts.append(len(statements))
    assert counts == ([9, 9] if kind == "activate" else [10, 10])


def test_what_lacks_what_it_lacked_is_not_written(sandbox: SandboxProcess, order: CopperOrder) -> None:
    with CaptureQueriesContext(connection) as statements:
        recount()
    assert not [entry["sql"] for entry in statements if entry["sql"].startswith("UPDATE")]


# One order


def test_a_single_order_can_be_read_again(sandbox: SandboxProcess, order: CopperOrder) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"comment": "New"})
    before = timezone.now() - timedelta(seconds=1)
    read = refreshed(order)
    assert read.raw["comment"] == "New"
    assert read.checked_at
    assert read.checked_at > before

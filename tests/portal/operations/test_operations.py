"""How the portal runs, for administrators and the back office."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ, Schedule, Task
from django_q.signing import SignedPackage

from outbox.models import ApiHealth, Operation
from sync.models import SyncRun
from tests.conftest import People
from tests.portal.world import a_cart, an_operation


def _page(client: Client) -> str:
    response = client.get("/operations/")
    assert response.status_code == 200
    return response.content.decode()


def test_runs_are_listed_with_how_they_ended(back_office_client: Client) -> None:
    began = timezone.now() - timedelta(seconds=12)
    SyncRun.objects.create(
        kind="carts",
        full=True,
        state="failed",
        started_at=began,
        finished_at=timezone.now(),
        seen=431,
        error="ServerError: GET /api/v1/product_order: the vendor failed (503). (support reference: KOSC_7)",
    )
    SyncRun.objects.create(kind="reference")
    page = _page(back_office_client)
    for text in ("in full", "failed", "431", "12.0 s", "Reference data", "running"):
        assert text in page
    assert (
        "Covage has a fault on their side. What was read before is kept, and it will be tried again." in page
    )
    assert ">KOSC_7</code>" in page
    assert "GET /api" not in page


def test_before_the_first_run_it_says_so(back_office_client: Client) -> None:
    assert "No sync has run yet" in _page(back_office_client)


def test_runs_come_in_pages(back_office_client: Client) -> None:
    SyncRun.objects.bulk_create(SyncRun(kind="carts") for _ in range(26))
    assert 'rel="next"' in _page(back_office_client)


@pytest.mark.parametrize(
    ("kind", "task", "arguments"),
    [
        ("carts", "sessions_app.tasks.sync_carts", {}),
        ("carts-full", "sessions_app.tasks.sync_carts", {"full": True}),
        ("reference", "sessions_app.tasks.sync_reference", {}),
    ],
)
def test_a_button_requests_a_sync_from_the_worker(
    back_office_client: Client, kind: str, task: str, arguments: dict[str, Any]
) -> None:
    response = back_office_client.post(f"/operations/sync/{kind}/", follow=True)
    assert "Requested: it will start" in response.content.decode()
    task_sent = SignedPackage.loads(OrmQ.objects.get().payload)
    assert (task_sent["func"], task_sent["kwargs"]) == (task, arguments)


def test_an_unknown_kind_of_sync_does_not_exist(back_office_client: Client) -> None:
    assert back_office_client.post("/operations/sync/everything/").status_code == 404
    assert not OrmQ.objects.exists()


def test_opening_the_address_requests_nothing(back_office_client: Client) -> None:
    assert back_office_client.get("/operations/sync/carts/").status_code == 405


def test_sales_have_no_access(sales_client: Client) -> None:
    assert sales_client.get("/operations/").status_code == 403
    assert sales_client.post("/operations/sync/carts/").status_code == 403


def test_the_worker_s_routines_are_listed_with_how_they_went(back_office_client: Client) -> None:
    now = timezone.now()
    Task.objects.create(id="a" * 32, name="a", func="f", started=now, stopped=now, success=False)
    Schedule.objects.filter(name="sync carts").update(task="a" * 32)
    page = _page(back_office_client)
    assert "Send what is waiting to Covage" in page
    assert "5 minutes" in page
    assert "6 hours" in page
    assert "failed" in page


def test_pending_operations_are_counted_by_state(people: People, back_office_client: Client) -> None:
    cart = a_cart(people.sales)
    an_operation(cart)
    an_operation(cart, state=Operation.State.REFUSED)
    response = back_office_client.get("/operations/")
    assert dict(response.context["pending"]) == {"waiting": 1, "refused": 1}


def test_the_state_of_the_vendors_api_is_shown(back_office_client: Client) -> None:
    health = ApiHealth.objects.create(name="covage", answered_at=timezone.now())
    assert "Last response" in _page(back_office_client)
    health.down_since, health.failure = timezone.now(), "ServerError"
    health.save()
    page = _page(back_office_client)
    assert "out of reach" in page
    assert "a fault on their side" in page


def test_the_page_needs_a_fixed_number_of_queries(
    back_office_client: Client, django_assert_max_num_queries: Any
) -> None:
    SyncRun.objects.bulk_create(SyncRun(kind="carts") for _ in range(20))
    with django_assert_max_num_queries(15):
        _page(back_office_client)

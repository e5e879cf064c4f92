"""The worker's entry points: they may run twice, fail, and find that somebody else is at it."""

import logging
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from outbox.models import ApiHealth
from sessions_app import tasks
from sessions_app.models import Cart, Reference
from sync.leases import lease
from sync.models import SyncRun
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import confirm, elsewhere, only_line

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

STEP = 3600


def _request_count(sandbox: SandboxProcess) -> int:
    return len([entry for entry in sandbox.log() if entry["path"].startswith("/api/")])


def test_carts_and_reference_data_are_synced(sandbox: SandboxProcess) -> None:
    elsewhere(sandbox).create_session({"external_id": "IS-1"})
    tasks.sync_carts()
    tasks.sync_carts(full=True)
    tasks.sync_reference()
    assert Cart.objects.get().external_id == "IS-1"
    assert Reference.objects.exists()
    assert list(SyncRun.objects.order_by("id").values_list("kind", "full", "state")) == [
        ("carts", False, "done"),
        ("carts", True, "done"),
        ("reference", False, "done"),
    ]


def test_a_sync_that_is_under_way_is_left_to_the_process_that_runs_it(sandbox: SandboxProcess) -> None:
    with lease("sync:carts"):
        tasks.sync_carts()
    assert not SyncRun.objects.exists()


def test_a_sync_that_fails_is_recorded_and_does_not_stop_the_worker(
    sandbox: SandboxProcess, caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.faults([{"fault": "html"}])
    with caplog.at_level(logging.WARNING):
        tasks.sync_carts()
    assert SyncRun.objects.get().state == SyncRun.State.FAILED
    assert "The sync of carts stopped" in caplog.text


def test_carts_at_which_the_vendor_works_are_followed(
    sandbox: SandboxProcess, cart: Cart, sales: User
) -> None:
    cart = confirm(cart, sales)
    sandbox.advance(5 * STEP)
    tasks.follow()
    cart.refresh_from_db()
    assert cart.state == "completed"
    assert only_line(cart).state != "in_progress" or only_line(cart).upstream["state_change"][-1]

    before = _request_count(sandbox)
    tasks.follow()
    assert _request_count(sandbox) == before, "there is nothing to follow any more"


def test_a_cart_is_not_requested_again_at_once(sandbox: SandboxProcess, cart: Cart, sales: User) -> None:
    cart = confirm(cart, sales)
    assert tasks.refresh(cart)
    cart.refresh_from_db()
    assert not tasks.refresh(cart)
    cart.checked_at = timezone.now() - timedelta(minutes=1)
    assert tasks.refresh(cart, interactive=True)


def test_a_cart_that_somebody_else_is_reading_is_left_to_them(sandbox: SandboxProcess, cart: Cart) -> None:
    with lease(f"cart:{cart.pk}"):
        assert not tasks.refresh(cart)


def test_a_page_does_not_wait_for_a_vendor_who_is_known_to_be_down(
    sandbox: SandboxProcess, cart: Cart
) -> None:
    now = timezone.now()
    ApiHealth.objects.update_or_create(name="covage", defaults={"down_since": now, "tried_at": now})
    before = _request_count(sandbox)
    assert not tasks.refresh(cart, interactive=True)
    assert _request_count(sandbox) == before


def test_a_cart_that_can_not_be_read_stays_as_it_was(sandbox: SandboxProcess, cart: Cart) -> None:
    sandbox.faults([{"fault": "html"}])
    assert not tasks.refresh(cart)
    cart.refresh_from_db()
    assert cart.gone_at is None


def test_a_cart_that_is_gone_is_marked_so(sandbox: SandboxProcess, cart: Cart) -> None:
    elsewhere(sandbox).delete_session(cart.upstream_id or "")
    assert tasks.refresh(cart)
    cart.refresh_from_db()
    assert cart.gone_at is not None

"""`manage.py sync` and `manage.py deliver`: what they do, print and return."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from extranet.models import Product
from outbox.models import Operation
from sessions_app.carts import actions
from sessions_app.models import Cart, Reference
from sync.leases import lease
from sync.models import SyncRun
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import elsewhere, upstream_sessions

pytestmark = pytest.mark.django_db


def _run(*arguments: str) -> tuple[str, str]:
    out, err = StringIO(), StringIO()
    call_command(*arguments, stdout=out, stderr=err)
    return out.getvalue(), err.getvalue()


def test_sync_brings_everything_up_to_date_and_says_how_much(sandbox: SandboxProcess) -> None:
    elsewhere(sandbox).create_session({"external_id": "IS-1"})
    said, wrong = _run("sync")
    assert Cart.objects.get().external_id == "IS-1"
    assert Reference.objects.exists()
    carts, orders, pages, reference, products, copper = said.splitlines()
    assert carts.startswith("carts: 1 seen, 1 changed, 0 gone")
    assert orders.startswith("orders: 0 seen")
    assert pages.startswith("order-pages: 0 seen")
    assert reference.startswith("reference: 42 seen, 42 changed, 0 gone")
    assert products.startswith("extranet-catalogue: ")
    assert copper.startswith("extranet: ")
    assert Product.objects.exists()
    assert wrong == ""


def test_sync_can_be_limited_to_one_kind_and_run_in_full(sandbox: SandboxProcess) -> None:
    _run("sync", "carts", "--full")
    assert list(SyncRun.objects.values_list("kind", "full")) == [("carts", True)]


def test_sync_refuses_a_kind_that_it_does_not_know() -> None:
    with pytest.raises(CommandError, match="moons"):
        _run("sync", "moons")


def test_sync_says_of_a_kind_whose_api_is_not_configured_that_it_is_not(settings: Settings) -> None:
    settings.EXTRANET_API_URL = ""
    with pytest.raises(CommandError, match="extranet: the API this comes from isn't configured"):
        _run("sync", "carts", "extranet")
    assert not SyncRun.objects.exists()


def test_sync_goes_on_with_the_rest_and_fails_in_the_end_when_one_kind_failed(
    sandbox: SandboxProcess,
) -> None:
    sandbox.faults([{"fault": "html", "path": "/product_order"}])
    err = StringIO()
    with pytest.raises(CommandError, match="what was stored before is kept"):
        call_command("sync", stdout=StringIO(), stderr=err)
    assert err.getvalue() == (
        "carts: Covage's response was unreadable. What was read before is kept, and it will be tried again.\n"
    )
    assert Reference.objects.exists()


def test_sync_says_that_another_one_is_under_way(sandbox: SandboxProcess) -> None:
    err = StringIO()
    with lease("sync:carts"), pytest.raises(CommandError):
        call_command("sync", "carts", stderr=err)
    assert "under way" in err.getvalue()


def test_deliver_sends_what_is_pending_once_through(sandbox: SandboxProcess, people: People) -> None:
    assert _run("deliver")[0] == "Nothing is waiting to be sent.\n"
    actions.create_cart(people.sales, {})
    assert _run("deliver")[0] == "Nothing is waiting to be sent.\n"
    assert len(upstream_sessions(sandbox)) == 1


def test_deliver_says_what_is_still_pending(sandbox: SandboxProcess, people: People) -> None:
    sandbox.faults([{"fault": "rate_limit", "retry_after": 60}])
    actions.create_cart(people.sales, {})
    actions.create_cart(people.sales, {})
    assert _run("deliver")[0] == "2 operations are still waiting.\n"
    assert Operation.objects.unfinished().count() == 2

"""The demo's carts: made for real, in the sandbox, once however often the command is run."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings
from stdnum.fr import siret as stdnum_siret

from demo.carts import UNKNOWN_ENNI, demo_carts, key_of, siret
from demo.copper_orders import ENDS_SERVICES, demo_orders
from demo.management.commands import demodata
from extranet.models import CopperOrder
from lists.models import SavedView
from outbox.apis import COVAGE, EXTRANET
from outbox.models import Operation
from sessions_app.models import Cart, Line
from sessions_app.tasks import follow
from tests.apis import speak_to
from tests.sandbox_process import SandboxProcess

# What many threads read at once writes how the vendor fares: each over a connection of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture
def demo_people(settings: Settings) -> None:
    settings.DEBUG = True
    call_command("demousers", stdout=StringIO())


def _make() -> str:
    out = StringIO()
    call_command("demodata", stdout=out)
    return out.getvalue()


def test_it_makes_carts_and_prints_what_it_made(demo_people: None, sandbox: SandboxProcess) -> None:
    output = _make()
    carts = {str(cart): cart for cart in Cart.objects.all()}
    assert set(carts) == {demo.reference for demo in demo_carts()} | {"EXT-2026-014"}
    assert all(reference in output for reference in carts)
    assert not Operation.objects.troubled().exists()
    assert all(cart.upstream_id for cart in carts.values())
    assert carts["LYC-2026-017"].is_ready
    assert carts["BOU-2026-042"].missing_count > 5
    assert carts["EXT-2026-014"].owner is None
    assert len(sandbox.state()["sessions"]) == len(carts)


def test_it_makes_copper_orders_in_every_state_that_asks_something(
    demo_people: None, sandbox: SandboxProcess
) -> None:
    output = _make()
    orders = {demo.reference: CopperOrder.objects.get(uuid=demo.key) for demo in demo_orders()}
    assert all(f"{reference}: " in output for reference in orders)
    assert {reference for reference, order in orders.items() if order.is_ready} == {
        "LYC-2026-C03",
        "CLI-2026-C02",
    }
    assert orders["BOU-2026-C11"].missing_count > 2
    assert orders["GAR-2026-C07"].is_pending
    assert orders["MAI-2026-C01"].is_in_service
    ending = CopperOrder.objects.drafts().ending().get()
    assert ending.owner
    assert ending.owner.username == ENDS_SERVICES
    assert ending.is_ready
    assert SavedView.objects.get(page="copper").query == "pending=true"


def test_repeating_it_makes_no_copper_order_twice(demo_people: None, sandbox: SandboxProcess) -> None:
    _make()
    made = CopperOrder.objects.filter(owner__isnull=False).count()
    _make()
    assert CopperOrder.objects.filter(owner__isnull=False).count() == made == len(demo_orders()) + 1
    assert Operation.objects.filter(kind="submit-copper").count() == 2


def test_where_copper_is_not_configured_it_makes_none(
    demo_people: None, sandbox: SandboxProcess, settings: Settings
) -> None:
    speak_to(settings, COVAGE, at=sandbox)
    _make()
    assert not CopperOrder.objects.exists()


def test_with_the_extranet_alone_it_makes_copper_orders_only(
    demo_people: None, sandbox: SandboxProcess, settings: Settings
) -> None:
    speak_to(settings, EXTRANET, at=sandbox)
    _make()
    assert not Cart.objects.exists()
    assert CopperOrder.objects.filter(owner__isnull=False).count() == len(demo_orders()) + 1


def test_repeating_it_changes_nothing(demo_people: None, sandbox: SandboxProcess) -> None:
    _make()
    _make()
    assert Cart.objects.count() == len(demo_carts()) + 1
    assert len(sandbox.state()["sessions"]) == len(demo_carts()) + 1
    assert Operation.objects.filter(kind="confirm-cart").count() == 2


def test_one_line_is_rejected_for_its_door(demo_people: None, sandbox: SandboxProcess) -> None:
    _make()
    sandbox.advance(60)
    bad = Line.objects.get(draft__enni=UNKNOWN_ENNI)
    Cart.objects.update(checked_at=None)
    follow()
    bad.refresh_from_db()
    assert bad.is_rejected
    assert Line.objects.rejected().count() == 1
    assert Cart.objects.get(pk=key_of("CLI-2026-008")).state == "completed"


def test_it_refuses_to_run_in_production(db: None) -> None:
    with pytest.raises(CommandError, match="DEBUG"):
        _make()


def test_it_asks_for_the_people_first(settings: Settings) -> None:
    settings.DEBUG = True
    with pytest.raises(CommandError, match="run manage.py demousers first"):
        _make()


def test_it_waits_for_the_sandbox_and_not_for_ever(
    demo_people: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demodata, "TIMEOUT_SECONDS", 0.0)
    with pytest.raises(CommandError, match="isn't responding"):
        _make()
    assert not Cart.objects.exists()


def test_its_sirets_have_right_check_digits() -> None:
    assert all(stdnum_siret.is_valid(siret(company)) for company in (4120, 5307, 8800))

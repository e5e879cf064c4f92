"""A termination: filled in, reviewed, sent once; refused at its field; kept while the vendor is down."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from outbox import clients, delivery
from outbox.models import Operation
from tests.browser import page_helpers
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.page_checks import ConsoleErrors, barriers, overflow
from tests.conftest import People
from tests.sandbox_process import SandboxProcess, eventually
from tests.tracking.request_forms import (
    REASONS,
    ask,
    in_a_year,
    know_reasons,
    made,
    order_at,
    orders_at,
)
from tracking.models import Order, TerminationReason

LAWFUL, OTHER = REASONS[0], REASONS[-1]
LOOKS = [("en-GB", "light", DESKTOP), ("fr-FR", "dark", PHONE)]


@pytest.fixture
def order(people: People, sandbox: SandboxProcess) -> Order:
    know_reasons()
    return order_at(sandbox)


def _begin(page: Page, order: Order) -> None:
    page.goto(order.get_absolute_url())
    page_helpers.follow(page, "/terminate/")
    expect(page.locator("#id_reason")).to_be_visible()


def _fill(page: Page, reason: str, message: str = "", day: str = "") -> None:
    page.locator("#id_reason").select_option(reason)
    page.locator("#id_request_effective_date").fill(day or in_a_year().isoformat())
    page.locator("#id_message").fill(message)


def _review(page: Page) -> None:
    page_helpers.submit(page)
    expect(page.locator("form.confirm")).to_be_visible()


def _send(page: Page, *, clicks: int = 1) -> None:
    page.locator("form.confirm button[value=send]").click(click_count=clicks)
    expect(page.locator("form.confirm")).to_have_count(0)


def _typed(page: Page) -> list[str]:
    return [
        page.locator(f"#id_{name}").input_value() for name in ("reason", "request_effective_date", "message")
    ]


@pytest.mark.parametrize(("locale", "scheme", "size"), LOOKS, ids=["english", "french-dark-phone"])
def test_it_is_reviewed_and_sent_once_however_often_the_button_is_pressed(
    visit: Visit,
    people: People,
    order: Order,
    sandbox: SandboxProcess,
    console_errors: ConsoleErrors,
    locale: str,
    scheme: str,
    size: dict[str, int],
) -> None:
    console_errors.expect("status of 422")
    page = visit(people.back_office, locale=locale, color_scheme=scheme, viewport=size)
    _begin(page, order)
    _fill(page, OTHER)
    page_helpers.submit(page)
    expect(page.locator("#error-id_message")).to_be_visible()
    assert _typed(page) == [OTHER, in_a_year().isoformat(), ""]

    page.locator("#id_message").fill("Le site ferme.")
    _review(page)
    for said in (OTHER, "Le site ferme.", order.reference, order.end_customer_name):
        expect(page.locator("main")).to_contain_text(said)
    assert (barriers(page), max(overflow(page), 0)) == ([], 0)
    assert made(sandbox) == {}

    _send(page, clicks=2)
    # The second click may find it under way: then the page follows until the answer is there.
    expect(page.locator("#messages .alert")).to_be_visible()
    expect(page.locator('#live [role=status] a[href="/outbox/"]')).to_have_count(0)
    page_helpers.expect_path(page, order.get_absolute_url())
    assert eventually(lambda: Order.objects.get(pk=order.pk).state == "terminate_in_progress")
    page.reload()
    expect(page.locator("h1 .state-warning")).to_be_visible()
    expect(page.locator("section", has=page.locator("#requests-title"))).to_contain_text("Le site ferme.")
    expect(page.locator('main .actions a[href$="/terminate/"]')).to_have_count(0)
    assert made(sandbox) == {order.reference: 1}
    assert Operation.objects.count() == 1

    page.goto("/requests/")
    expect(page_helpers.rows(page).filter(has_text=order.reference)).to_contain_text(OTHER)
    page.goto(f"{order.get_absolute_url()}terminate/")
    expect(page.locator("main form")).to_have_count(0)


def test_the_same_is_done_without_javascript(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess
) -> None:
    page = visit(people.back_office, java_script_enabled=False)
    _begin(page, order)
    _fill(page, LAWFUL, "Fin du bail")
    _review(page)
    _send(page)
    expect(page.locator("#messages .alert-success")).to_be_visible()
    assert made(sandbox) == {order.reference: 1}


def test_a_page_opened_while_it_is_being_sent_follows_until_the_response_is_there(
    visit: Visit, people: People, order: Order
) -> None:
    ask(order, people.back_office)
    Operation.objects.update(state=Operation.State.SENDING)
    page = visit(people.back_office)
    page.goto(order.get_absolute_url())
    waiting = page.locator('#live [role=status] a[href="/outbox/"]')
    expect(waiting).to_be_visible()

    Operation.objects.update(state=Operation.State.SUCCEEDED, finished_at=timezone.now())
    expect(waiting).to_have_count(0)


def test_the_warning_follows_the_day_that_is_chosen(visit: Visit, people: People, order: Order) -> None:
    today = timezone.localdate()
    Order.objects.filter(pk=order.pk).update(commitment_end_date=today + timedelta(days=200), notice_period=3)
    page = visit(people.back_office)
    _begin(page, order)
    day = page.locator("#id_request_effective_date")
    expect(day).to_have_value((today + timedelta(days=200)).isoformat())
    expect(page.locator("#commitment-check .alert-success")).to_be_visible()

    day.fill((today + timedelta(days=5)).isoformat())
    day.blur()
    # Before the commitment's end, and with less than the notice.
    expect(page.locator("#commitment-check .alert-warning")).to_have_count(2)
    page.locator("#id_reason").select_option(LAWFUL)
    _review(page)
    expect(page.locator("main .commitment-check.alert-warning")).to_have_count(2)

    page_helpers.click_and_wait(page.locator("form.confirm button[value=edit]"))
    expect(page.locator("#id_reason")).to_have_value(LAWFUL)
    expect(day).to_have_value((today + timedelta(days=5)).isoformat())


def test_a_refusal_is_shown_at_its_field_with_what_was_typed(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 422")
    reason = "Vente du fonds de commerce"
    TerminationReason.objects.create(label=reason, position=9)
    page = visit(people.back_office)
    _begin(page, order)
    _fill(page, reason, "Nouveau propriétaire")
    _review(page)
    _send(page)

    expect(page.locator("#error-id_reason")).to_contain_text(reason)
    expect(page.locator("#id_reason")).to_have_attribute("aria-invalid", "true")
    assert _typed(page) == [reason, in_a_year().isoformat(), "Nouveau propriétaire"]
    assert made(sandbox) == {}
    assert barriers(page) == []

    page.goto(order.get_absolute_url())
    expect(page.locator("#live [role=alert]")).to_contain_text(reason)
    _begin(page, order)
    _fill(page, LAWFUL, "Nouveau propriétaire")
    _review(page)
    _send(page)
    expect(page.locator("#messages .alert-success")).to_be_visible()
    assert made(sandbox) == {order.reference: 1}


def test_while_they_are_down_it_is_kept_and_sent_later_once(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess
) -> None:
    page = visit(people.back_office)
    _begin(page, order)
    _fill(page, LAWFUL, "Fin du bail")
    sandbox.down()
    _review(page)
    _send(page)

    expect(page.locator("#messages .alert-info")).to_be_visible()
    expect(page.locator('#live [role=status] a[href="/outbox/"]')).to_be_visible()
    page.goto("/requests/")
    waiting = page.locator("section", has=page.locator("#unlisted-title"))
    expect(waiting.locator("tbody tr")).to_contain_text(order.reference)
    assert (barriers(page), made(sandbox)) == ([], {})

    sandbox.down(False)
    Operation.objects.unfinished().update(due_at=timezone.now(), held_until=timezone.now())
    delivery.deliver(order.uuid, clients.client())
    page.reload()
    expect(waiting).to_have_count(0)
    expect(page_helpers.rows(page).filter(has_text=order.reference)).to_have_count(1)
    assert made(sandbox) == {order.reference: 1}


def test_several_are_terminated_together_and_those_that_cannot_are_left_out(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess
) -> None:
    active = orders_at(sandbox, "active", 2)
    (ended,) = orders_at(sandbox, "terminated")
    page = visit(people.back_office)
    page.goto("/orders/")
    for one in (*active, ended):
        page_helpers.rows(page).filter(has_text=one.reference).locator("[name=selected]").check()
    page_helpers.click_and_wait(page.locator('button[formaction="/orders/terminate/"]'))
    expect(page.locator("section", has=page.locator("#left-out-title"))).to_contain_text(ended.reference)
    expect(page.locator("[name=selected]:checked")).to_have_count(2)
    assert barriers(page) == []

    _fill(page, LAWFUL, "Fermeture")
    _review(page)
    assert barriers(page) == []
    _send(page)
    expect(page.locator("#messages .alert-success")).to_be_visible()
    assert made(sandbox) == {one.reference: 1 for one in active}


def test_only_an_active_order_offers_it(visit: Visit, people: People, sandbox: SandboxProcess) -> None:
    ended = order_at(sandbox, "terminated")
    page = visit(people.back_office)
    page.goto(ended.get_absolute_url())
    expect(page.locator('main a[href$="/terminate/"]')).to_have_count(0)
    page.goto(f"{ended.get_absolute_url()}terminate/")
    expect(page.locator("main form")).to_have_count(0)
    page_helpers.follow(page, ended.get_absolute_url())
    expect(page.locator("ol.timeline")).to_be_visible()

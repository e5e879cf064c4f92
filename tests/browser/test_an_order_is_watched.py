"""A watched order changes at the vendor: its watchers see that on every page about it."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from notifications.notices.distribution import notify_watchers
from outbox import clients
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.browser.page_checks import barriers
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import order_at
from tracking.ingest import sync
from tracking.models import Order

pytestmark = pytest.mark.slow


@pytest.fixture
def order(people: People, sandbox: SandboxProcess) -> Order:
    return order_at(sandbox, "in_progress")


def _watch(page: Page, order: Order) -> None:
    page.goto(order.get_absolute_url())
    page_helpers.click_and_wait(page.locator('form.watch button[formaction*="subject="]'))
    expect(page.locator('form.watch button[formaction*="/delete/"]')).to_be_visible()


def _change(sandbox: SandboxProcess, order: Order) -> str:
    """Let the order take its next step at the vendor, and read it. Returns the new step."""
    sandbox.go_on(order.reference)
    sync.refresh(order, clients.client())
    notify_watchers()
    step: str = Order.objects.get(pk=order.pk).step
    assert step != order.step
    return step


def test_a_watcher_finds_a_notice_a_mark_in_the_list_and_what_changed_on_the_order(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess, locale: str
) -> None:
    page = visit(people.sales, locale=locale)
    _watch(page, order)
    _change(sandbox, order)

    page.goto("/")
    expect(page.locator('.places-wide a[href="/notices/"] .count')).to_have_text("1")
    page.goto("/notices/")
    notice = page.locator("ol.notices > li.unread")
    expect(notice).to_contain_text(order.reference)
    assert barriers(page) == []

    page.goto("/orders/?unread=true")
    expect(page_helpers.rows(page)).to_have_count(1)
    named = page_helpers.rows(page).locator("td", has=page.get_by_role("link", name=order.reference))
    expect(named.locator(".state-info")).to_be_visible()
    page_helpers.click_and_wait(named.get_by_role("link"))
    changes = page.locator("section", has=page.locator("#changes-title"))
    expect(changes.locator("ins").first).to_be_visible()
    assert barriers(page) == []

    # Once it was read, nothing more is shown.
    page.goto("/orders/?unread=true")
    expect(page_helpers.rows(page)).to_have_count(0)
    page.goto("/notices/")
    expect(page.locator("ol.notices > li")).to_have_count(1)
    expect(page.locator("ol.notices > li.unread")).to_have_count(0)
    page.goto(order.get_absolute_url())
    expect(page.locator("#changes-title")).to_have_count(0)


def test_a_user_who_stopped_watching_is_not_notified(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess
) -> None:
    page = visit(people.sales)
    _watch(page, order)
    page.goto("/notices/settings/")
    page_helpers.click_and_wait(page.locator('form[action*="/watches/"] button'))
    expect(page.locator('form[action*="/watches/"]')).to_have_count(0)
    _change(sandbox, order)

    page.goto("/notices/")
    expect(page.locator("ol.notices")).to_have_count(0)


def test_selected_orders_are_watched_from_the_list(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess
) -> None:
    page = visit(people.sales)
    page.goto("/orders/")
    page_helpers.rows(page).filter(has_text=order.reference).locator("[name=selected]").check()
    page_helpers.click_and_wait(page.locator('button[formaction="/orders/watch/"]'))
    expect(page.locator("#messages .alert-success")).to_be_visible()
    page.goto("/orders/?watched=true")
    expect(page_helpers.rows(page)).to_contain_text(order.reference)


def test_a_note_is_there_for_colleagues(visit: Visit, people: People, order: Order) -> None:
    page = visit(people.sales)
    page.goto(order.get_absolute_url())
    page.locator("#notes textarea").fill("Appeler avant dix heures.")
    page_helpers.click_and_wait(page.locator("#notes button"))
    expect(page.locator("#notes ol.notes")).to_contain_text("Appeler avant dix heures.")

    theirs = visit(people.back_office)
    theirs.goto(order.get_absolute_url())
    expect(theirs.locator("#notes ol.notes")).to_contain_text("Appeler avant dix heures.")


def test_a_calendar_can_be_read_by_its_address_until_that_is_revoked(
    visit: Visit, people: People, order: Order
) -> None:
    Order.objects.filter(pk=order.pk).update(owner=people.sales)
    page = visit(people.sales)
    page.goto("/notices/settings/")
    page_helpers.click_and_wait(page.locator('form[action="/notices/settings/calendar/"] button'))
    address = urlsplit(page.locator("#feed-url").input_value()).path
    calendar = visit().request
    answer = calendar.get(address)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert answer.text().startswith("BEGIN:VCALENDAR")
    assert order.reference in answer.text()

    page_helpers.click_and_wait(page.locator('form[action="/notices/settings/calendar/revoke/"] button'))
    expect(page.locator("#messages .alert-success")).to_be_visible()
    assert calendar.get(address).status == 404

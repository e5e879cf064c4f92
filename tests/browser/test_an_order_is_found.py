"""One box finds an order by anything known of it; its page shows how far it is."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.conftest import People, switch_on_field_names
from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import order_at, orders_at
from tracking.models import Order
from tracking.states import Step

pytestmark = pytest.mark.slow


@pytest.fixture
def order(people: People, sandbox: SandboxProcess) -> Order:
    """An order with a reference of each kind, among others."""
    orders_at(sandbox, "active", 10)
    reference = sandbox.orders("in_progress")[0]["order_reference"]
    changes = {
        "external_id": "CLI-7/B",
        "project_id": "FLASH",
        "site_client": "9 QUAI DES BRUMES 76600 LE HAVRE",
    }
    sandbox.on_order(reference, "change", changes | {"end_customer_name": "Librairie Éluard"})
    return order_at(sandbox, "in_progress")


def _references(order: Order) -> list[str]:
    names = [order.reference, order.upstream_id, order.external_id, order.service_reference]
    return [*names, order.reference.lower()]


def _search(page: Page, text: str) -> None:
    box = page.locator("header").get_by_role("searchbox")
    box.fill(text)
    with page.expect_navigation():
        box.press("Enter")


def test_every_kind_of_reference_leads_from_the_box_to_the_order(
    visit: Visit, people: People, order: Order, locale: str
) -> None:
    page = visit(people.sales, locale=locale)
    page.goto("/search/")
    for reference in _references(order):
        _search(page, reference)
        expect(page.locator("h1")).to_contain_text(order.reference)
        page_helpers.expect_path(page, order.get_absolute_url())

    for words in ("librairie eluard", "quai des brumes", "Le Havre eluard", "flash librairie"):
        _search(page, words)
        found = page.locator("main section", has=page.locator("#orders-title")).locator("tbody tr")
        expect(found).to_have_count(1)
        page_helpers.click_and_wait(found.get_by_role("link", name=order.reference))
        expect(page.locator("h1")).to_contain_text(order.reference)
    assert page.locator("html").get_attribute("lang") == locale[:2]


def test_the_list_finds_by_the_same_words(visit: Visit, people: People, order: Order) -> None:
    page = visit(people.sales)
    page.goto("/orders/")
    page_helpers.search_list(page, "brumes eluard")

    rows = page.locator("main tbody tr")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text(order.reference)


def test_its_page_shows_what_was_done_when_and_what_is_awaited(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess, locale: str
) -> None:
    switch_on_field_names(people.sales)
    page = visit(people.sales, locale=locale)
    page.goto(order.get_absolute_url())
    steps = page.locator("ol.timeline > li")
    expect(steps).to_have_count(len(Step))

    dates_by_state = {entry["state"]: entry["change_date"] for entry in order.details.history}
    for place, step in enumerate(Step.values):
        expect(steps.nth(place).locator("code")).to_have_text(step)
        dates = steps.nth(place).locator(".when > time")
        expect(dates).to_have_count(1 if step in dates_by_state else 0)
        if step in dates_by_state:
            expect(dates).to_have_attribute("datetime", dates_by_state[step])

    current = page.locator("ol.timeline > li[aria-current=step]")
    expect(current.locator("code")).to_have_text(order.step)
    reached = Step.values.index(order.step)
    expect(steps.nth(reached + 1).locator(".awaited")).to_be_visible()
    expect(page.locator("ol.timeline .awaited")).to_have_count(1)
    planned = order.appointments.filter(is_done=False)
    expect(page.locator("ol.timeline .planned")).to_have_count(len(planned))


def test_an_order_ordered_here_and_its_line_lead_to_each_other(
    visit: Visit, people: People, sandbox: SandboxProcess
) -> None:
    line = page_helpers.ordered_line(people.sales, sandbox)
    page = visit(people.sales)
    page.goto(line.get_absolute_url())
    page_helpers.follow(page, f"/lines/{line.pk}/order/")
    page_helpers.expect_path(page, f"/orders/{Order.objects.get(line_id=line.pk).reference}/")
    expect(page.locator("ol.timeline")).to_be_visible()

    page_helpers.follow(page, line.get_absolute_url())
    page_helpers.expect_path(page, line.get_absolute_url())


def test_a_reference_that_nobody_knows_is_not_found(visit: Visit, people: People, order: Order) -> None:
    page = visit(people.sales)
    page.goto("/search/")
    _search(page, "CMD_X_99999999")
    expect(page.locator("main .empty")).to_be_visible()

"""A copper service is ended by an order of its own, begun from the order that activated it, once; a door never."""

import pytest
from playwright.sync_api import expect

from extranet.models import CopperOrder
from extranet.states import Service, Status
from tests.browser import copper, page_helpers
from tests.browser.conftest import Visit
from tests.browser.page_checks import ConsoleErrors, barriers
from tests.conftest import People
from tests.extranet.order_factory import (
    completed_order,
    read_products,
    run_sync,
    upstream,
    upstream_id,
)
from tests.sandbox_process import SandboxProcess


@pytest.fixture
def order(people: People, sandbox: SandboxProcess) -> CopperOrder:
    """An order of sales that activated a service."""
    read_products()
    return completed_order(sandbox, people.sales)


def test_the_back_office_begins_reviews_and_submits_it_once(
    visit: Visit, people: People, sandbox: SandboxProcess, order: CopperOrder, locale: str
) -> None:
    page = visit(people.back_office, locale=locale)
    page.goto(order.get_absolute_url())
    page_helpers.click_and_wait(page.locator('main .actions a[href$="/terminate/"]'))
    expect(page.locator("form.confirm")).to_be_visible()
    expect(page.locator("h1")).to_contain_text(order.service_alias)
    assert barriers(page) == []
    copper.press_twice(page)

    page.locator("#draft-form").wait_for()
    expect(page.locator("#id_operator_order_ref")).to_be_visible()
    expect(page.locator('[name^="product"], [name^="owner"], [name^="service"]')).to_have_count(0)
    ending = order.terminations().get()
    page_helpers.expect_path(page, ending.get_absolute_url())
    assert barriers(page) == []
    copper.review(page)
    expect(page.locator("main .values").first).to_contain_text(order.service_alias)
    assert barriers(page) == []
    copper.press_twice(page)

    expect(page.locator("h1 .state-info")).to_be_visible()
    assert upstream(sandbox, order.terminations().get())["status"] == Status.SUBMITTED
    assert sandbox.counters()["extranet_submissions"] == {
        upstream_id(order): 1,
        upstream_id(order.terminations().get()): 1,
    }


def test_an_end_that_was_begun_is_not_offered_again_and_is_led_to(
    visit: Visit, people: People, order: CopperOrder, locale: str
) -> None:
    page = visit(people.back_office, locale=locale)
    page.goto(f"{order.get_absolute_url()}terminate/")
    copper.press_twice(page)
    ending = order.terminations().get()

    page.goto(order.get_absolute_url())
    expect(page.locator('main a[href$="/terminate/"]')).to_have_count(0)
    page_helpers.click_and_wait(page.locator(f'main a[href="{ending.get_absolute_url()}"]'))
    page.locator("#draft-form").wait_for()
    page.goto(f"{order.get_absolute_url()}terminate/")
    page_helpers.expect_path(page, ending.get_absolute_url())
    assert order.terminations().count() == 1


def test_sales_see_the_service_and_are_not_offered_to_end_it(
    visit: Visit, people: People, order: CopperOrder, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 403")
    page = visit(people.sales)
    page.goto(order.get_absolute_url())
    expect(page.locator("main")).to_contain_text(order.service_alias)
    expect(page.locator('main a[href$="/terminate/"]')).to_have_count(0)
    answer = page.goto(f"{order.get_absolute_url()}terminate/")
    assert answer
    assert answer.status == 403


@pytest.mark.parametrize("who", ["sales", "back_office", "administrator"])
def test_a_collection_door_is_read_only_for_everybody(
    visit: Visit, people: People, sandbox: SandboxProcess, who: str
) -> None:
    run_sync(full=True)
    door = CopperOrder.objects.filter(service=Service.ENNI, status=Status.COMPLETED)[0]
    page = visit(getattr(people, who))
    page.goto(door.get_absolute_url())
    expect(page.locator("main")).to_contain_text(door.raw["pop"]["housing"])
    expect(page.locator("#draft-form")).to_have_count(0)
    expect(page.locator("main .actions").locator("a, button")).to_have_count(0)
    expect(page.locator('main a[href$="/owner/"]')).to_have_count(0)
    assert barriers(page) == []

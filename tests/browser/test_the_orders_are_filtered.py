"""The list of orders: a filter built, saved, shared and reused; columns chosen; exactly what is filtered as a file."""

import csv
import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from sync import runs
from tests.browser import page_helpers
from tests.browser.conftest import PHONE, Visit
from tests.browser.page_checks import barriers, overflow
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tracking.ingest import sync
from tracking.models import Order

pytestmark = pytest.mark.slow

VIEW = "Fibre en service"


@pytest.fixture(autouse=True)
def _orders(people: People, sandbox: SandboxProcess) -> None:
    runs.run(sync.ORDERS, sync.sync_orders)


def _wanted() -> set[str]:
    orders = Order.objects.filter(state="active", offer_technology="FIBDE")
    return set(orders.values_list("reference", flat=True))


def _build(page: Page) -> None:
    page.goto("/orders/")
    filters = page.locator(".order-filters")
    filters.locator("details > summary").click()
    filters.locator("[name=state][value=active]").check()
    filters.locator("[name=offer_technology]").select_option("FIBDE")
    page_helpers.click_and_wait(filters.locator("button[type=submit]").last)
    expect(page).to_have_url(re.compile("state=active"))


def _file(page: Page, kind: str = "csv") -> list[list[str]]:
    with page.expect_download() as download:
        page.locator(f'.files a[href*="export={kind}"]').click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    return list(csv.reader(text.splitlines(), csv.Sniffer().sniff(text.splitlines()[0], ";,")))


def _references(page: Page) -> set[str]:
    return {
        text.split()[0]
        for text in page_helpers.rows(page).locator('a[href^="/orders/CMD"]').all_inner_texts()
    }


def test_a_filter_is_built_saved_shared_and_reused_by_a_colleague(
    visit: Visit, people: People, colleague: User, locale: str
) -> None:
    page = visit(people.sales, locale=locale)
    _build(page)
    assert page_helpers.listed(page) == len(_wanted())
    assert _references(page) <= _wanted()

    page.locator("details.save-view > summary").click()
    page.locator("#save_view_name").fill(VIEW)
    page.locator("#save_view_team").select_option(str(people.north.pk))
    assert barriers(page) == []
    page_helpers.click_and_wait(page.locator("details.save-view button[type=submit]"))
    expect(page.locator("nav.quick a[aria-current]", has_text=VIEW)).to_be_visible()

    theirs = visit(colleague, locale=locale)
    theirs.goto("/orders/")
    page_helpers.click_and_wait(theirs.locator("nav.quick a", has_text=VIEW))
    expect(theirs.locator("nav.quick a[aria-current]", has_text=VIEW)).to_be_visible()
    assert page_helpers.listed(theirs) == len(_wanted())
    expect(theirs.locator('main a[href^="/views/"]')).to_have_count(0)

    others = visit(people.other_sales)
    others.goto("/orders/")
    expect(others.locator("nav.quick a", has_text=VIEW)).to_have_count(0)


def test_a_file_holds_exactly_what_is_filtered_in_the_columns_that_are_chosen(
    visit: Visit, people: People, locale: str
) -> None:
    page = visit(people.sales, locale=locale)
    _build(page)
    before = page.url
    page.locator(".list-tools details > summary").click()
    sheet = page.locator(".list-tools .sheet")
    for name, is_wanted in (("city", False), ("upstream_id", True)):
        sheet.locator(f'[name=column][value="{name}"]').set_checked(is_wanted)
    page_helpers.click_and_wait(sheet.locator("button.btn-primary"))
    expect(page.locator('th a[href*="upstream_id"]')).to_be_visible()
    expect(page.locator('th a[href*="sort=city"]')).to_have_count(0)
    assert page.url == before

    head, *rows = _file(page)
    assert {row[0] for row in rows} == _wanted()
    assert len(rows) == len(_wanted())
    assert len(head) == page.locator("thead th").count() - 1
    ids = set(Order.objects.filter(reference__in=_wanted()).values_list("upstream_id", flat=True))
    assert any({row[place] for row in rows} == ids for place in range(len(head)))


def test_what_is_in_force_can_be_removed_one_by_one(visit: Visit, people: People) -> None:
    page = visit(people.sales)
    _build(page)
    chips = page.locator("ul.active-filters a")
    expect(chips).to_have_count(2)
    page_helpers.click_and_wait(chips.first)
    expect(chips).to_have_count(1)
    assert page_helpers.listed(page) > len(_wanted())
    page.go_back()
    expect(chips).to_have_count(2)
    assert page_helpers.listed(page) == len(_wanted())


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everything_unfolded_fits_a_phone_and_is_accessible(
    visit: Visit, people: People, scheme: str
) -> None:
    page = visit(people.back_office, viewport=PHONE, color_scheme=scheme)
    page.goto("/orders/?late=true&state=in_progress")
    page.evaluate("for (const folded of document.querySelectorAll('main details')) folded.open = true")
    assert barriers(page) == []
    assert overflow(page) <= 0

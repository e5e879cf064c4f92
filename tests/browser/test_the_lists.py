"""A list as people work with it: columns chosen, rows ticked, everything downloaded as a file."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import expect

from extranet.models import CopperOrder
from lists.pages import ListAction
from sessions_app.carts.list_page import CARTS
from sessions_app.models import Cart
from tests.browser import page_helpers
from tests.browser.conftest import PHONE, Visit
from tests.browser.page_checks import barriers, overflow
from tests.conftest import People
from tests.extranet.order_factory import run_sync

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def carts(people: People) -> list[Cart]:
    return Cart.objects.bulk_create(Cart(owner=people.sales, external_id=f"C{number}") for number in range(3))


@pytest.fixture
def _with_action(monkeypatch: pytest.MonkeyPatch) -> None:
    acting = replace(CARTS, actions=(ListAction("Watch", "portal:home"),))
    monkeypatch.setattr("sessions_app.carts.views.CARTS", acting)


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_columns_are_chosen_and_reset_on_the_same_list(visit: Visit, people: People, script: bool) -> None:
    page = visit(people.sales, java_script_enabled=script)
    page.goto("/carts/?sort=reference")
    page.get_by_text("Columns").first.click()
    page.get_by_label("Owner", exact=True).last.uncheck()
    page.get_by_label("Completed").last.check()
    page_helpers.click_and_wait(page.get_by_role("button", name="Show these"))

    assert page.url.endswith("/carts/?sort=reference")
    expect(page.get_by_role("columnheader", name="Completed")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Owner")).to_have_count(0)
    page.get_by_text("Columns").first.click()
    page_helpers.click_and_wait(page.get_by_role("button", name="Back to the default columns"))
    expect(page.get_by_role("columnheader", name="Owner")).to_be_visible()


@pytest.mark.usefixtures("_with_action")
def test_one_box_ticks_all_rows_and_shows_when_only_some_are(visit: Visit, people: People) -> None:
    page = visit(people.sales)
    page.goto("/carts/")
    every, ticked = page.get_by_label("Select all on this page"), page.locator("[name=selected]:checked")
    every.check()
    expect(ticked).to_have_count(3)
    page.get_by_label("Select C1").uncheck()
    assert every.evaluate("box => box.indeterminate")
    page.get_by_label("Select C1").check()
    expect(every).to_be_checked()
    every.uncheck()
    expect(ticked).to_have_count(0)


@pytest.mark.usefixtures("_with_action")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_open_choice_of_columns_fits_a_phone_and_is_accessible(
    visit: Visit, people: People, scheme: str
) -> None:
    page = visit(people.sales, viewport=PHONE, color_scheme=scheme)
    page.goto("/carts/")
    page.get_by_text("Columns").first.click()
    assert barriers(page) == []
    assert overflow(page) <= 0


def test_all_of_a_list_comes_as_a_file(visit: Visit, people: People) -> None:
    page = visit(people.sales)
    page.goto("/carts/?sort=reference")
    for name, beginning in (("CSV", b"\xef\xbb\xbfReference"), ("Excel", b"PK")):
        with page.expect_download() as download:
            page.get_by_role("link", name=name).click()
        assert Path(download.value.path()).read_bytes().startswith(beginning)


def test_copper_orders_are_filtered_and_the_filter_saved_as_a_view_and_downloaded_as_a_file(
    visit: Visit, people: People, locale: str
) -> None:
    run_sync(full=True)
    wanted = CopperOrder.objects.filter(status="completed", product_family="S")
    page = visit(people.back_office, locale=locale)
    page.goto("/extranet/")
    filters = page.locator(".order-filters")
    filters.locator("details > summary").press("Enter")
    filters.locator("[name=status][value=completed]").check()
    filters.locator("[name=product_family]").select_option("S")
    page_helpers.click_and_wait(filters.locator("button[type=submit]").last)
    expect(page.locator("ul.active-filters a")).to_have_count(2)
    assert page_helpers.listed(page) == wanted.count() > 0

    page.locator("details.save-view > summary").press("Enter")
    page.locator("#save_view_name").fill("SDSL")
    assert barriers(page) == []
    page_helpers.click_and_wait(page.locator("details.save-view button[type=submit]"))
    expect(page.locator("nav.quick a[aria-current]", has_text="SDSL")).to_be_visible()

    with page.expect_download() as download:
        page.locator('.files a[href*="export=csv"]').press("Enter")
    text = Path(download.value.path()).read_text(encoding="utf-8-sig").splitlines()
    _head, *rows = csv.reader(text, csv.Sniffer().sniff(text[0], ";,"))
    assert {row[0] for row in rows} == {order.alias for order in wanted}

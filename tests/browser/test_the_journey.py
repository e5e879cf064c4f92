"""A salesperson's work from cart to order: two lines ordered, one rejected, corrected and ordered again; each once."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from sessions_app.models import Cart
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.conftest import People, switch_on_field_names
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import run_sync

FillMissing = Callable[[Page, Mapping[str, str]], None]
SECOND = {
    "id_product_offering_id": "2173",
    "id_product_offering_qualification_item_id": "0a0e7b86-2f4e-4c7c-9d0c-6a0a4c1a5a11",
    "id_end_customer_name": "Cabinet Lenoir",
    "id_enni": page_helpers.UNKNOWN_ENNI,
    f"{page_helpers.SITE}end_customer_name": "Cabinet Lenoir",
}
CORRECTED = {"id_enni": page_helpers.GOOD_ENNI}


def test_a_cart_is_built_confirmed_and_its_rejected_line_ordered_again(
    visit: Visit, people: People, sandbox: SandboxProcess, locale: str
) -> None:
    switch_on_field_names(people.sales)
    page = visit(locale=locale)
    _journey(page, sandbox, page_helpers.fill_missing, watch=lambda: None)
    assert page.locator("html").get_attribute("lang") == locale[:2]


@pytest.mark.slow
def test_the_same_is_done_without_javascript(visit: Visit, people: People, sandbox: SandboxProcess) -> None:
    switch_on_field_names(people.sales)
    page = visit(java_script_enabled=False)
    _journey(page, sandbox, page_helpers.fill_missing_and_save, watch=run_sync)


def _journey(
    page: Page, sandbox: SandboxProcess, fill_missing: FillMissing, watch: Callable[[], object]
) -> None:
    page.goto("/")
    page_helpers.sign_in(page, "sales")
    page_helpers.follow(page, "/carts/new/")
    page.locator("#id_project_id").fill("AB123")
    page_helpers.submit(page)
    first = _add_line(page, fill_missing, page_helpers.FIRST | page_helpers.REST)
    second = _add_line(page, fill_missing, page_helpers.FIRST | page_helpers.REST | SECOND)

    _confirm(page, [first, second])
    page_helpers.advance_covage(sandbox)
    watch()
    reorder = page.locator('form[action$="/reorder/"] button')
    expect(reorder).to_be_visible()
    expect(page.locator("tr", has_text="Cabinet Lenoir")).to_contain_text(page_helpers.UNKNOWN_ENNI)

    page_helpers.click_and_wait(reorder)
    page_helpers.follow(page, "#id_enni")
    expect(page_helpers.field_errors(page, "id_enni")).to_contain_text(page_helpers.UNKNOWN_ENNI)
    fill_missing(page, CORRECTED)
    page_helpers.click_and_wait(page.locator("button[name=to-cart]"))
    _confirm(page, [second | CORRECTED])
    page_helpers.advance_covage(sandbox)
    watch()
    expect(page.locator("h1 .state-good")).to_be_visible()

    counters = sandbox.counters()
    assert sorted(counters["sessions_created"]) == sorted(cart.external_id for cart in Cart.objects.all())
    assert list(counters["sessions_created"].values()) == [1, 1]
    assert list(counters["lines_created"].values()) == [1, 1, 1]
    assert list(counters["confirmations"].values()) == [1, 1]
    assert counters["requests"]["PATCH /api/v1/product_order/{session_id}/confirm/"] == 2


def _add_line(page: Page, fill_missing: FillMissing, values: Mapping[str, str]) -> dict[str, str]:
    """Add a line and fill in all that it lacks. Returns its values."""
    page_helpers.follow(page, "/lines/new/")
    for field_id in page_helpers.FIRST:
        page.locator(f"#{field_id}").fill(values[field_id])
    page_helpers.submit(page)
    fill_missing(page, values)
    page_helpers.click_and_wait(page.locator("button[name=to-cart]"))
    return dict(values)


def _confirm(page: Page, lines: list[Mapping[str, str]]) -> None:
    """Review, find exactly what was typed, and press the button twice."""
    page_helpers.follow(page, "/confirm/")
    assert page_helpers.reviewed_lines(page) == [page_helpers.as_reviewed(line) for line in lines]
    page.locator("form.confirm button").dblclick()
    expect(page.locator("h1 .state-info")).to_be_visible()

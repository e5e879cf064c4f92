"""A salesperson's whole way: two lines ordered, one rejected, mended and ordered again; all of it once."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, expect

from sessions_app.models import Cart
from tests.browser import ways
from tests.browser.conftest import Visit
from tests.conftest import People, switch_on_field_names
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import run_sync

Mend = Callable[[Page, Mapping[str, str]], None]
SECOND = {
    "id_product_offering_id": "2173",
    "id_product_offering_qualification_item_id": "0a0e7b86-2f4e-4c7c-9d0c-6a0a4c1a5a11",
    "id_end_customer_name": "Cabinet Lenoir",
    "id_enni": ways.UNKNOWN_ENNI,
    f"{ways.SITE}end_customer_name": "Cabinet Lenoir",
}
MENDED = {"id_enni": ways.GOOD_ENNI}


@pytest.mark.parametrize("locale", ["en-GB", "fr-FR"])
def test_a_cart_is_built_confirmed_and_its_rejected_line_ordered_again(
    visit: Visit, people: People, sandbox: SandboxProcess, locale: str
) -> None:
    switch_on_field_names(people.sales)
    page = visit(locale=locale)
    _journey(page, sandbox, ways.mend, watch=lambda: None)
    assert page.locator("html").get_attribute("lang") == locale[:2]


def test_the_same_way_is_walked_without_javascript(
    visit: Visit, people: People, sandbox: SandboxProcess
) -> None:
    switch_on_field_names(people.sales)
    page = visit(java_script_enabled=False)
    _journey(page, sandbox, ways.mend_and_save, watch=run_sync)


def _journey(page: Page, sandbox: SandboxProcess, mend: Mend, watch: Callable[[], object]) -> None:
    page.goto("/")
    ways.sign_in(page, "sales")
    ways.follow(page, "/carts/new/")
    page.locator("#id_project_id").fill("AB123")
    ways.submit(page)
    first = _add_line(page, mend, ways.FIRST | ways.REST)
    second = _add_line(page, mend, ways.FIRST | ways.REST | SECOND)

    _confirm(page, [first, second])
    ways.let_covage_work(sandbox)
    watch()
    reorder = page.locator('form[action$="/reorder/"] button')
    expect(reorder).to_be_visible()
    expect(page.locator("tr", has_text="Cabinet Lenoir")).to_contain_text(ways.UNKNOWN_ENNI)

    ways.go_by(reorder)
    ways.follow(page, "#id_enni")
    expect(ways.field_errors(page, "id_enni")).to_contain_text(ways.UNKNOWN_ENNI)
    mend(page, MENDED)
    ways.go_by(page.locator("button[name=to-cart]"))
    _confirm(page, [second | MENDED])
    ways.let_covage_work(sandbox)
    watch()
    expect(page.locator("h1 .state-good")).to_be_visible()

    counters = sandbox.counters()
    assert sorted(counters["sessions_created"]) == sorted(cart.external_id for cart in Cart.objects.all())
    assert list(counters["sessions_created"].values()) == [1, 1]
    assert list(counters["lines_created"].values()) == [1, 1, 1]
    assert list(counters["confirmations"].values()) == [1, 1]
    assert counters["requests"]["PATCH /api/v1/product_order/{session_id}/confirm/"] == 2


def _add_line(page: Page, mend: Mend, values: Mapping[str, str]) -> dict[str, str]:
    """Add a line and mend all that it lacks. Gives what stands in it then."""
    ways.follow(page, "/lines/new/")
    for field_id in ways.FIRST:
        page.locator(f"#{field_id}").fill(values[field_id])
    ways.submit(page)
    mend(page, values)
    ways.go_by(page.locator("button[name=to-cart]"))
    return dict(values)


def _confirm(page: Page, lines: list[Mapping[str, str]]) -> None:
    """Review, find exactly what was typed, and press the button twice."""
    ways.follow(page, "/confirm/")
    assert ways.reviewed_lines(page) == [ways.as_reviewed(line) for line in lines]
    page.locator("form.confirm button").dblclick()
    expect(page.locator("h1 .state-info")).to_be_visible()

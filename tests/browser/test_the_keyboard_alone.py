"""Everything that a cart needs can be done with the keys alone."""

from playwright.sync_api import Page, expect

from sessions_app.models import Cart
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import REASONS, know_reasons, made, order_at

MOST_STOPS = 90


def _tab_to(page: Page, selector: str) -> None:
    """Press Tab until what the selector names is focused."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"The Tab key does not lead to {selector}.")


def _press(page: Page, selector: str) -> None:
    """Go to a link or a button with Tab and press Enter, which leads to another page."""
    _tab_to(page, selector)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def _fill(page: Page, values: dict[str, str]) -> None:
    for field_id, text in values.items():
        _tab_to(page, f"#{field_id}")
        page.keyboard.type(text)


def test_a_cart_is_built_and_confirmed_with_the_keys_alone(
    visit: Visit, people: People, sandbox: SandboxProcess
) -> None:
    page = visit()
    page.goto("/carts/")
    _fill(page, {"id_login": "sales", "id_password": "open sesame 123"})
    with page.expect_navigation():
        page.keyboard.press("Enter")
    _press(page, 'main a[href="/carts/new/"]')
    _press(page, "main form button.btn-primary")
    _press(page, 'main a[href$="/lines/new/"]')
    _fill(page, page_helpers.FIRST)
    _press(page, "main form button.btn-primary")
    expect(page.locator("#draft-form")).to_be_visible()
    while page_helpers.missing(page).count():
        field_id = str(page_helpers.missing(page).first.get_attribute("href")).removeprefix("#")
        page.locator("body").press("Control+Home")
        page.evaluate("document.activeElement.blur()")
        _tab_to(page, f'#readiness a[href="#{field_id}"]')
        page.keyboard.press("Enter")
        expect(page.locator(f"#{field_id}")).to_be_focused()
        page.keyboard.type((page_helpers.FIRST | page_helpers.REST)[field_id])
        with page.expect_response(lambda response: response.request.method == "POST"):
            page.keyboard.press("Tab")
        expect(page.locator(f'#readiness a[href="#{field_id}"]')).to_have_count(0)
    _press(page, "button[name=to-cart]")
    _press(page, 'main a[href$="/confirm/"]')
    _press(page, "form.confirm button")

    expect(page.locator("h1 .state-info")).to_be_visible()
    assert list(sandbox.counters()["confirmations"].values()) == [1]
    assert Cart.objects.get().confirmed_by == people.sales


def test_the_first_stop_of_every_page_skips_to_its_content(visit: Visit, people: People) -> None:
    page = visit(people.sales)
    page.goto("/carts/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()

    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


def test_the_menu_opens_with_enter_and_closes_with_escape(visit: Visit, people: People) -> None:
    page = visit(people.sales)
    page.goto("/")
    _tab_to(page, ".menu.wide summary")
    page.keyboard.press("Enter")
    expect(page.locator(".menu.wide .sheet")).to_be_visible()

    page.keyboard.press("Tab")
    page.keyboard.press("Escape")

    expect(page.locator(".menu.wide .sheet")).to_be_hidden()
    expect(page.locator(".menu.wide summary")).to_be_focused()


def test_from_the_list_of_orders_to_the_review_of_a_termination(
    visit: Visit, people: People, sandbox: SandboxProcess
) -> None:
    know_reasons()
    order = order_at(sandbox)
    page = visit(people.back_office)
    page.goto("/orders/")
    _press(page, f'main a[href="{order.get_absolute_url()}"]')
    _press(page, 'main a[href$="/terminate/"]')
    _tab_to(page, "#id_reason")
    page.keyboard.type(REASONS[0][:3])
    expect(page.locator("#id_reason")).to_have_value(REASONS[0])
    _tab_to(page, "#id_message")
    page.keyboard.type("Fin du bail")
    _press(page, "main form button[value=review]")

    expect(page.locator("form.confirm")).to_be_visible()
    expect(page.locator("main")).to_contain_text("Fin du bail")
    _tab_to(page, "form.confirm button[value=send]")
    assert made(sandbox) == {}

"""Covage cannot be reached: work goes on, and what is pending is sent once, in order, when they respond."""

from playwright.sync_api import Page, expect

from sessions_app.models import Cart
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import only_line, send_all, upstream_sessions

BANNER = ".loud:not([hidden])"


def _build_and_confirm(page: Page) -> Cart:
    page.goto("/carts/new/")
    page_helpers.submit(page)
    expect(page.locator(BANNER)).to_be_visible()
    page_helpers.follow(page, "/lines/new/")
    for field_id, text in page_helpers.FIRST.items():
        page.locator(f"#{field_id}").fill(text)
    page_helpers.submit(page)
    page_helpers.fill_missing(page, page_helpers.FIRST | page_helpers.REST)
    page_helpers.click_and_wait(page.locator("button[name=to-cart]"))
    page_helpers.follow(page, "/confirm/")
    page_helpers.click_and_wait(page.locator("form.confirm button"))
    expect(page.locator("h1 .state-info")).to_be_visible()
    return Cart.objects.get()


def test_a_cart_is_built_and_confirmed_and_is_sent_once_when_they_respond(
    visit: Visit, people: People, sandbox: SandboxProcess
) -> None:
    sandbox.down()
    page = visit(people.sales)
    cart = _build_and_confirm(page)
    for address in ("/", "/carts/", "/lines/", only_line(cart).get_absolute_url(), "/outbox/"):
        page.goto(address)
        expect(page.locator(BANNER)).to_be_visible()
    expect(page.locator("main section > ul > li")).to_have_count(3)
    assert upstream_sessions(sandbox) == []

    sandbox.down(False)
    send_all(cart)
    page.goto(cart.get_absolute_url())

    expect(page.locator("h1 .state-info")).to_be_visible()
    expect(page.locator(BANNER)).to_have_count(0)
    methods = [entry["method"] for entry in sandbox.log() if "/api/" in entry["path"]]
    assert [method for method in methods if method != "GET"] == ["POST", "POST", "PATCH"]
    counters = sandbox.counters()
    assert list(counters["sessions_created"].values()) == [1]
    assert list(counters["lines_created"].values()) == [1]
    assert list(counters["confirmations"].values()) == [1]


def test_edits_are_kept_and_shown_as_not_at_the_vendor_yet(
    visit: Visit, people: People, cart: Cart, sandbox: SandboxProcess
) -> None:
    sandbox.down()
    page = visit(people.sales)
    page.goto(only_line(cart).get_absolute_url())
    page_helpers.write(page, "id_note", "Ring twice")
    page.reload()
    expect(page.locator("#id_note")).to_have_value("Ring twice")
    expect(page.locator(BANNER)).to_be_visible()

    page.goto(cart.get_absolute_url())
    expect(page.locator('main a[href="/outbox/"]')).to_be_visible()
    sandbox.down(False)
    send_all(cart)
    page.reload()

    expect(page.locator('main a[href="/outbox/"]')).to_have_count(0)
    assert upstream_sessions(sandbox)[0]["lines"][0]["fields"]["note"] == "Ring twice"

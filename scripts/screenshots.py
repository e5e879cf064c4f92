"""Take the README's screenshots from a running demo: `.venv/bin/python scripts/screenshots.py [address of the demo]`.

In English, light and at desktop width. For carts and copper drafts as sales, for orders as the back office sees them;
nothing is sent.
"""

import shutil
import sys
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

DEMO = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
WIDTH, HEIGHT = 1440, 900
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
]


def main() -> None:
    IMAGES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium-headless-shell"), args=FLAGS
        )
        sales, back_office = _signed_in(browser, "sales1"), _signed_in(browser, "back1")
        _ordering(sales)
        _copper_form(sales)
        _tracking(back_office)
        _copper(back_office)
        browser.close()


def _signed_in(browser: Browser, username: str) -> Page:
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT}, locale="en-GB", color_scheme="light"
    )
    page = context.new_page()
    page.goto(f"{DEMO}/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", "carnet-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{DEMO}/")
    return page


def _ordering(page: Page) -> None:
    page.goto(f"{DEMO}/carts/?readiness=missing&sort=-missing")
    page.locator("tbody a").first.click()
    page.locator("td.missing details").first.evaluate("details => details.open = true")
    page.screenshot(path=IMAGES / "cart.png")
    page.locator("table.lines tbody a").first.click()
    page.locator("#id_enni").wait_for()
    page.screenshot(path=IMAGES / "line.png")


def _copper_form(page: Page) -> None:
    """The demo's copper draft that lacks something."""
    page.goto(f"{DEMO}/extranet/?q=BOU-2026-C11")
    page.locator("tbody a").first.click()
    page.locator("#draft-form").wait_for()
    page.screenshot(path=IMAGES / "copper-form.png")


def _tracking(page: Page) -> None:
    page.goto(f"{DEMO}/dashboard/")
    page.set_viewport_size({"width": WIDTH, "height": 1300})
    page.screenshot(path=IMAGES / "dashboard.png")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    page.goto(f"{DEMO}/orders/?state=confirmed&state=in_progress&sort=due_on")
    page.screenshot(path=IMAGES / "orders.png")
    _order(page)
    _termination(page)


def _order(page: Page) -> None:
    """An order that waits for its connection, with its first document in the page."""
    page.goto(f"{DEMO}/orders/?step=connexion_planned&sort=order_date")
    page.locator("tbody a").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("a[href*='view=']").first.click()
    page.frame_locator("iframe.document").locator("[data-drawn]").first.wait_for()
    page.evaluate("scrollTo(0, 0)")
    page.set_viewport_size({"width": WIDTH, "height": 1500})
    page.screenshot(path=IMAGES / "order.png")
    page.set_viewport_size({"width": WIDTH, "height": HEIGHT})


def _termination(page: Page) -> None:
    """The review of a termination of an order whose notice is due; it is not sent."""
    page.goto(f"{DEMO}/orders/?notice_due=true&sort=notice_on")
    page.locator("tbody a").first.click()
    page.wait_for_load_state("networkidle")
    page.locator("a[href$='/terminate/']").click()
    page.select_option("[name=reason]", index=1)
    page.fill("[name=request_effective_date]", (date.today() + timedelta(days=30)).isoformat())
    page.locator("button[value=review]").click()
    page.locator("button[value=send]").wait_for()
    page.screenshot(path=IMAGES / "termination.png")


def _copper(page: Page) -> None:
    page.goto(f"{DEMO}/")
    page.screenshot(path=IMAGES / "home.png")
    page.goto(f"{DEMO}/extranet/?pending=true&sort=-creation_date")
    page.locator("tbody a").first.click()
    page.locator("#question-title").wait_for()
    page.wait_for_load_state("networkidle")
    page.set_viewport_size({"width": WIDTH, "height": 1300})
    page.screenshot(path=IMAGES / "copper-order.png")


if __name__ == "__main__":
    main()

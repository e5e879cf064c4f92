"""Take the README's screenshots from a running demo: `.venv/bin/python scripts/screenshots.py`, once `make demo` is up.

Shows, in English and at desktop width, a cart with something missing and the form of its first line.
"""

import shutil
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

DEMO = "http://127.0.0.1:8000"
IMAGES = Path(__file__).resolve().parent.parent / "docs" / "images"
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
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        page = browser.new_page(viewport={"width": 1440, "height": 900}, locale="en-GB")
        _sign_in(page)
        page.goto(f"{DEMO}/carts/?readiness=missing&sort=-missing")
        page.locator("tbody a").first.click()
        page.locator("td.missing details").first.evaluate("details => details.open = true")
        page.screenshot(path=IMAGES / "cart.png")
        page.locator("table.lines tbody a").first.click()
        page.locator("#id_enni").wait_for()
        page.screenshot(path=IMAGES / "line.png")
        browser.close()


def _sign_in(page: Page) -> None:
    page.goto(f"{DEMO}/accounts/login/")
    page.fill("[name=login]", "sales1")
    page.fill("[name=password]", "carnet-demo")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{DEMO}/")


if __name__ == "__main__":
    main()

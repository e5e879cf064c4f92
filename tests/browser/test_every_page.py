"""Every page is accessible, fits a phone, and runs nothing but our own files."""

import re

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.page_checks import ConsoleErrors, barriers, overflow
from tests.browser.pages_to_check import PageToCheck, every_page
from tests.conftest import People
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.slow

LOOKS = [
    pytest.param("light", DESKTOP, "en-GB", id="light-desktop-english"),
    pytest.param("dark", PHONE, "fr-FR", id="dark-phone-french"),
]


@pytest.mark.parametrize(("scheme", "size", "locale"), LOOKS)
def test_every_page_is_accessible_and_fits_its_window(
    visit: Visit,
    people: People,
    sandbox: SandboxProcess,
    console_errors: ConsoleErrors,
    scheme: str,
    size: dict[str, int],
    locale: str,
) -> None:
    console_errors.expect("status of 404", "status of 403", "status of 502")
    pages: dict[User | None, Page] = {}
    wrong: dict[str, list[str]] = {}
    for checked in every_page(people, sandbox):
        if checked.person not in pages:
            pages[checked.person] = visit(checked.person, color_scheme=scheme, viewport=size, locale=locale)
        found = _found_wrong(pages[checked.person], checked)
        if found:
            wrong[checked.name] = found
    assert wrong == {}


def _found_wrong(page: Page, checked: PageToCheck) -> list[str]:
    checked.prepare()
    response = page.goto(checked.address)
    found = barriers(page)
    if response is None or response.status != checked.status:
        found.append(f"responded {response and response.status}, not {checked.status}")
    if overflow(page) > 0:
        found.append(f"{overflow(page)} pixels too wide")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_chosen_theme_overrides_the_device_s(visit: Visit, people: People, scheme: str) -> None:
    people.sales.theme = "dark" if scheme == "light" else "light"
    people.sales.save(update_fields=["theme"])
    page = visit(people.sales, color_scheme=scheme)
    page.goto("/")

    assert _is_dark(page) == (scheme == "light")
    assert barriers(page) == []


def _is_dark(page: Page) -> bool:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return max(map(int, re.findall("[0-9]+", colour)[:3])) < 128

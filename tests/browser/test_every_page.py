"""What holds for every page: nobody is shut out, it fits a phone, and it runs nothing but our own files."""

import re

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests.browser.conftest import DESKTOP, PHONE, Visit
from tests.browser.places import Place, every_place
from tests.browser.watch import Complaints, barriers, overflow
from tests.conftest import People
from tests.sandbox_process import SandboxProcess

LOOKS = [("light", DESKTOP, "en-GB"), ("dark", PHONE, "fr-FR")]


@pytest.mark.parametrize(
    ("scheme", "size", "locale"), LOOKS, ids=["light-desktop-english", "dark-phone-french"]
)
def test_every_page_is_open_to_everybody_and_fits_its_window(
    visit: Visit,
    people: People,
    sandbox: SandboxProcess,
    complaints: Complaints,
    scheme: str,
    size: dict[str, int],
    locale: str,
) -> None:
    complaints.expect("status of 404", "status of 403", "status of 502")
    pages: dict[User | None, Page] = {}
    wrong: dict[str, list[str]] = {}
    for place in every_place(people, sandbox):
        if place.person not in pages:
            pages[place.person] = visit(place.person, color_scheme=scheme, viewport=size, locale=locale)
        found = _found_wrong(pages[place.person], place)
        if found:
            wrong[place.name] = found
    assert wrong == {}


def _found_wrong(page: Page, place: Place) -> list[str]:
    place.prepare()
    response = page.goto(place.address)
    found = barriers(page)
    if response is None or response.status != place.status:
        found.append(f"answered {response and response.status}, not {place.status}")
    if overflow(page) > 0:
        found.append(f"{overflow(page)} pixels too wide")
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_theme_that_was_chosen_holds_against_the_device(visit: Visit, people: People, scheme: str) -> None:
    people.sales.theme = "dark" if scheme == "light" else "light"
    people.sales.save(update_fields=["theme"])
    page = visit(people.sales, color_scheme=scheme)
    page.goto("/")

    assert _is_dark(page) == (scheme == "light")
    assert barriers(page) == []


def _is_dark(page: Page) -> bool:
    colour = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return max(map(int, re.findall("[0-9]+", colour)[:3])) < 128

"""The vendor's export of all orders: begun, followed, fetched, and not again within five minutes."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.page_checks import barriers, overflow
from tests.conftest import People
from tests.sandbox_process import PACE, SandboxProcess
from tracking.models import Export

pytestmark = pytest.mark.slow

BEGIN = "form[action='/exports/start/'] button"
LIMIT = "05:01"


def _begun(sandbox: SandboxProcess) -> int:
    return sum(sandbox.counters()["exports_started"].values())


def _let_the_limit_pass(page: Page) -> None:
    """In Carnet, in the browser and at the vendor."""
    Export.objects.update(next_at=timezone.now() - timedelta(seconds=1))
    page.clock.fast_forward(LIMIT)


def test_one_is_begun_followed_and_fetched_and_the_next_has_to_wait(
    visit: Visit, people: People, sandbox: SandboxProcess, locale: str
) -> None:
    page = visit(people.back_office, locale=locale)
    page.clock.install()
    page.goto("/exports/")
    page.locator(BEGIN).click()
    expect(page.locator("#live progress")).to_be_visible()
    expect(page.locator(BEGIN)).to_have_count(0)
    assert barriers(page) == []

    sandbox.advance(PACE)
    # The page asks by itself.
    link = page.locator("#live tbody tr").first.get_by_role("link")
    expect(link).to_be_visible()
    with page.expect_download() as download:
        link.click()
    lines = download.value.path().read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].split(";")[:2] == ["modification_date", "order_reference"]
    assert len(lines) == 1 + len(sandbox.call("GET", "order/").json())

    expect(page.locator(".countdown")).to_have_text(re.compile("^[0-4]:[0-5][0-9]$"))
    expect(page.locator(BEGIN)).to_be_disabled()
    assert (barriers(page), max(overflow(page), 0)) == ([], 0)

    _let_the_limit_pass(page)
    expect(page.locator(".countdown")).to_be_empty()
    expect(page.locator(BEGIN)).to_be_enabled()
    assert _begun(sandbox) == 1
    page.locator(BEGIN).click()
    expect(page.locator("#live progress")).to_be_visible()
    expect(page.locator("#live tbody tr")).to_have_count(2)
    assert _begun(sandbox) == 2


def test_a_second_one_within_five_minutes_is_not_begun_even_without_javascript(
    visit: Visit, people: People, sandbox: SandboxProcess
) -> None:
    page = visit(people.back_office, java_script_enabled=False)
    page.goto("/exports/")
    page.locator(BEGIN).click()
    expect(page.locator("#live tbody tr")).to_have_count(1)
    sandbox.advance(PACE)
    Export.objects.update(checked_at=None)
    # The page opens itself anew every few seconds.
    expect(page.locator("#live tbody tr").get_by_role("link")).to_be_visible()

    page.locator(BEGIN).click()
    expect(page.locator("#messages .alert-warning")).to_be_visible()
    expect(page.locator("#live tbody tr")).to_have_count(1)
    assert _begun(sandbox) == 1


def test_one_that_fails_says_so_and_another_can_be_requested(
    visit: Visit, people: People, sandbox: SandboxProcess
) -> None:
    sandbox.fail_next_export()
    page = visit(people.back_office)
    page.goto("/exports/")
    page.locator(BEGIN).click()
    expect(page.locator("#live progress")).to_be_visible()
    sandbox.advance(PACE)
    expect(page.locator("#live tbody .state-bad")).to_be_visible()
    expect(page.locator("#live tbody tr").get_by_role("link")).to_have_count(0)
    expect(page.locator(BEGIN)).to_be_visible()
    assert barriers(page) == []

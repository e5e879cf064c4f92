"""A field changed here and at the vendor: the user sees both at the field and decides."""

import pytest
from playwright.sync_api import Page, expect

from sessions_app.models import Line
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import elsewhere, upstream_fields


@pytest.fixture
def page(visit: Visit, people: People, line: Line, sandbox: SandboxProcess) -> Page:
    """The line's form after its note was changed by another system, then here."""
    opened = visit(people.sales)
    opened.goto(line.get_absolute_url())
    elsewhere(sandbox).update_line(str(line.cart.upstream_id), str(line.upstream_id), {"note": "Theirs"})
    page_helpers.write(opened, "id_note", "Ours")
    return opened


def _conflict(page: Page) -> None:
    conflict = page.locator("#note-id_note .conflict")
    expect(conflict).to_contain_text("Ours")
    expect(conflict).to_contain_text("Theirs")
    expect(page.locator('#readiness a[href="#id_note"]')).to_be_visible()


def test_the_conflict_is_shown_at_its_field_and_nothing_is_overwritten(
    page: Page, sandbox: SandboxProcess, line: Line
) -> None:
    _conflict(page)
    expect(page.locator("#id_note")).to_have_value("Ours")
    assert upstream_fields(sandbox)["note"] == "Theirs"


@pytest.mark.parametrize(("keep", "kept"), [("ours", "Ours"), ("theirs", "Theirs")])
def test_the_user_decides_which_one_is_kept(
    page: Page, sandbox: SandboxProcess, line: Line, keep: str, kept: str
) -> None:
    _conflict(page)

    page_helpers.click_and_wait(page.locator(f'button[name=keep][value="{keep}|note"]'))

    expect(page.locator(".conflict")).to_have_count(0)
    expect(page.locator("#id_note")).to_have_value(kept)
    assert upstream_fields(sandbox)["note"] == kept
    assert Line.objects.get(pk=line.pk).draft["note"] == kept

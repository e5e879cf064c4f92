"""Two colleagues have the same line open: nobody's change is silently overwritten."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from sessions_app.models import Line
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.browser.page_checks import ConsoleErrors
from tests.conftest import People


@pytest.fixture
def mine(visit: Visit, people: People, line: Line) -> Page:
    page = visit(people.sales)
    page.goto(line.get_absolute_url())
    return page


@pytest.fixture
def theirs(visit: Visit, colleague: User, line: Line) -> Page:
    page = visit(colleague)
    page.goto(line.get_absolute_url())
    return page


def _stored(line: Line, name: str) -> object:
    return Line.objects.get(pk=line.pk).draft.get(name)


def test_the_second_to_change_a_field_sees_the_first_change_and_overwrites_nothing_until_saving_again(
    mine: Page, theirs: Page, line: Line
) -> None:
    page_helpers.write(theirs, "id_note", "Theirs")
    page_helpers.write(mine, "id_note", "Mine")

    expect(page_helpers.field_errors(mine, "id_note")).to_contain_text("Theirs")
    expect(mine.locator("#id_note")).to_have_value("Mine")
    assert _stored(line, "note") == "Theirs"

    page_helpers.submit(mine)

    expect(mine.locator("#messages .alert")).to_be_visible()
    expect(mine.locator("#id_note")).to_have_value("Mine")
    assert _stored(line, "note") == "Mine"


def test_changes_of_different_fields_are_both_kept(mine: Page, theirs: Page, line: Line) -> None:
    page_helpers.write(theirs, "id_note", "Theirs")
    page_helpers.write(mine, "id_technical_note", "Mine")
    page_helpers.write(mine, "id_vlan_reference", "500")

    assert _stored(line, "note") == "Theirs"
    assert _stored(line, "technical_note") == "Mine"
    mine.reload()
    expect(mine.locator("#id_note")).to_have_value("Theirs")


def test_without_javascript_the_form_comes_back_with_what_was_typed_and_what_is_stored(
    visit: Visit, people: People, theirs: Page, line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 409")
    page = visit(people.sales, java_script_enabled=False)
    page.goto(line.get_absolute_url())
    page_helpers.write(theirs, "id_note", "Theirs")
    page.locator("#id_note").fill("Mine")
    page.locator("#id_vlan_reference").fill("500")
    page_helpers.submit(page)

    expect(page_helpers.field_errors(page, "id_note")).to_contain_text("Theirs")
    expect(page.locator("#id_note")).to_have_value("Mine")
    assert (_stored(line, "note"), _stored(line, "vlan_reference")) == ("Theirs", 500)

    page_helpers.submit(page)

    expect(page.locator("#messages .alert")).to_be_visible()
    assert _stored(line, "note") == "Mine"


def test_a_form_preserved_while_its_author_signed_in_again_does_not_undo_what_others_did_meanwhile(
    visit: Visit, people: People, theirs: Page, line: Line
) -> None:
    page = visit(people.sales, java_script_enabled=False)
    page.goto(line.get_absolute_url())
    page.context.clear_cookies(name="sessionid")
    page.locator("#id_technical_note").fill("Mine")
    page_helpers.submit(page)
    page_helpers.write(theirs, "id_note", "Theirs")
    page_helpers.sign_in(page, "sales")
    expect(page.locator("#id_technical_note")).to_have_value("Mine")
    page_helpers.submit(page)

    expect(page.locator("#messages .alert")).to_be_visible()
    assert (_stored(line, "note"), _stored(line, "technical_note")) == ("Theirs", "Mine")


def test_a_line_that_was_confirmed_meanwhile_says_so_and_leaves_what_was_typed_to_be_copied(
    mine: Page, theirs: Page, line: Line, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 422")
    theirs.goto(f"{line.cart.get_absolute_url()}confirm/")
    page_helpers.click_and_wait(theirs.locator("form.confirm button"))
    expect(theirs.locator("h1 .state-info")).to_be_visible()

    page_helpers.write(mine, "id_note", "Too late")

    expect(mine.locator("#too-late")).to_have_role("alert")
    expect(mine.locator("#id_note")).to_have_value("Too late")
    assert _stored(line, "note") is None

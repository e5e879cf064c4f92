"""What people do on the pages, by what does not depend on a language: ids, names and addresses."""

import re
from collections.abc import Mapping

from playwright.sync_api import Locator, Page, expect

from accounts.models import User
from sessions_app.models import Line
from sync import runs
from tests.sandbox_process import PACE, SandboxProcess
from tests.sessions_app.cart_factory import confirm, only_line, open_cart, run_sync
from tracking.ingest import sync

SITE = "id_related_contact_information-0-"
PHONE, PHONE_SHOWN = "0123456789", "01 23 45 67 89"
GOOD_ENNI, UNKNOWN_ENNI = "CN012345", "CN999999"
UNTYPED = {"external_id", "siret_known"}
FIRST = {
    "id_product_offering_id": "2173",
    "id_product_offering_qualification_item_id": "d5a4a9aa-ba2c-4f53-95c7-0c1ce6f6e7fa",
    "id_end_customer_name": "Boulangerie Martin",
}
REST = {
    "id_enni": GOOD_ENNI,
    f"{SITE}end_customer_name": "Boulangerie Martin",
    f"{SITE}street_number": "4",
    f"{SITE}street_name": "Rue Andrei Sakharov",
    f"{SITE}postcode": "76130",
    f"{SITE}city": "Mont-Saint-Aignan",
    f"{SITE}insee_code": "76451",
    f"{SITE}contact1_firstname": "Jeanne",
    f"{SITE}contact1_lastname": "Martin",
    f"{SITE}contact1_phone_number": PHONE,
    f"{SITE}contact1_email_address": "jeanne.martin@example.test",
}


def click_and_wait(link: Locator) -> None:
    """Click a link or button that leads to another page, and wait until all of it is there.

    What is counted or read at once isn't waited for, and a page is shown before its end has arrived.
    """
    with link.page.expect_navigation():
        link.click()


def sign_in(page: Page, username: str) -> None:
    """Fill in the sign-in page that is open."""
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill("open sesame 123")
    click_and_wait(page.locator("main .card button[type=submit]"))


def submit(page: Page) -> None:
    """Press the page's main button."""
    click_and_wait(page.locator("main form button.btn-primary[type=submit]"))


def follow(page: Page, end_of_address: str) -> None:
    click_and_wait(page.locator(f'main a[href$="{end_of_address}"]').first)


def expect_path(page: Page, path: str) -> None:
    """Wait until the page is that of this path, whatever its query and fragment."""
    expect(page).to_have_url(re.compile(f"^https?://[^/]+{re.escape(path)}([?#].*)?$"))


def missing(page: Page) -> Locator:
    """The links of a draft's readiness list."""
    return page.locator('#readiness a[href^="#id_"]')


def field_errors(page: Page, field_id: str) -> Locator:
    return page.locator(f"#note-{field_id} .field-errors")


def enter(page: Page, field_id: str, text: str) -> None:
    """Fill a field, or choose from its list."""
    field = page.locator(f"#{field_id}")
    if field.evaluate("field => field.matches('select')"):
        field.select_option(text)
    else:
        field.fill(text)


def write(page: Page, field_id: str, text: str) -> None:
    """Fill a field and leave it; with JavaScript its section is stored by then."""
    with page.expect_response(lambda response: response.request.method == "POST"):
        enter(page, field_id, text)
        page.locator(f"#{field_id}").blur()


def fill_missing(page: Page, values: Mapping[str, str]) -> None:
    """Follow the readiness links of a draft's page, each to its field, until nothing is missing."""
    expect(page.locator("#draft-form")).to_be_visible()
    while missing(page).count():
        link = missing(page).first
        field_id = str(link.get_attribute("href")).removeprefix("#")
        link.click()
        expect(page.locator(f"#{field_id}")).to_be_focused()
        write(page, field_id, values[field_id])
        expect(page.locator(f'#readiness a[href="#{field_id}"]')).to_have_count(0)


def fill_missing_and_save(page: Page, values: Mapping[str, str]) -> None:
    """The same without JavaScript: the links lead to the fields, the button stores them."""
    expect(page.locator("#draft-form")).to_be_visible()
    for link in missing(page).all():
        field_id = str(link.get_attribute("href")).removeprefix("#")
        link.click()
        expect(page).to_have_url(re.compile(f"#{field_id}$"))
        enter(page, field_id, values[field_id])
    submit(page)
    expect(missing(page)).to_have_count(0)


def reviewed_lines(page: Page) -> list[list[tuple[str, str]]]:
    """What the review before confirming shows, line by line: the vendor's name of each field, and its value.

    The reference that Carnet gives and the vendor's answer on the SIRET, which nobody typed, are left out.
    """
    return [
        sorted(pair for row in article.locator("dl > div").all() if (pair := _pair(row))[0] not in UNTYPED)
        for article in page.locator("main article").all()
    ]


def _pair(row: Locator) -> tuple[str, str]:
    return row.locator("code").inner_text(), row.locator("dd").inner_text()


def as_reviewed(values: Mapping[str, str]) -> list[tuple[str, str]]:
    """Form values as the review should show them."""
    return sorted(
        (field_id.removeprefix(SITE).removeprefix("id_"), PHONE_SHOWN if text == PHONE else text)
        for field_id, text in values.items()
    )


def advance_covage(sandbox: SandboxProcess) -> None:
    """Move the vendor's clock until it is done with all that was confirmed."""
    sandbox.advance(5 * PACE)


def ordered_line(by: User, sandbox: SandboxProcess) -> Line:
    """A line of a cart of somebody's that was confirmed, accepted, and became an order that was synced."""
    cart = confirm(open_cart(by, lines=1), by)
    advance_covage(sandbox)
    run_sync()
    sync_orders()
    return only_line(cart)


def sync_orders() -> None:
    """Read the list of orders and the pages of those that are due, as the worker does."""
    runs.run(sync.ORDERS, sync.sync_orders)
    runs.run(sync.PAGES, sync.sync_pages)


def search_list(page: Page, words: str) -> None:
    """Search for words in the filters of the list of orders."""
    page.locator(".order-filters [name=q]").fill(words)
    click_and_wait(page.locator(".order-filters button[type=submit]").first)


def rows(page: Page) -> Locator:
    """The rows of a list."""
    return page.locator("main .table-responsive tbody tr")


def listed(page: Page) -> int:
    """How many rows a list says that it has."""
    return int(re.findall("[0-9]+", page.locator(".pager .count").inner_text())[-1])

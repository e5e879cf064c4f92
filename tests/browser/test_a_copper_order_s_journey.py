"""A copper order from draft to completion: begun, filled in, submitted, confirmed, completed; each step once."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.browser import copper, page_helpers
from tests.browser.conftest import Visit
from tests.browser.page_checks import ConsoleErrors, barriers
from tests.conftest import People, switch_on_field_names
from tests.extranet.order_factory import (
    all_upstream,
    edit,
    elsewhere,
    fresh,
    open_order,
    pending_order,
    read_products,
    run_sync,
    upstream,
    upstream_id,
)
from tests.sandbox_process import SandboxProcess

TYPED = "Appeler la veille"
GONE, THERE = "k2nlerox", "bp5nkkcx"
REVIEWED = {
    "product.code": "SD01",
    "endpoint_ref": "0143340043",
    "activation_info.mandate_id": "01234567",
    "owner.name": "Boulangerie Martin",
    "enni.enni_vlan": "111",
    "comment": "PENDING STRAIGHT",
}
STATUSES = ["order-submitted", "order-acknowledged", "order-running", "order-pending", "order-completed"]


@pytest.fixture(autouse=True)
def _reference_data(sandbox: SandboxProcess, people: People) -> None:
    """Products and contacts, read as the worker does; fields and events are read by Covage's names."""
    read_products()
    for person in (people.sales, people.back_office):
        switch_on_field_names(person)


@pytest.fixture
def order(people: People) -> CopperOrder:
    """A draft that is ready, and at the vendor."""
    return open_order(people.sales)


def _reviewed(page: Page) -> dict[str, str]:
    """What the review shows, by the vendor's names."""
    rows = page.locator("main .values dl > div").all()
    return {row.locator("code").inner_text(): row.locator("dd").inner_text() for row in rows}


def _open_home_with_question(visit: Visit, person: User, locale: str, order: CopperOrder) -> Page:
    """Open home, where the question comes first."""
    page = visit(person, locale=locale)
    page.goto("/")
    first = page.locator(".panels .panel").first
    expect(first.locator(f'li > a[href="{order.get_absolute_url()}"]')).to_be_visible()
    expect(first.locator(_answer(order))).to_be_visible()
    return page


def _answer(order: CopperOrder, how: str = "confirm") -> str:
    return f'a[href="{order.get_absolute_url()}{how}/"]'


def _events_shown(page: Page) -> list[str]:
    """The events of Covage that the page shows, by their own names."""
    codes = page.locator("section", has=page.locator("#activity-title")).locator("code.vendor-name")
    return codes.all_inner_texts()


def test_it_is_begun_filled_in_submitted_confirmed_and_completed_each_once(
    visit: Visit, people: People, sandbox: SandboxProcess, locale: str
) -> None:
    page = visit(people.sales, locale=locale)
    values = copper.REQUIRED["activate"]
    order = copper.begin(page, values)
    assert fresh(order).upstream_id is None
    page_helpers.fill_missing(page, values)
    page_helpers.write(page, "id_comment", "PENDING STRAIGHT")
    assert barriers(page) == []

    copper.review(page)
    assert _reviewed(page).items() >= REVIEWED.items()
    assert barriers(page) == []
    copper.press_twice(page)
    expect(page.locator("h1 .state-info")).to_be_visible()
    assert sandbox.counters()["extranet_submissions"] == {upstream_id(fresh(order)): 1}

    assert copper.advance_covage(sandbox, order, 3).is_pending
    _open_home_with_question(visit, people.back_office, locale, order)
    page = _open_home_with_question(visit, people.sales, locale, order)
    page_helpers.click_and_wait(page.locator(f".panel {_answer(order)}"))
    expect(page.locator("form.confirm")).to_contain_text("Accès sensible")
    assert barriers(page) == []
    copper.press_twice(page)
    page_helpers.expect_path(page, order.get_absolute_url())
    assert sandbox.counters()["extranet_answers"] == {upstream_id(fresh(order)): 1}
    expect(page.locator("main .question")).to_have_count(0)

    copper.advance_covage(sandbox, order, 1)
    page.reload()
    expect(page.locator("h1 .state-good")).to_be_visible()
    expect(page.locator("ol.timeline li.step-done code").last).to_have_text("completion_date")
    assert [name for name in STATUSES if name not in _events_shown(page)] == []
    expect(page.locator("ol.history > li")).not_to_have_count(0)
    assert barriers(page) == []
    page.goto("/")
    expect(page.locator(f'.panel a[href="{order.get_absolute_url()}"]')).to_have_count(0)
    assert list(sandbox.counters()["extranet_orders_created"].values()) == [1]


def test_a_pending_order_is_cancelled_once(
    visit: Visit, people: People, sandbox: SandboxProcess, locale: str
) -> None:
    order = pending_order(sandbox, people.sales)
    run_sync()
    page = visit(people.back_office, locale=locale)
    page.goto(order.get_absolute_url())
    expect(page.locator("main .question")).to_be_visible()
    assert barriers(page) == []

    page_helpers.click_and_wait(page.locator(_answer(order, "cancel")))
    expect(page.locator("form.confirm")).to_contain_text("Accès sensible")
    copper.press_twice(page)

    expect(page.locator("#messages .alert").first).to_be_visible()
    expect(page.locator("ol.timeline li.step-done code").last).to_have_text("cancellation_date")
    assert upstream(sandbox, order)["status"] == "canceled"
    assert sandbox.counters()["extranet_answers"] == {upstream_id(order): 1}
    page.goto(f"{order.get_absolute_url()}confirm/")
    expect(page.locator("form.confirm")).to_have_count(0)


def test_a_draft_is_deleted_after_one_confirmation(
    visit: Visit, people: People, sandbox: SandboxProcess, order: CopperOrder, locale: str
) -> None:
    page = visit(people.sales, locale=locale)
    page.goto(order.get_absolute_url())
    page_helpers.follow(page, "/delete/")
    assert barriers(page) == []
    copper.press_twice(page, "main form button.btn-danger")

    expect(page.locator("#messages .alert").first).to_be_visible()
    page_helpers.expect_path(page, "/extranet/")
    assert [raw for raw in all_upstream(sandbox) if raw["order_uuid"] == order.upstream_id] == []


def test_a_refusal_is_shown_at_its_field_with_what_was_typed_and_the_support_reference(
    visit: Visit, people: People, sandbox: SandboxProcess, locale: str
) -> None:
    order = open_order(people.sales, contacts__operator__contact_uuid=GONE)
    sandbox.extranet("DELETE", f"contacts/{GONE}/")
    page = visit(people.sales, locale=locale)
    page.goto(order.get_absolute_url())
    page_helpers.write(page, "id_comment", TYPED)

    expect(page_helpers.field_errors(page, copper.CONTACT)).to_contain_text(GONE)
    expect(page.locator(f"#{copper.CONTACT}")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#refusal code")).to_have_text(Operation.objects.latest("id").request_uuid)
    expect(page.locator('#to-submit a[href$="/submit/"]')).to_have_count(0)
    page.reload()
    expect(page.locator("#id_comment")).to_have_value(TYPED)
    expect(page.locator("#refusal code")).to_be_visible()
    assert barriers(page) == []

    page_helpers.fill_missing(page, {copper.CONTACT: THERE})
    expect(page.locator("#refusal code")).to_have_count(0)
    expect(page.locator('#to-submit a[href$="/submit/"]')).to_be_visible()
    assert (upstream(sandbox, order)["comment"], fresh(order).unsent) == (TYPED, [])


def test_a_submission_that_covage_refuses_is_a_draft_again_and_can_be_submitted_again(
    visit: Visit, people: People, sandbox: SandboxProcess, order: CopperOrder, locale: str
) -> None:
    sandbox.faults([{"fault": "error", "status": 400, "method": "POST", "path": "/submit/$", "times": 1}])
    page = visit(people.sales, locale=locale)
    page.goto(order.get_absolute_url())
    copper.review(page)
    copper.press_twice(page)

    expect(page.locator("#refusal code")).to_have_text(Operation.objects.latest("id").request_uuid)
    expect(page.locator("#id_owner-name")).to_have_value("Untel")
    assert barriers(page) == []
    copper.review(page)
    copper.press_twice(page)
    expect(page.locator("h1 .state-info")).to_be_visible()
    assert sandbox.counters()["extranet_submissions"] == {upstream_id(order): 1}


def test_what_was_typed_into_a_draft_that_was_submitted_elsewhere_is_shown_to_be_copied(
    visit: Visit,
    people: People,
    sandbox: SandboxProcess,
    console_errors: ConsoleErrors,
    order: CopperOrder,
    locale: str,
) -> None:
    console_errors.expect("status of 409", "status of 422", "Response Status Error Code 422")
    page = visit(people.sales, locale=locale)
    page.goto(order.get_absolute_url())
    elsewhere(sandbox).submit_order(upstream_id(order))
    page_helpers.write(page, "id_comment", TYPED)
    expect(page.locator("#too-late a")).to_be_visible()
    expect(page.locator("#id_comment")).to_have_value(TYPED)
    assert barriers(page) == []

    page_helpers.click_and_wait(page.locator("#too-late a"))
    expect(page.locator("h1 .state-info")).to_be_visible()
    expect(page.locator("section", has=page.locator("#never-sent-title"))).to_contain_text(TYPED)
    assert upstream(sandbox, order)["comment"] == "STRAIGHT"


def test_a_draft_that_somebody_changed_meanwhile_is_reviewed_again(
    visit: Visit,
    people: People,
    sandbox: SandboxProcess,
    console_errors: ConsoleErrors,
    order: CopperOrder,
) -> None:
    console_errors.expect("status of 409")
    page = visit(people.sales)
    page.goto(order.get_absolute_url())
    copper.review(page)
    edit(order, people.sales, comment=TYPED)

    page_helpers.click_and_wait(page.locator("form.confirm button[type=submit]"))
    expect(page.locator("#messages .alert-warning")).to_be_visible()
    assert _reviewed(page)["comment"] == TYPED
    assert sandbox.counters()["extranet_submissions"] == {}

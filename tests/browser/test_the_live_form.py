"""A line's form responds field by field: says what is wrong, fills in what follows, stores as it goes."""

import re

from playwright.sync_api import Page, Route, expect

from sessions_app.models import Line
from tests.browser import page_helpers
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import upstream_fields

INVALID = re.compile("true")


def _stored(line: Line, path: str) -> object:
    return Line.objects.get(pk=line.pk).flat_draft.get(path)


def test_a_wrong_value_is_reported_at_its_field_on_leaving_it(
    page: Page, bare_line: Line, sandbox: SandboxProcess
) -> None:
    field, link = page.locator("#id_vlan_reference"), page.locator('#readiness a[href="#id_vlan_reference"]')
    expect(link).to_have_count(0)

    page_helpers.write(page, "id_vlan_reference", "5000")

    expect(page_helpers.field_errors(page, "id_vlan_reference")).to_be_visible()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(link).to_be_visible()
    assert upstream_fields(sandbox)["vlan_reference"] is None

    page_helpers.write(page, "id_vlan_reference", "500")

    expect(page_helpers.field_errors(page, "id_vlan_reference")).to_have_count(0)
    expect(field).not_to_have_attribute("aria-invalid", INVALID)
    expect(link).to_have_count(0)
    assert upstream_fields(sandbox)["vlan_reference"] == 500


def test_what_is_needed_is_marked_until_it_is_there(page: Page, bare_line: Line) -> None:
    mark, count = page.locator("#need-id_enni .need"), page.locator("#count-network")
    expect(mark).to_be_visible()
    expect(count).to_have_text("1")

    page_helpers.write(page, "id_enni", page_helpers.GOOD_ENNI)

    expect(mark).to_have_count(0)
    expect(count).to_have_text("")


def test_a_postcode_brings_its_city_and_code(page: Page, bare_line: Line) -> None:
    page_helpers.write(page, f"{page_helpers.SITE}postcode", "76130")

    expect(page.locator(f"#{page_helpers.SITE}city")).to_have_value("Mont-Saint-Aignan")
    expect(page.locator(f"#{page_helpers.SITE}insee_code")).to_have_value("76451")
    assert _stored(bare_line, "related_contact_information.0.insee_code") == "76451"


def test_each_section_is_stored_without_leaving_the_page(
    page: Page, bare_line: Line, sandbox: SandboxProcess
) -> None:
    page.evaluate("window.stayed = true")

    page_helpers.write(page, "id_note", "Ring twice")
    page_helpers.write(page, "id_enni", page_helpers.GOOD_ENNI)

    assert page.evaluate("window.stayed")
    assert {name: upstream_fields(sandbox)[name] for name in ("note", "enni")} == {
        "note": "Ring twice",
        "enni": page_helpers.GOOD_ENNI,
    }


def test_an_answer_takes_neither_the_focus_nor_what_is_being_typed(page: Page, bare_line: Line) -> None:
    delayed: list[Route] = []
    page.route(f"**{bare_line.get_absolute_url()}", lambda route: delayed.append(route))
    city, postcode = page.locator(f"#{page_helpers.SITE}city"), page.locator(f"#{page_helpers.SITE}postcode")

    with page.expect_request(f"**{bare_line.get_absolute_url()}"):
        postcode.fill("76130")
        postcode.press("Tab")
    expect(city).to_be_focused()
    city.press_sequentially("Rou")
    with page.expect_response(f"**{bare_line.get_absolute_url()}"):
        delayed[0].continue_()
    expect(page.locator(f"#{page_helpers.SITE}insee_code")).to_have_value("76451")
    city.press_sequentially("en")

    expect(city).to_be_focused()
    expect(city).to_have_value("Rouen")


def test_everything_is_there_after_reloading_the_page_the_wrong_value_with_its_error(
    page: Page, bare_line: Line
) -> None:
    page_helpers.write(page, "id_vlan_reference", "5000")
    page_helpers.write(page, "id_note", "Ring twice")

    page.reload()

    expect(page.locator("#id_vlan_reference")).to_have_value("5000")
    expect(page.locator("#id_vlan_reference")).to_have_attribute("aria-invalid", "true")
    expect(page_helpers.field_errors(page, "id_vlan_reference")).to_be_visible()
    expect(page.locator("#id_note")).to_have_value("Ring twice")
    expect(page.locator("#put-back")).to_be_hidden()
    assert _stored(bare_line, "note") == "Ring twice"

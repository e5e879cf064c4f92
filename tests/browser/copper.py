"""Copper orders as people make them in a browser: what each kind requires, and how to get from one page to the next."""

from collections.abc import Mapping

from playwright.sync_api import Page, expect

from extranet.models import CopperOrder
from outbox.models import Operation
from tests.browser import page_helpers
from tests.extranet.order_factory import fresh, run_sync, upstream_id
from tests.sandbox_process import SandboxProcess, eventually

CONTACT = "id_contacts-operator-contact_uuid"
_FIRST = ("id_product-code", "id_activation_type", "id_owner-name")
_ANY = {
    "id_owner-type": "unregistrated",
    "id_owner-name": "Boulangerie Martin",
    CONTACT: "bp5nkkcx",
}
_SDSL = _ANY | {
    "id_product-code": "SD01",
    "id_enni-enni_service_ref": "S20181102_12001",
    "id_enni-enni_vlan": "111",
}
_ADSL = _ANY | {"id_product-code": "AM01"}
_OF_THE_CUSTOMER = {
    "id_endpoints-0-endpoint_ref": "0143340043",
    "id_endpoints-0-endpoint_ref_type": "line number",
    "id_activation_info-mandate_id": "01234567",
}
_NEAR = {
    "id_reference_endpoint-endpoint_ref": "0143340043",
    "id_reference_endpoint-endpoint_ref_type": "line number",
    "id_contacts-owner-first_name": "Jeanne",
    "id_contacts-owner-last_name": "Martin",
    "id_contacts-owner-phone_number": "0123456789",
}
_ELSEWHERE = {
    "id_address-street_number": "4",
    "id_address-street_name": "Rue Andrei Sakharov",
    "id_address-city": "Mont-Saint-Aignan",
    "id_address-insee_code": "76451",
}
# By activation type, all that an order requires before it is ready.
REQUIRED: dict[str, dict[str, str]] = {
    how: {"id_activation_type": how} | values
    for how, values in {
        "activate": _SDSL | _OF_THE_CUSTOMER,
        "create": _SDSL | _NEAR,
        "create_nearby": _ADSL | _NEAR | _ELSEWHERE,
        "create_neighbour": _ADSL | _NEAR | _ELSEWHERE,
    }.items()
}


def begin(page: Page, values: Mapping[str, str]) -> CopperOrder:
    """Begin an order with what the first page requires. Returns the newest order."""
    page.goto("/extranet/")
    page_helpers.follow(page, "/extranet/new/")
    for field_id in _FIRST:
        page_helpers.enter(page, field_id, values[field_id])
    page_helpers.submit(page)
    expect(page.locator("#draft-form")).to_be_visible()
    return CopperOrder.objects.latest("id")


def review(page: Page) -> None:
    """Go from a draft that is ready to the review of what would be ordered."""
    page_helpers.click_and_wait(page.locator('#readiness a[href$="/submit/"]'))
    expect(page.locator("form.confirm")).to_be_visible()


def press_twice(page: Page, button: str = "form.confirm button[type=submit]") -> None:
    """Press a page's button twice, and wait until the response is shown and all is sent.

    The response to the second press, which is the one that is shown, may come while the first is under way.
    """
    page.locator(button).dblclick()
    expect(page.locator(button)).to_have_count(0)
    assert eventually(lambda: not Operation.objects.unfinished().exists())


def advance_covage(sandbox: SandboxProcess, order: CopperOrder, steps: int) -> CopperOrder:
    """Let an order take its next steps at the vendor, and sync as the worker does."""
    sandbox.on_copper(upstream_id(fresh(order)), "advance", {"steps": steps})
    run_sync()
    return fresh(order)

"""A copper order's form shows the fields of its kind, as soon as that is chosen, and removes nothing typed."""

from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import Page, Route, expect

from extranet.models import CopperOrder
from tests.browser import copper, page_helpers
from tests.browser.conftest import PHONE, Visit
from tests.browser.page_checks import barriers
from tests.conftest import People
from tests.extranet.order_factory import fresh, read_products, upstream
from tests.extranet.page_helpers import draft, outage
from tests.sandbox_process import SandboxProcess

# By what fields' names begin with, the activation types that have such fields; the last two build a line of ADSL.
SHOWN = {
    "endpoints-": {"activate"},
    "activation_info-": {"activate"},
    "reference_endpoint-": {"create", "create_nearby", "create_neighbour"},
    "address-street": {"activate", "create_nearby", "create_neighbour"},
    "address-floor": {*copper.REQUIRED},
    "enni-": {"activate", "create"},
    "options-demarcation_device": {"activate", "create"},
    "options-portability": {"create_nearby", "create_neighbour"},
    "owner-name": {*copper.REQUIRED},
    "service_": set(),
}
KINDS = [
    how if how in ("activate", "create") else pytest.param(how, marks=pytest.mark.slow)
    for how in copper.REQUIRED
]


@pytest.fixture
def order(people: People) -> CopperOrder:
    """A draft that is ready, while the vendor is down."""
    outage()
    return draft(people.sales)


@pytest.fixture
def page(visit: Visit, people: People, order: CopperOrder) -> Page:
    opened = visit(people.sales)
    opened.goto(order.get_absolute_url())
    return opened


def _stored(order: CopperOrder, path: str) -> object:
    return CopperOrder.objects.get(pk=order.pk).flat_draft.get(path)


def _held_back(page: Page) -> Callable[[], None]:
    """Hold the next save of a section back, until what this returns is called."""
    waiting: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST" and not waiting:
            waiting.append(route)
        else:
            route.continue_()

    page.route("**/extranet/**", hold)
    return lambda: waiting[0].continue_()


def test_another_kind_of_customer_brings_its_fields_and_leaves_the_person_where_they_are(
    page: Page, order: CopperOrder
) -> None:
    page.evaluate("window.stayed = true")
    expect(page.locator("#id_owner-siret")).to_have_count(0)
    with page.expect_response(lambda response: response.request.method == "POST"):
        page.locator("#id_owner-type").select_option("registrated")
        page.locator("#id_owner-name").focus()

    expect(page.locator("#id_owner-siret")).to_be_visible()
    expect(page.locator("#id_owner-name")).to_be_focused()
    page_helpers.write(page, "id_owner-siret", "123")
    expect(page_helpers.field_errors(page, "id_owner-siret")).to_be_visible()
    expect(page.locator("#count-customer")).to_have_text("1")
    assert page.evaluate("window.stayed")


def test_what_is_typed_while_the_sections_are_reloaded_stays_and_is_stored(
    page: Page, order: CopperOrder
) -> None:
    let_go = _held_back(page)
    page.locator("#id_activation_type").select_option("create_nearby")
    page.locator("#id_comment").fill("Ring twice")
    with page.expect_response(lambda response: "comment=Ring" in (response.request.post_data or "")):
        let_go()

    expect(page.locator("#id_reference_endpoint-endpoint_ref")).to_be_visible()
    expect(page.locator("#id_comment")).to_be_focused()
    expect(page.locator("#id_comment")).to_have_value("Ring twice")
    assert _stored(order, "comment") == "Ring twice"
    expect(page.locator("#put-back")).to_be_hidden()


def test_a_new_kind_of_line_says_at_once_what_it_requires(page: Page, order: CopperOrder) -> None:
    expect(page.locator("#readiness a[href$='/submit/']")).to_be_visible()
    expect(page.locator("#appointment section")).to_have_count(0)

    page.locator("#id_activation_type").select_option("create_nearby")

    expect(page.locator("#readiness a[href='#id_reference_endpoint-endpoint_ref']")).to_be_visible()
    expect(page.locator("#appointment section")).to_be_visible()
    expect(page.locator("#to-submit a")).to_have_count(0)
    page.locator("#readiness a[href='#id_address-city']").click()
    expect(page.locator("#id_address-city")).to_be_focused()


def test_a_value_switches_its_option_on(page: Page, order: CopperOrder) -> None:
    page.locator("#id_options-grt-value").select_option("8h")
    expect(page.locator("#id_options-grt-enabled")).to_have_value("true")
    assert _stored(order, "options.grt.enabled") is True


def test_a_second_line_is_added_and_the_first_removed(page: Page, order: CopperOrder) -> None:
    page_helpers.click_and_wait(page.locator("[name=add-line]"))
    page_helpers.write(page, "id_endpoints-1-endpoint_ref", "01 43 34 00 44")
    expect(page.locator("#id_endpoints-1-endpoint_ref_type")).to_have_value("line number")

    page_helpers.click_and_wait(page.locator("[name=remove-line][value='0']"))

    expect(page.locator("#id_endpoints-0-endpoint_ref")).to_have_value("0143340044")
    expect(page.locator("#id_endpoints-1-endpoint_ref")).to_have_count(0)


def test_an_order_is_begun_and_filled_in_without_scripts(
    visit: Visit, people: People, order: CopperOrder
) -> None:
    page = visit(people.sales, java_script_enabled=False, viewport=PHONE)
    page.goto("/extranet/new/")
    page.locator("#id_product-code").fill("SD01")
    page.locator("#id_activation_type").select_option("create")
    page_helpers.submit(page)

    page.locator("#id_reference_endpoint-endpoint_ref").fill("0143340043")
    page.locator("#id_owner-type").select_option("individual")
    page_helpers.click_and_wait(page.locator("#draft-form .save-bar button.btn-primary"))

    expect(page.locator("#id_owner-last_name")).to_be_visible()
    expect(page.locator("#id_reference_endpoint-endpoint_ref_type")).to_have_value("line number")
    begun = CopperOrder.objects.exclude(pk=order.pk).get()
    assert begun.draft["owner.type"] == "individual"


@pytest.mark.parametrize(
    ("locale", "fill", "script"),
    [
        ("en-GB", page_helpers.fill_missing, True),
        pytest.param("fr-FR", page_helpers.fill_missing, True, marks=pytest.mark.slow),
        pytest.param("fr-FR", page_helpers.fill_missing_and_save, False, marks=pytest.mark.slow),
    ],
    ids=["english-live", "french-live", "french-without-scripts"],
)
@pytest.mark.parametrize("how", KINDS)
def test_each_kind_of_line_has_its_own_fields_and_is_filled_in_until_it_is_ready(
    visit: Visit,
    people: People,
    sandbox: SandboxProcess,
    how: str,
    locale: str,
    fill: Callable[[Page, Mapping[str, str]], None],
    script: bool,
) -> None:
    read_products()
    page = visit(people.sales, locale=locale, java_script_enabled=script)
    order = copper.begin(page, copper.REQUIRED[how])
    shown = {prefix for prefix in SHOWN if page.locator(f'#draft-form [name^="{prefix}"]').count()}
    assert shown == {prefix for prefix, kinds in SHOWN.items() if how in kinds}
    assert not script or barriers(page) == []

    fill(page, copper.REQUIRED[how])

    expect(page.locator('#to-submit a[href$="/submit/"]')).to_be_visible()
    assert not script or barriers(page) == []
    order = fresh(order)
    assert (order.is_ready, order.unsent) == (True, [])
    assert upstream(sandbox, order)["activation_type"] == how

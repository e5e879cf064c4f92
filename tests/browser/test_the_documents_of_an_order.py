"""The documents of an order: drawn in its page, kept once seen, and what is wrong with an invalid one said in place."""

import pytest
from playwright.sync_api import FrameLocator, Page, expect

from outbox import clients
from tests.browser.conftest import Visit
from tests.browser.page_checks import ConsoleErrors, barriers, overflow
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.tracking.request_forms import again, order_at
from tracking.ingest import sync
from tracking.models import Order

pytestmark = pytest.mark.slow

# The share of a canvas's pixels that are not the background's colour, in per mille.
INK = """canvas => {
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 0 && data[i] + data[i + 1] + data[i + 2] < 600) dark++;
  return 4000 * dark / data.length;
}"""


@pytest.fixture
def order(people: People, sandbox: SandboxProcess) -> Order:
    return order_at(sandbox)


def _add(sandbox: SandboxProcess, order: Order, filename: str, **content: str) -> Order:
    sandbox.on_order(order.reference, "documents", {"type": "BDC", "filename": filename} | content)
    sync.refresh(order, clients.client())
    return again(order)


def _view(page: Page, order: Order, filename: str) -> FrameLocator:
    """Open a document in the page of its order, as a person does."""
    page.goto(order.get_absolute_url())
    document = page.locator("ul.documents > li", has_text=filename)
    document.locator('a[href*="?view="]').click()
    expect(page.locator("iframe.document")).to_be_visible()
    return page.frame_locator("iframe.document")


def _is_drawn(frame: FrameLocator, words: str) -> None:
    drawn = frame.locator(".page[data-drawn]").first
    expect(drawn).to_be_visible()
    expect(drawn.locator(".textLayer")).to_contain_text(words)
    assert drawn.locator("canvas").evaluate(INK) > 1
    expect(frame.locator("[role=alert]:not([hidden])")).to_have_count(0)


@pytest.mark.parametrize(("locale", "scheme"), [("en-GB", "light"), ("fr-FR", "dark")])
def test_a_pdf_is_drawn_in_its_page_and_again_while_they_are_down(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess, locale: str, scheme: str
) -> None:
    page = visit(people.sales, locale=locale, color_scheme=scheme)
    filename = f"{order.reference}_1.pdf"
    _is_drawn(_view(page, order, filename), order.reference)
    assert barriers(page) == []
    assert overflow(page) <= 0

    sandbox.down()
    _is_drawn(_view(page, order, filename), order.reference)
    with page.expect_download() as download:
        page.locator("ul.documents > li", has_text=filename).locator('a[href$="?download"]').click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_without_javascript_the_page_opens_with_the_frame_and_the_frame_says_what_to_do(
    visit: Visit, people: People, order: Order
) -> None:
    page = visit(people.sales, java_script_enabled=False)
    frame = _view(page, order, f"{order.reference}_1.pdf")
    expect(frame.locator("noscript")).to_have_count(1)


def test_one_not_seen_before_says_so_while_they_are_down(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 50")
    sandbox.down()
    page = visit(people.sales)
    frame = _view(page, order, f"{order.reference}_1.pdf")
    expect(frame.get_by_role("alert")).to_be_visible()
    page.reload()
    expect(page.locator("ul.documents > li").first.locator(".trouble")).to_be_visible()


def test_what_is_no_pdf_says_so_in_the_page_and_runs_nothing(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 5")
    order = _add(sandbox, order, "form.pdf", text="<script>parent.ran = true; top.ran = true</script>")
    page = visit(people.sales)
    frame = _view(page, order, "form.pdf")

    expect(frame.get_by_role("alert")).to_be_visible()
    assert page.evaluate("window.ran") is None
    page.goto(order.get_absolute_url())
    expect(page.locator("ul.documents > li", has_text="form.pdf").locator(".trouble")).to_be_visible()
    # The others are there as before.
    _is_drawn(_view(page, order, f"{order.reference}_1.pdf"), order.reference)


def test_a_download_that_was_cut_short_is_not_kept_and_can_be_tried_again(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess, console_errors: ConsoleErrors
) -> None:
    console_errors.expect("status of 5")
    sandbox.faults([{"fault": "cut_body", "path": "/download/"}])
    page = visit(people.sales)
    filename = f"{order.reference}_1.pdf"
    expect(_view(page, order, filename).get_by_role("alert")).to_be_visible()
    assert not order.documents.get(filename=filename).content

    sandbox.faults([])
    sync.refresh(order, clients.client())
    _is_drawn(_view(page, order, filename), order.reference)
    page.goto(order.get_absolute_url())
    expect(page.locator("ul.documents .trouble")).to_have_count(0)


def test_a_name_that_leads_elsewhere_is_shown_and_never_requested(
    visit: Visit, people: People, order: Order, sandbox: SandboxProcess
) -> None:
    names = ("../../etc/passwd.pdf", "..pdf", "a\\b.pdf")
    for filename in names:
        order = _add(sandbox, order, filename, text="%PDF-1.4")
    page = visit(people.sales)
    page.goto(order.get_absolute_url())

    for filename in names:
        document = page.locator("ul.documents > li", has_text=filename)
        expect(document.locator(".trouble")).to_be_visible()
        expect(document.locator("a")).to_have_count(0)
    assert not [entry for entry in sandbox.log() if entry["path"].endswith("/download/")]

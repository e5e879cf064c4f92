"""Each count on the dashboard leads to a list of exactly that many rows."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from outbox.models import Operation
from tests.browser import page_helpers
from tests.browser.conftest import Visit
from tests.browser.page_checks import barriers
from tests.conftest import People
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import open_cart
from tests.tracking.request_forms import ask, order_at
from tracking import leadtimes
from tracking.models import Appointment, Order

pytestmark = pytest.mark.slow

LinkedCount = tuple[str, int]


@pytest.fixture(autouse=True)
def _orders(people: People, sandbox: SandboxProcess) -> None:
    """Synced orders, something in each worklist item, some of it ordered by the salesperson."""
    page_helpers.sync_orders()
    leadtimes.roll_up()
    today, now = timezone.localdate(), timezone.now()
    in_production = Order.objects.filter(state="in_progress").order_by("pk")
    first = in_production[0]
    Order.objects.filter(pk=first.pk).update(
        due_on=today - timedelta(days=3), stuck_on=now - timedelta(days=1)
    )
    active = list(Order.objects.filter(state="active").order_by("pk")[:4])
    Order.objects.filter(pk__in=[one.pk for one in active]).update(notice_on=today + timedelta(days=30))
    Appointment.objects.create(order=first, kind="technical_visit_planned", at=now + timedelta(minutes=1))
    Order.objects.filter(pk__in=[first.pk, *(one.pk for one in active[:2])]).update(owner=people.sales)
    ask(order_at(sandbox), people.back_office)
    open_cart(people.sales, lines=1)
    Operation.objects.update(due_at=now + timedelta(hours=1))


def _counts_of(page: Page, links: Locator) -> list[LinkedCount]:
    """The addresses that some links lead to, each with the count that it shows."""
    return [
        (str(link.get_attribute("href")), int(link.locator(".figure").inner_text())) for link in links.all()
    ]


def _states(page: Page) -> list[LinkedCount]:
    bars = page.locator("ul.bars:not(.thin) > li", has=page.locator('a[href*="state="]'))
    return [
        (str(bar.locator("a").get_attribute("href")), int(bar.locator(".number").inner_text()))
        for bar in bars.all()
    ]


def _cells(page: Page) -> list[LinkedCount]:
    cells = page.locator('td.number a[href*="offer_technology"]')
    return [(str(cell.get_attribute("href")), int(cell.text_content() or "")) for cell in cells.all()]


def _has_as_many(page: Page, address: str) -> int:
    """How many a list says that it has, or shows where it doesn't say."""
    page.goto(address)
    if page.locator(".pager .count").count():
        return page_helpers.listed(page)
    return max(page_helpers.rows(page).count(), page.locator("main section > ul > li").count())


@pytest.mark.parametrize("role", ["back_office", "sales"])
def test_each_count_leads_to_the_list_behind_it(visit: Visit, people: People, locale: str, role: str) -> None:
    page = visit(getattr(people, role), locale=locale)
    page.goto("/dashboard/")
    items = _counts_of(page, page.locator(".panels .panel h2 a"))
    states, cells = _states(page), _cells(page)
    assert {address.partition("=")[0] for address, _count in items} >= {
        "/orders/?late",
        "/orders/?stuck",
        "/orders/?notice_due",
    }
    own = Order.objects.filter(owner=people.sales)
    assert sum(count for _address, count in states) == (
        Order.objects.count() if role == "back_office" else own.count()
    )
    assert sum(count for _address, count in cells) == sum(count for _address, count in states)

    counts = dict([*items, *states, *cells[:4]])
    assert {address: _has_as_many(page, address) for address in counts} == counts


def test_the_week_and_its_days_lead_to_what_is_planned(visit: Visit, people: People) -> None:
    page = visit(people.back_office)
    page.goto("/dashboard/")
    for link in (page.locator("#week h2 a"), page.locator("#week .today h3 a")):
        if not link.count():
            continue  # At a weekend the coming week is shown.
        address, text = str(link.get_attribute("href")), link.inner_text()
        planned = _first_number(text)
        assert _has_as_many(page, address) == planned
        page.go_back()


def _first_number(text: str) -> int:
    return int(text.split()[0])


def test_a_chart_has_its_numbers_in_a_table(visit: Visit, people: People) -> None:
    page = visit(people.back_office)
    page.goto("/dashboard/")
    for summary in page.locator("main details > summary").all():
        summary.click()
    expect(page.locator("main details table").first).to_be_visible()
    assert barriers(page) == []
    page_helpers.click_and_wait(page.locator("#over-time form button"))
    expect(page.locator("#over-time")).to_be_visible()

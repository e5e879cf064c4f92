"""The dashboard: the week, what has changed, copper, and what it says where something is missing."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from lists import counts as lists_counts
from notifications.changes.recording import Changed, record_changes
from outbox.apis import COVAGE, EXTRANET
from portal.dashboard import recent, week
from sync.models import SyncRun
from tests.apis import speak_to
from tests.conftest import People
from tests.portal.dashboard.page_helpers import dashboard, listed
from tests.portal.world import a_copper_order, copper_of_every_item
from tests.tracking.order_factory import an_order
from tracking.models import Appointment, Order
from tracking.orders import statistics

pytestmark = pytest.mark.postgresql

PARIS = ZoneInfo("Europe/Paris")


def _a_visit(order: Order, at: datetime, **columns: Any) -> Appointment:
    return Appointment.objects.create(order=order, at=at, kind="technical_visit_planned", **columns)


def test_days_hold_what_is_planned_on_them_here(back_office_client: Client) -> None:
    order = an_order(end_customer_name="Lycée Hérault", city="Nantes")
    _a_visit(order, datetime(2026, 11, 25, 0, 30, tzinfo=PARIS))
    _a_visit(order, datetime(2026, 11, 25, 23, 30, tzinfo=PARIS), whole_day=True)
    _a_visit(order, datetime(2026, 11, 26, 9, 0, tzinfo=PARIS), is_done=True)
    _a_visit(order, datetime(2026, 11, 30, 0, 0, tzinfo=PARIS))
    page = dashboard(back_office_client, "?week=2026-11-27")
    days = {day.day: day.count for day in page.context["week"].days}
    assert list(days) == [date(2026, 11, 23) + timedelta(days=ahead) for ahead in range(7)]
    assert {day: count for day, count in days.items() if count} == {date(2026, 11, 25): 2}
    content = page.content.decode()
    assert "Lycée Hérault" in content
    assert "all day" in content


def test_of_a_full_day_the_first_few_are_shown_and_all_are_counted(back_office_client: Client) -> None:
    order = an_order()
    for hour in range(8, 17):
        _a_visit(order, datetime(2026, 11, 25, hour, tzinfo=PARIS))
    day = dashboard(back_office_client, "?week=2026-11-25").context["week"].days[2]
    assert (day.count, len(day.rows)) == (9, week.SHOWN_A_DAY)


@pytest.mark.parametrize(
    ("today", "monday"), [(date(2026, 11, 20), 16), (date(2026, 11, 21), 23), (date(2026, 11, 22), 23)]
)
def test_at_the_weekend_the_coming_week_is_shown(
    monkeypatch: pytest.MonkeyPatch, today: date, monday: int
) -> None:
    monkeypatch.setattr(timezone, "localdate", lambda: today)
    assert week.monday_of(week.coming_day()) == date(2026, 11, monday)


@pytest.mark.parametrize("day", ["", "nonsense", "2026-13-45", "0001-01-01", "9999-12-31", "2026-11-25"])
def test_an_invalid_day_shows_this_week(back_office_client: Client, day: str) -> None:
    shown = dashboard(back_office_client, f"?week={day}").context["week"].days[0].day
    expected = date(2026, 11, 25) if day == "2026-11-25" else week.coming_day()
    assert shown == week.monday_of(expected)


def test_the_appointments_of_chosen_days_are_listed(back_office_client: Client) -> None:
    order = an_order(end_customer_name="Lycée Hérault")
    _a_visit(order, datetime(2026, 11, 25, 9, tzinfo=PARIS), text="RDV le 25/11/2026 à 09:00")
    page = back_office_client.get("/dashboard/appointments/?from=2026-11-25&until=2026-11-25")
    assert "RDV le 25/11/2026" in page.content.decode()
    empty = back_office_client.get("/dashboard/appointments/?from=2026-11-26&until=2026-11-01")
    assert "Nothing is planned" in empty.content.decode()


def test_changes_are_shown_in_words_the_newest_first(back_office_client: Client) -> None:
    orders = [an_order(number, end_customer_name=f"Garage {number}") for number in range(10)]
    for order in orders:
        changes = {"state": ["in_progress", "active"]}
        change = Changed("orders", order.uuid, str(order), order.get_absolute_url(), changes=changes)
        record_changes([change], timezone.now())
    page = dashboard(back_office_client)
    shown = [row.change.label for row in page.context["changes"]]
    assert shown == [str(order) for order in reversed(orders)][: recent.SHOWN]
    assert "in production → active" in page.content.decode()


def test_sales_read_of_changes_on_their_own_orders(people: People, sales_client: Client) -> None:
    mine, other = an_order(1, owner=people.sales), an_order(2)
    for order in (mine, other):
        change = Changed("orders", order.uuid, str(order), order.get_absolute_url(), changes={})
        record_changes([change], timezone.now())
    assert [row.change.label for row in dashboard(sales_client).context["changes"]] == [str(mine)]


def test_before_the_first_sync_it_says_so(back_office_client: Client, sales_client: Client) -> None:
    for client in (back_office_client, sales_client):
        page = dashboard(client).content.decode()
        assert "There are no orders yet" in page
        assert "Not yet up to date with Covage" in page


def test_it_says_as_of_when_orders_were_counted(back_office_client: Client) -> None:
    SyncRun.objects.create(kind="orders", state=SyncRun.State.DONE)
    an_order()
    statistics.count_orders()
    page = dashboard(back_office_client).content.decode()
    assert "Up to date with Covage as of" in page
    assert "counted at" in page


def test_a_user_with_more_orders_than_are_counted_is_informed(
    people: People, sales_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists_counts, "MOST_OWN", 1)
    for number in range(2):
        an_order(number, owner=people.sales)
    assert "more orders than are counted" in dashboard(sales_client).content.decode()


def test_states_and_technologies_that_are_blank_or_unknown_are_shown(back_office_client: Client) -> None:
    an_order(1, state="", offer_technology="")
    an_order(2, state="zz_new", offer_technology="LASER")
    statistics.count_orders()
    bars = {bar.label: bar for bar in dashboard(back_office_client).context["bars"].rows}
    assert bars[""].url == ""
    assert listed(back_office_client, bars["Zz new"].url) == 1


def test_more_than_a_list_counts_are_counted_as_so_many_and_more(
    back_office_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.worklists.item.MOST_COUNTED", 3)
    for number in range(5):
        an_order(number, state="terminate_in_progress")
    (card,) = dashboard(back_office_client).context["waiting"]
    assert (card.count, card.more, len(card.rows)) == (3, True, 4)


# Copper


def test_copper_orders_are_counted_by_status_and_product_family(
    people: People, sales_client: Client, back_office_client: Client
) -> None:
    a_copper_order(people.sales, "1", status="running", product_family="A")
    a_copper_order(people.sales, "2", status="running", product_family="S")
    a_copper_order(people.sales, "3", status="", product_family="A", upstream_id=None)
    a_copper_order(people.sales, "4", deleted_at=timezone.now())
    a_copper_order(people.other_sales, "5", status="running", product_family="A")
    a_copper_order(None, "6", status="zz_new")
    counts = {
        client: [(bar.label, bar.count) for bar in dashboard(client).context["copper_bars"].rows]
        for client in (sales_client, back_office_client)
    }
    assert counts[sales_client] == [("draft", 1), ("in production", 2)]
    assert counts[back_office_client] == [("draft", 1), ("in production", 3), ("Zz new", 1)]
    names = [name for name, _css_class in dashboard(back_office_client).context["copper_bars"].kinds]
    assert names == ["ADSL", "SDSL", "not given"]


def test_how_long_copper_takes_is_shown_by_family(
    people: People, sales_client: Client, back_office_client: Client
) -> None:
    now = timezone.now()
    for days in range(1, 11):
        dates = {"submission_date": now - timedelta(days=days), "completion_date": now}
        owner = people.sales if days < 3 else None
        a_copper_order(owner, f"DONE-{days}", status="completed", product_family="A", **dates)
    long_ago = {
        "submission_date": now - timedelta(days=400),
        "completion_date": now - timedelta(days=370),
    }
    a_copper_order(None, "OLD", status="completed", product_family="S", **long_ago)
    a_copper_order(None, "END", status="completed", type="terminate", product_family="S", **dates)
    (bar,) = dashboard(back_office_client).context["copper_times"]
    assert (bar.label, bar.lead.count) == ("ADSL", 10)
    assert (bar.lead.median, bar.lead.p90) == pytest.approx((5.0, 9.0))
    (own,) = dashboard(sales_client).context["copper_times"]
    assert (own.lead.count, own.lead.median) == (2, pytest.approx(1.0))
    page = dashboard(back_office_client).content.decode()
    assert "5.0 / 9.0 d" in page


def test_without_completed_copper_orders_it_says_so(sales_client: Client) -> None:
    assert "No copper activation was completed" in dashboard(sales_client).content.decode()


def test_changes_of_copper_orders_are_among_those_of_fibre(people: People, sales_client: Client) -> None:
    fibre, copper = an_order(1, owner=people.sales), a_copper_order(people.sales, status="running")
    other = a_copper_order(people.other_sales, "O2", status="running")
    for page, row in (("orders", fibre), ("copper", copper), ("copper", other)):
        changes = {"status": ["running", "pending"]}
        change = Changed(page, row.uuid, str(row), row.get_absolute_url(), changes=changes)
        record_changes([change], timezone.now())
    page = dashboard(sales_client)
    assert [row.change.label for row in page.context["changes"]] == [str(copper), str(fibre)]
    assert "in production → waiting for your answer" in page.content.decode()


@pytest.mark.parametrize(("api", "other"), [(COVAGE, EXTRANET), (EXTRANET, COVAGE)])
def test_with_one_api_alone_only_its_parts_are_shown(
    people: People, back_office_client: Client, settings: Settings, api: str, other: str
) -> None:
    copper_of_every_item(people.sales)
    an_order(1, state="terminate_in_progress")
    speak_to(settings, api)
    page = dashboard(back_office_client)
    headings = {COVAGE: "Orders by state", EXTRANET: "Copper orders by status"}
    assert headings[api] in page.content.decode()
    assert headings[other] not in page.content.decode()
    assert {card.item.api for card in page.context["waiting"]} == {api}

"""The list of orders: what it shows of each, the actions on a selection, its files, the first sync."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from lists.registered_pages import page_named
from notifications.models import Unread, Watch
from sync.models import SyncRun
from tests.conftest import People
from tests.tracking.order_factory import an_order
from tracking.models import Order
from tracking.orders.list_page import ORDERS

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def page_text(client: Client, query: str = "") -> str:
    response = client.get(f"/orders/{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def row_of(page: str, reference: str) -> str:
    (row,) = [row for row in page.split("<tr>") if f"/orders/{reference}/" in row]
    return row


def records(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_sales_and_back_office_see_every_order(sales_client: Client, back_office_client: Client) -> None:
    order = an_order(owner=None)
    for client in (sales_client, back_office_client):
        assert order.get_absolute_url() in page_text(client)


def test_someone_without_a_role_sees_none(people: People, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(people.nobody).get("/orders/").status_code == 403


def test_a_row_shows_what_people_look_for_in_an_order(sales_client: Client) -> None:
    an_order(1, end_customer_name="Garage <Martin>", project_id="AB123")
    row = row_of(page_text(sales_client), "CMD_X_00000001")
    for text in ("CMD_X_00000001", "Garage <Martin>", "Rouen", "active", "FIBDE", "AB123"):
        assert text in row
    assert "Garage &lt;Martin&gt;" in sales_client.get("/orders/").content.decode()


def test_the_newest_order_comes_first(sales_client: Client) -> None:
    an_order(1, order_date="2026-11-01")
    an_order(2, order_date="2026-11-03")
    an_order(3, order_date="2026-11-02")
    page = page_text(sales_client)
    assert sorted("123", key=lambda digit: page.index(f"/orders/CMD_X_0000000{digit}/")) == ["2", "3", "1"]


def test_orders_that_need_attention_are_marked(people: People, sales_client: Client) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    an_order(1, state="in_progress", estimated_delivery_date=str(yesterday))
    an_order(2, state="in_progress", step="service_configured", stuck_on=timezone.now() - timedelta(days=1))
    an_order(3, gone_at=timezone.now())
    Unread.objects.create(user=people.sales, subject_id=an_order(4).uuid, since=timezone.now())
    marks = ["late", "longer than usual", "no longer at Covage", "changed"]
    page = page_text(sales_client)
    for number, mark in enumerate(marks, start=1):
        row = row_of(page, f"CMD_X_0000000{number}")
        assert [other for other in marks if f">{other}</span>" in row] == [mark]


def test_another_readers_unread_change_is_not_marked(people: People, sales_client: Client) -> None:
    Unread.objects.create(user=people.other_sales, subject_id=an_order(1).uuid, since=timezone.now())
    assert ">changed</span>" not in page_text(sales_client)


def test_every_column_can_be_shown_and_sorted_by(sales_client: Client) -> None:
    an_order(
        1,
        commitment=36,
        completion_date="2026-03-10",
        service_reference="FR048380",
        external_id="LYC-17",
        customer_order_name="Flaubert",
        total_amount_monthly=440.0,
        commitment_end_date="2029-03-10",
        notice_period=3,
    )
    names = [column.name for column in ORDERS.columns]
    sales_client.post("/columns/orders/", {"column": names})
    page = page_text(sales_client)
    row = row_of(page, "CMD_X_00000001")
    for text in ("36", "10/03/2026", "FR048380", "LYC-17", "Flaubert", "440.00", "PO_DC173_1", "76000"):
        assert text in row
    assert all(column.sort for column in ORDERS.columns)
    assert all(f"sort={name}" in page or f"sort=-{name}" in page for name in names)


def test_a_list_costs_as_many_queries_for_many_orders_as_for_few(sales_client: Client) -> None:
    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_text(sales_client, query)
        return len(queries)

    for number in range(3):
        an_order(number)
    few = [count(query) for query in ("", "?q=boulangerie", "?unread=true")]
    for number in range(3, 50):
        an_order(number)
    assert [count(query) for query in ("", "?q=boulangerie", "?unread=true")] == few
    assert max(few) <= 26


def test_quick_links_lead_to_frequent_filters(back_office_client: Client) -> None:
    an_order(1, state="in_progress")
    an_order(2)
    page = page_text(back_office_client, "?state=confirmed&state=in_progress")
    assert 'href="?state=confirmed&state=in_progress" aria-current="true"' in page
    assert "/orders/CMD_X_00000002/" not in page
    for query in ("late=true", "stuck=true", "notice_due=true", "unread=true"):
        assert f'href="?{query}' in page


def test_a_filter_in_error_says_so_and_keeps_what_was_typed(sales_client: Client) -> None:
    page = page_text(sales_client, "?q=ab&order_date_gt=2026-13-01")
    assert page.count('class="field-errors"') == 2
    assert 'value="ab"' in page
    assert 'value="2026-13-01"' in page


def test_each_active_filter_is_named_with_a_link_that_removes_it(sales_client: Client) -> None:
    page = page_text(
        sales_client, "?state=active&state=confirmed&late=true&order_date_gt=2026-11-01&q=ab&sort=city"
    )
    chips = page.partition('<ul class="active-filters"')[2].partition("</ul>")[0]
    labels = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", chip)).strip() for chip in chips.split("</li>")[:-1]]
    assert [text.partition(">")[2].strip() or text for text in labels] == [
        "State: active, confirmed ×",
        "Late ×",
        "Ordered from: 01/11/2026 ×",
    ]
    assert 'href="?late=true&order_date_gt=2026-11-01&q=ab&sort=city"' in chips


@pytest.mark.parametrize(
    ("query", "is_open"), [("?order_date_gt=x", True), ("?q=ab", False), ("?late=true", False)]
)
def test_further_filters_stay_folded_away_unless_one_is_in_error(
    sales_client: Client, query: str, is_open: bool
) -> None:
    form = page_text(sales_client, query).partition('class="card order-filters"')[2]
    assert form.partition("<details")[2].lstrip().startswith("open") == is_open


def test_a_list_filtered_by_days_is_sorted_by_them(sales_client: Client) -> None:
    an_order(1, completion_date="2026-03-10", order_date="2026-01-02")
    an_order(2, completion_date="2026-03-11", order_date="2026-01-01")
    page = page_text(sales_client, "?completion_date_gt=2026-03-01")
    assert page.index("/orders/CMD_X_00000002/") < page.index("/orders/CMD_X_00000001/")
    page = page_text(sales_client, "?completion_date_gt=2026-03-01&sort=-order_date")
    assert page.index("/orders/CMD_X_00000001/") < page.index("/orders/CMD_X_00000002/")


def test_the_query_can_be_saved_as_a_view(people: People, sales_client: Client) -> None:
    assert "Save these filters" in page_text(sales_client, "?late=true")
    sales_client.post("/views/new/", {"page": "orders", "query": "late=true", "name": "Late ones"})
    assert "Late ones" in page_text(sales_client)


def test_a_view_knows_which_orders_it_shows_a_person(people: People) -> None:
    shown, hidden = an_order(1, owner=people.sales, city="Rouen"), an_order(2)
    page = page_named("orders")
    assert page
    subject_ids = {shown.uuid, hidden.uuid}
    assert page.matching(QueryDict("mine=true&place=rouen"), people.sales, subject_ids) == {shown.uuid}
    assert page.matching(QueryDict("mine=true"), people.other_sales, subject_ids) == set()
    assert page.matching(QueryDict("q=ab"), people.sales, {hidden.uuid}) == {hidden.uuid}


@pytest.mark.parametrize(
    ("path", "value", "words"),
    [
        ("state", "active", "active"),
        ("step", None, ""),
        ("commitment", 12, "12 months"),
        ("product.options.0.price", 5, "5.00 €"),
    ],
)
def test_a_changed_value_is_shown_in_words(path: str, value: Any, words: str) -> None:
    page = page_named("orders")
    assert page
    assert page.value(path, value) == words
    assert str(page.label_of(path)) != path


def test_selected_orders_are_watched(people: People, sales_client: Client) -> None:
    chosen, other = an_order(1), an_order(2)
    response = sales_client.post("/orders/watch/", {"selected": [chosen.pk], "next": "/orders/?late=true"})
    assert response.headers["Location"] == "/orders/?late=true"
    watch = Watch.objects.get()
    assert (watch.user, watch.subject_id, watch.url) == (people.sales, chosen.uuid, chosen.get_absolute_url())
    assert other.uuid != watch.subject_id
    assert "changes to 1 order." in page_text(sales_client)


def test_a_selection_is_exported_exactly(sales_client: Client) -> None:
    orders = [an_order(number) for number in range(1, 4)]
    selected = {"selected": [orders[0].pk, orders[2].pk]}
    rows = records(sales_client.post("/orders/export.csv", selected))
    assert [row[0] for row in rows] == ["Reference", "CMD_X_00000003", "CMD_X_00000001"]


@pytest.mark.parametrize("address", ["/orders/watch/", "/orders/export.csv", "/orders/export.xlsx"])
@pytest.mark.parametrize("selected", [[], ["nonsense"], ["999999"]])
def test_an_empty_selection_gives_a_message_and_does_nothing(
    sales_client: Client, address: str, selected: list[str]
) -> None:
    an_order(1)
    response = sales_client.post(address, {"selected": selected, "next": "/orders/?late=true"})
    assert response.headers["Location"] == "/orders/?late=true"
    assert "No orders were selected" in page_text(sales_client)
    assert not Watch.objects.exists()


def test_only_the_back_office_is_offered_to_terminate_a_selection(
    sales_client: Client, back_office_client: Client
) -> None:
    an_order(1)
    assert 'formaction="/orders/terminate/"' in page_text(back_office_client)
    assert 'formaction="/orders/terminate/"' not in page_text(sales_client)


def test_a_csv_holds_what_is_filtered_in_its_sort_with_the_chosen_columns(sales_client: Client) -> None:
    an_order(1, end_customer_name="B", total_amount_monthly=440.5)
    an_order(2, end_customer_name="=HYPERLINK()")
    an_order(3, end_customer_name="A", state="in_progress")
    sales_client.post("/columns/orders/", {"column": ["end_customer_name", "monthly_amount", "order_date"]})
    rows = records(sales_client.get("/orders/export.csv?state=active&sort=-end_customer_name"))
    assert rows == [
        ["End customer", "Ordered", "Monthly amount (€)"],
        ["B", "2026-11-02", "440.50"],
        ["'=HYPERLINK()", "2026-11-02", ""],
    ]


def test_an_excel_file_holds_the_same(sales_client: Client) -> None:
    an_order(1, total_amount_monthly=440.5)
    an_order(2, state="in_progress")
    response = sales_client.get("/orders/export.xlsx?state=active")
    assert "orders-" in response.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "CMD_X_00000001" in sheet
    assert "CMD_X_00000002" not in sheet


def a_sync(state: str, **columns: Any) -> SyncRun:
    return SyncRun.objects.create(kind="orders", state=state, **columns)


def test_while_the_first_sync_runs_the_page_says_how_far_it_is(sales_client: Client) -> None:
    a_sync("running", seen=12300, total=100000)
    page = page_text(sales_client)
    assert "First sync in progress: 12,300 of 100,000 orders so far." in page
    assert 'hx-get="/orders/progress/"' in page
    assert "No orders yet" in page
    assert "12,300 of 100,000" in sales_client.get("/orders/progress/").content.decode()


def test_without_a_total_the_first_sync_shows_how_many_there_are(sales_client: Client) -> None:
    a_sync("running", seen=12300)
    assert "First sync in progress: 12,300 orders so far." in page_text(sales_client)


def test_a_first_sync_that_broke_off_goes_on_by_itself(sales_client: Client) -> None:
    a_sync("failed", seen=500, total=1000)
    page = page_text(sales_client)
    assert "The first sync stopped after 500 orders. It will carry on from there by itself" in page
    assert 'hx-get="/orders/progress/"' not in page


@pytest.mark.parametrize("states", [[], ["done"], ["done", "running"], ["done", "failed"]])
def test_without_a_first_sync_under_way_the_page_does_not_mention_it(
    sales_client: Client, states: list[str]
) -> None:
    for state in states:
        a_sync(state, seen=5)
    assert 'id="first-sync"' not in page_text(sales_client)


def test_when_the_first_sync_is_done_the_page_is_reloaded(sales_client: Client) -> None:
    a_sync("done")
    response = sales_client.get("/orders/progress/")
    assert response.headers["HX-Refresh"] == "true"
    assert not response.content.strip()


def test_an_order_that_is_gone_stays_in_the_list(sales_client: Client) -> None:
    order = an_order(1)
    Order.objects.update(gone_at=timezone.now())
    assert order.get_absolute_url() in page_text(sales_client)

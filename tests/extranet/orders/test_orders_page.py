"""The list of copper orders: who sees which, what it shows of each, what can be done with a selection, its files."""

import csv
import io
import re
import zipfile
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from extranet.models import CopperOrder
from extranet.orders.list_page import ORDERS
from notifications.models import Unread, Watch
from tests.conftest import People
from tests.extranet.listed import listed_order

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
READY = {
    "status": "draft",
    "type": "terminate",
    "service_alias": "S20181102_00001",
    "contacts": {"operator": {"contact_uuid": "bp5nkkcx"}},
}


def page_text(client: Client, query: str = "") -> str:
    response = client.get(f"/extranet/{query}")
    assert response.status_code == 200
    return unescape(response.content.decode())


def row_of(page: str, order: CopperOrder) -> str:
    (row,) = [row for row in page.split("<tr>") if order.get_absolute_url() in row]
    return row


def records(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_submitted_orders_are_seen_by_everybody_and_drafts_by_users_who_may_see_them(
    people: People, sales_client: Client, other_sales_client: Client, back_office_client: Client
) -> None:
    draft, submitted = listed_order(1, people.sales, status="draft"), listed_order(2, people.sales)
    for client, seen in ((sales_client, True), (other_sales_client, False), (back_office_client, True)):
        page = page_text(client)
        assert submitted.get_absolute_url() in page
        assert (draft.get_absolute_url() in page) == seen


def test_a_deleted_draft_is_not_listed(people: People, sales_client: Client) -> None:
    draft = listed_order(1, people.sales, status="draft", deleted_at=timezone.now())
    assert draft.get_absolute_url() not in page_text(sales_client)


def test_someone_without_a_role_sees_none(people: People, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(people.nobody).get("/extranet/").status_code == 403


def test_a_row_shows_what_people_recognise_an_order_by(people: People, sales_client: Client) -> None:
    order = listed_order(1, people.sales, owner={"type": "unregistrated", "name": "Garage <Martin>"})
    row = row_of(page_text(sales_client), order)
    for shown in (
        order.alias,
        "in service",
        "Garage <Martin>",
        "ROUEN",
        "SDSL · SD01",
        "activation",
        "sales",
    ):
        assert shown in row
    assert "Garage &lt;Martin&gt;" in sales_client.get("/extranet/").content.decode()


def test_a_draft_that_covage_does_not_know_goes_by_its_own_reference(
    people: People, sales_client: Client
) -> None:
    order = listed_order(1, people.sales, status="draft", alias=None, operator_order_ref="CRN-1")
    assert ">CRN-1</a>" in row_of(page_text(sales_client), order)


def test_the_newest_order_comes_first(sales_client: Client) -> None:
    days = {1: "2026-11-01", 2: "2026-11-03", 3: "2026-11-02"}
    orders = {n: listed_order(n, creation_date=f"{day}T09:00:00Z") for n, day in days.items()}
    page = page_text(sales_client)
    assert sorted(orders, key=lambda n: page.index(orders[n].get_absolute_url())) == [2, 3, 1]


def test_what_needs_attention_is_marked(people: People, sales_client: Client) -> None:
    marked = {
        "changed": listed_order(1),
        "no longer at Covage": listed_order(2, gone_at=timezone.now()),
        "ready": listed_order(3, people.sales, **READY),
        "being submitted": listed_order(4, people.sales, **READY | {"submitting_since": timezone.now()}),
        "being answered": listed_order(5, status="pending", answering="confirm"),
    }
    lacking = listed_order(6, people.sales, status="draft")
    Unread.objects.create(user=people.sales, subject_id=marked["changed"].uuid, since=timezone.now())
    page = page_text(sales_client)
    for mark, order in marked.items():
        assert [other for other in marked if f">{other}</span>" in row_of(page, order)] == [mark]
    assert f">{lacking.missing_count} missing</span>" in row_of(page, lacking)


def test_another_readers_unread_change_is_not_marked(people: People, sales_client: Client) -> None:
    Unread.objects.create(user=people.other_sales, subject_id=listed_order(1).uuid, since=timezone.now())
    assert ">changed</span>" not in page_text(sales_client)


def test_only_a_draft_of_nobody_is_said_to_be_nobodys_yet(sales_client: Client) -> None:
    draft, done = listed_order(1, status="draft"), listed_order(2)
    page = page_text(sales_client)
    assert "no owner yet" in row_of(page, draft)
    assert "no owner yet" not in row_of(page, done)


def test_every_column_can_be_shown_and_sorted_by(people: People, sales_client: Client) -> None:
    order = listed_order(
        1,
        people.sales,
        service_alias="S20181102_00001",
        enni={"enni_service_ref": "S2018_1"},
        batch_alias="B180612_00001",
        completion_date="2026-11-12T09:00:00Z",
        team=people.north,
    )
    names = [column.name for column in ORDERS.columns]
    sales_client.post("/columns/copper/", {"column": names})
    page = page_text(sales_client)
    row = row_of(page, order)
    for shown in ("SDSL-4M-PREMIUM", "Ligne 1", "REF-1", "S20181102_00001", "S2018_1", "B180612_00001"):
        assert shown in row
    for shown in ("an existing line of the end customer", "12/11/2026", "North"):
        assert shown in row
    assert all(column.sort for column in ORDERS.columns)
    assert all(f"sort={name}" in page or f"sort=-{name}" in page for name in names)


def test_a_list_costs_as_many_queries_for_many_orders_as_for_few(
    people: People, sales_client: Client
) -> None:
    def count(query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            page_text(sales_client, query)
        return len(queries)

    for number in range(2):
        listed_order(number, people.sales, team=people.north)
    few = [count(query) for query in ("", "?q=boulangerie", "?unread=true")]
    for number in range(2, 60):
        listed_order(number, people.sales, team=people.north)
    assert [count(query) for query in ("", "?q=boulangerie", "?unread=true")] == few
    assert max(few) <= 36


def test_quick_links_lead_to_frequent_filters(sales_client: Client) -> None:
    running, done = listed_order(1, status="running"), listed_order(2)
    query = "?status=submitted&status=acknowledged&status=running"
    page = page_text(sales_client, query)
    assert f'href="{query}" aria-current="true"' in page
    assert running.get_absolute_url() in page
    assert done.get_absolute_url() not in page
    for other in ("pending=true", "status=draft", "held=true", "unread=true", "mine=true"):
        assert f'href="?{other}"' in page


def test_a_filter_in_error_says_so_and_keeps_what_was_typed(sales_client: Client) -> None:
    page = page_text(sales_client, "?q=ab&creation_date_gt=2026-13-01")
    assert page.count('class="field-errors"') == 2
    assert 'value="ab"' in page
    assert 'value="2026-13-01"' in page


def test_each_filter_in_force_is_named_with_a_link_that_lifts_it(sales_client: Client) -> None:
    page = page_text(sales_client, "?status=held&status=pending&ready=true&sort=city")
    chips = page.partition('<ul class="active-filters"')[2].partition("</ul>")[0]
    texts = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", "", chip)).strip() for chip in chips.split("</li>")[:-1]]
    assert [text.partition(">")[2].strip() or text for text in texts] == [
        "Status: held at Covage, waiting for your answer ×",
        "Drafts that are ready ×",
    ]
    assert 'href="?ready=true&sort=city"' in chips


def test_orders_filtered_by_days_are_sorted_by_them(sales_client: Client) -> None:
    early = listed_order(2, completion_date="2026-11-10T09:00:00Z")
    late = listed_order(1, completion_date="2026-11-11T09:00:00Z")
    page = page_text(sales_client, "?completion_date_gt=2026-11-01")
    assert page.index(late.get_absolute_url()) < page.index(early.get_absolute_url())
    page = page_text(sales_client, "?completion_date_gt=2026-11-01&sort=-creation_date")
    assert page.index(early.get_absolute_url()) < page.index(late.get_absolute_url())


def test_pages_follow_one_another(sales_client: Client) -> None:
    orders = [listed_order(number) for number in range(51)]
    page = page_text(sales_client)
    assert orders[0].get_absolute_url() not in page
    link = re.search(r'rel="next" href="([^"]+)"', page)
    assert link
    assert orders[0].get_absolute_url() in page_text(sales_client, link[1])


def test_the_query_can_be_saved_as_a_view(sales_client: Client) -> None:
    assert "Save these filters" in page_text(sales_client, "?held=true")
    sales_client.post("/views/new/", {"page": "copper", "query": "held=true", "name": "Held ones"})
    assert "Held ones" in page_text(sales_client)


def test_sales_begin_an_order_from_here_and_the_back_office_does_not(
    sales_client: Client, back_office_client: Client
) -> None:
    assert page_text(sales_client).count('href="/extranet/new/"') == 2
    assert 'href="/extranet/new/"' not in page_text(back_office_client)
    assert "No copper orders yet" in page_text(back_office_client)
    assert 'href="/extranet/contacts/"' in page_text(back_office_client)


def test_selected_orders_are_watched(people: People, sales_client: Client) -> None:
    chosen, other = listed_order(1), listed_order(2)
    response = sales_client.post(
        "/extranet/watch/", {"selected": [chosen.pk], "next": "/extranet/?held=true"}
    )
    assert response.headers["Location"] == "/extranet/?held=true"
    watch = Watch.objects.get()
    assert (watch.user, watch.subject_id, watch.url) == (people.sales, chosen.uuid, chosen.get_absolute_url())
    assert other.uuid != watch.subject_id
    assert "changes to 1 order." in page_text(sales_client)


def test_what_one_may_not_see_can_neither_be_watched_nor_exported(
    people: People, other_sales_client: Client
) -> None:
    draft = listed_order(1, people.sales, status="draft")
    for address in ("/extranet/watch/", "/extranet/export.csv"):
        other_sales_client.post(address, {"selected": [draft.pk]})
        assert "No orders were selected" in page_text(other_sales_client)
    assert not Watch.objects.exists()
    assert len(records(other_sales_client.get("/extranet/export.csv"))) == 1


@pytest.mark.parametrize("address", ["/extranet/watch/", "/extranet/export.csv", "/extranet/export.xlsx"])
@pytest.mark.parametrize("selected", [[], ["nonsense"], ["999999"]])
def test_nothing_selected_is_said_and_nothing_done(
    sales_client: Client, address: str, selected: list[str]
) -> None:
    listed_order(1)
    response = sales_client.post(address, {"selected": selected, "next": "/extranet/?held=true"})
    assert response.headers["Location"] == "/extranet/?held=true"
    assert "No orders were selected" in page_text(sales_client)
    assert not Watch.objects.exists()


def test_a_selection_is_exported_exactly(sales_client: Client) -> None:
    orders = [listed_order(number) for number in range(1, 4)]
    selected = {"selected": [orders[0].pk, orders[2].pk]}
    rows = records(sales_client.post("/extranet/export.csv", selected))
    assert [row[0] for row in rows] == ["Reference", orders[2].alias, orders[0].alias]


def test_a_csv_holds_what_is_filtered_in_its_sort_with_the_chosen_columns(
    people: People, sales_client: Client
) -> None:
    listed_order(1, people.sales, owner={"name": "B"})
    listed_order(2, owner={"name": "=HYPERLINK()"})
    listed_order(3, owner={"name": "A"}, status="held")
    columns = ["status", "end_customer_name", "creation_date", "owner"]
    sales_client.post("/columns/copper/", {"column": columns})
    rows = records(sales_client.get("/extranet/export.csv?status=completed&sort=-end_customer_name"))
    assert rows == [
        ["Status", "End customer", "Created", "Owner"],
        ["in service", "B", "2026-11-02 10:00", "sales"],
        ["in service", "'=HYPERLINK()", "2026-11-02 10:00", ""],
    ]


def test_an_excel_file_holds_every_column_that_is_chosen(sales_client: Client) -> None:
    order, on_hold = listed_order(1), listed_order(2, status="held")
    sales_client.post("/columns/copper/", {"column": [column.name for column in ORDERS.columns]})
    response: Any = sales_client.get("/extranet/export.xlsx?status=completed")
    assert "copper-" in response.headers["Content-Disposition"]
    with zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert order.alias in sheet
    assert "SDSL-4M-PREMIUM" in sheet
    assert on_hold.alias not in sheet

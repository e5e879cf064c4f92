"""How the database answers the list of orders: by its indexes, whatever is filtered and however it is sorted."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from demo.loading import load
from notifications.models import Unread, Watch
from tests.conftest import People
from tests.plans import statements, statements_of_list, unserved
from tracking.models import Appointment, LeadTime, Order, OrderCount, OrderDetail, StepTime
from tracking.orders.filters import OrderFilter
from tracking.orders.list_page import ORDERS, listed_orders

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

COUNT = 2000
TABLE = "tracking_order"
FILTERS = (
    "",
    "state=in_progress",
    "state=in_progress&state=confirmed",
    "offer_family=DIA",
    "offer_technology=FON",
    "project_id=PRJ-007",
    "created_by=sales1@example.test",
    "commitment=24",
    "end_customer_name=Garage Martin",
    "step=connexion_planned",
    "place=76",
    "place=76000",
    "place=rouen",
    "late=true",
    "stuck=true",
    "notice_due=true",
    "terminating=true",
    "mine=true",
    "ordered_here=true",
    "unread=true",
    "watched=true",
    "q=CMD_X_50000042",
    "q=garage martin rouen",
    "q=occurs nowhere",
    "order_date_gt=2026-11-01&order_date_lt=2026-11-07",
    "modification_date_gt=2026-11-20",
    "estimated_delivery_date_gt=2027-01-01",
    "completion_date_lt=2024-01-15",
    "cancellation_date_gt=2026-11-01",
    "commitment_end_date_gt=2031-06-01",
    "notice_on_lt=2026-12-01",
    "state=active&offer_technology=FON&place=rouen&q=martin",
)
SORTS = [sign + name for name in ORDERS.sorts for sign in ("", "-")]


@pytest.fixture(scope="module", autouse=True)
def _orders(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Orders for all tests of this module, and what the database has to know to plan with them."""
    with django_db_blocker.unblock():
        load(COUNT)
        yield
        for model in (Appointment, StepTime, OrderDetail, Order, LeadTime, OrderCount):
            model.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.fixture(autouse=True)
def _of_the_reader(people: People) -> None:
    """A few orders that the reader watches, and that changed since."""
    for order in Order.objects.filter(reference__endswith="77"):
        Watch.objects.create(user=people.back_office, subject_id=order.uuid)
        Unread.objects.create(user=people.back_office, subject_id=order.uuid, since=order.modification_date)


def _statements(person: User, query: str) -> tuple[list[str], dict[str, Any]]:
    return statements_of_list(ORDERS, listed_orders(), person, query)


def test_the_page_around_it_reads_no_table_either(back_office_client: Client) -> None:
    selects, _page = statements(back_office_client, "/orders/", TABLE)
    assert len(selects) > 2
    assert not unserved(selects, TABLE)


@pytest.mark.parametrize("sort", SORTS)
def test_no_page_of_a_sort_reads_or_sorts_the_table(people: People, sort: str) -> None:
    selects, shown = _statements(people.back_office, f"sort={sort}")
    further, _shown = _statements(people.back_office, shown["page"].next_query)
    selects += further
    assert len(selects) > 2
    assert not unserved(selects, TABLE)


@pytest.mark.parametrize("query", FILTERS)
def test_no_filter_reads_or_sorts_the_table(people: People, query: str) -> None:
    selects, shown = _statements(people.back_office, query)
    assert not shown["form"].errors
    assert not unserved(selects, TABLE)


@pytest.mark.parametrize("query", ["state=in_progress", "place=rouen", "q=martin", "late=true"])
@pytest.mark.parametrize("sort", ["end_customer_name", "-due_on", "-state", "monthly_amount"])
def test_no_filter_with_another_sort_does(people: People, query: str, sort: str) -> None:
    selects, _shown = _statements(people.back_office, f"{query}&sort={sort}")
    assert not unserved(selects, TABLE)


def test_every_filter_is_among_those_tested_here() -> None:
    tested = {
        part.partition("=")[0].removesuffix("_gt").removesuffix("_lt")
        for query in FILTERS
        for part in query.split("&")
    }
    declared = {name.removesuffix("_gt").removesuffix("_lt") for name in OrderFilter.base_filters}
    assert tested - {""} == declared


@pytest.mark.parametrize("text", ["CMD_X_50000042", "PO_1", "garage martin", "occurs nowhere"])
def test_no_search_reads_or_sorts_the_table(back_office_client: Client, text: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        back_office_client.get("/search/", {"q": text})
    selects = [query["sql"] for query in queries if TABLE in query["sql"]]
    assert selects
    assert not unserved(selects, TABLE)


def test_the_columns_of_every_sort_begin_an_index() -> None:
    indexes = [tuple(index.fields) for index in Order._meta.indexes] + [("reference", "id")]
    for columns in ORDERS.sorts.values():
        wanted = (columns,) if isinstance(columns, str) else columns
        assert any(index[: len(wanted)] == wanted for index in indexes), columns

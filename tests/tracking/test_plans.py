"""How the database answers the list of orders: by its indexes, whatever is filtered and however it is sorted.

Reading a few thousand rows from beginning to end is cheap, and PostgreSQL would choose to. So it is told here that it
is not: what remains a sequential scan, or a sort of the whole table, is what no index could serve.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from desk.models import Unread, Watch
from tests.conftest import People
from tracking.filters import OrderFilter
from tracking.lists import ORDERS
from tracking.loading import load
from tracking.models import Appointment, Dossier, LeadTime, Order, StepTime, Tally

pytestmark = pytest.mark.django_db

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
        for model in (Appointment, StepTime, Dossier, Order, LeadTime, Tally):
            model.objects.all().delete()
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


@pytest.fixture(autouse=True)
def _of_the_reader(people: People) -> None:
    """A few orders that the reader watches, and that changed since."""
    for order in Order.objects.filter(reference__endswith="77"):
        Watch.objects.create(user=people.back_office, subject_id=order.uuid)
        Unread.objects.create(user=people.back_office, subject_id=order.uuid, since=order.modification_date)


def statements(client: Client, address: str) -> tuple[list[str], str]:
    """What a page asks of the table of orders, and the page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    asked = [query["sql"] for query in queries if TABLE in query["sql"]]
    return [sql for sql in asked if sql.startswith(("SELECT", "WITH"))], response.content.decode()


def unserved(sql: str) -> str:
    """What no index serves of a statement; empty when all is well."""
    return _unserved_on_postgresql(sql) if connection.vendor == "postgresql" else _unserved_on_sqlite(sql)


def _unserved_on_sqlite(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [str(row[-1]) for row in cursor.fetchall()]
    scans = [step for step in steps if step.startswith(f"SCAN {TABLE}") and "_words" not in step]
    is_sorted = any("TEMP B-TREE" in step for step in steps)
    bad = [step for step in scans if "INDEX" not in step or is_sorted]
    return f"{bad} in {steps}" if bad else ""


def _unserved_on_postgresql(sql: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (told,) = cursor.fetchone()
    plan = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    bad = [node for node in _nodes(plan) if _is_whole(node) and node["Node Type"] == "Seq Scan"]
    for node in _nodes(plan):
        if node["Node Type"] == "Sort":
            bad += [below for below in _nodes(node) if _is_whole(below)]
    return f"{bad} in {plan}" if bad else ""


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _is_whole(node: dict[str, Any]) -> bool:
    """Whether a node reads the orders from one end to the other."""
    return (
        node.get("Relation Name") == TABLE
        and node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan")
        and "Index Cond" not in node
    )


def link_to_next(page: str) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', page)
    assert found
    return unescape(found[1])


@pytest.mark.parametrize("sort", SORTS)
def test_no_page_of_a_sort_reads_or_sorts_the_table(back_office_client: Client, sort: str) -> None:
    asked, page = statements(back_office_client, f"/orders/?sort={sort}")
    for _page in range(2):
        further, page = statements(back_office_client, f"/orders/{link_to_next(page)}")
        asked += further
    assert len(asked) > 3
    assert not [trouble for sql in asked if (trouble := unserved(sql))]


@pytest.mark.parametrize("query", FILTERS)
def test_no_filter_reads_or_sorts_the_table(back_office_client: Client, query: str) -> None:
    asked, page = statements(back_office_client, f"/orders/?{query}")
    assert 'class="field-errors"' not in page
    assert not [trouble for sql in asked if (trouble := unserved(sql))]


@pytest.mark.parametrize("query", ["state=in_progress", "place=rouen", "q=martin", "late=true"])
@pytest.mark.parametrize("sort", ["end_customer_name", "-due_on", "-state", "monthly_amount"])
def test_no_filter_with_another_sort_does(back_office_client: Client, query: str, sort: str) -> None:
    asked, _page = statements(back_office_client, f"/orders/?{query}&sort={sort}")
    assert not [trouble for sql in asked if (trouble := unserved(sql))]


def test_every_filter_is_among_those_asked_here() -> None:
    asked = {
        part.partition("=")[0].removesuffix("_gt").removesuffix("_lt")
        for query in FILTERS
        for part in query.split("&")
    }
    declared = {name.removesuffix("_gt").removesuffix("_lt") for name in OrderFilter.base_filters}
    assert asked - {""} == declared


@pytest.mark.parametrize("text", ["CMD_X_50000042", "PO_1", "garage martin", "occurs nowhere"])
def test_no_search_reads_or_sorts_the_table(back_office_client: Client, text: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        back_office_client.get("/search/", {"q": text})
    asked = [query["sql"] for query in queries if TABLE in query["sql"]]
    assert asked
    assert not [trouble for sql in asked if (trouble := unserved(sql))]


def test_the_columns_of_every_sort_begin_an_index() -> None:
    indexes = [tuple(index.fields) for index in Order._meta.indexes] + [("reference", "id")]
    for columns in ORDERS.sorts.values():
        wanted = (columns,) if isinstance(columns, str) else columns
        assert any(index[: len(wanted)] == wanted for index in indexes), columns

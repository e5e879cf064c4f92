"""How the database finds a page: by entering an index at its key, never by reading or sorting the table."""

import base64
import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from lists.paging import KeysetPage, Sorts, in_order, page_of
from tracking.models import Order, uuid_of
from web.counting import capped_count

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

DAY = date(2026, 3, 10)
# Columns with and without blanks, of each type; several in turn, the first of them with blanks and without.
SORTS: Sorts = {
    "ordered": "order_date",
    "customer": "end_customer_name",
    "modified": "modification_date",
    "notice": "notice_on",
    "amount": "monthly_amount",
    "state": ("state", "order_date"),
    "commitment": ("commitment", "order_date"),
}
EVERY = [sign + name for name in SORTS for sign in ("", "-")]
SIZE = 3


@pytest.fixture(autouse=True)
def orders() -> list[Order]:
    """Forty orders, with blanks, and with values that several share."""
    return Order.objects.bulk_create(_order(number) for number in range(40))


def _order(number: int) -> Order:
    blank = number % 4 == 0
    return Order(
        uuid=uuid_of(f"CMD_X_{number}"),
        reference=f"CMD_X_{number}",
        order_date=DAY + timedelta(days=number % 7),
        end_customer_name="" if blank else f"Customer {number % 5}",
        modification_date=None if blank else datetime(2026, 3, 10, number % 24, tzinfo=UTC),
        notice_on=None if number % 3 else DAY + timedelta(days=number % 6),
        monthly_amount=None if blank else Decimal(number % 11) + Decimal("9.90"),
        state="active" if number % 3 else "in_progress",
        commitment=None if blank else 12 * (number % 3),
    )


def page(query: str) -> KeysetPage:
    return page_of(Order.objects.all(), QueryDict(query.lstrip("?")), SORTS, default="-ordered", size=SIZE)


def pages(sort: str) -> list[KeysetPage]:
    shown = [page(f"sort={sort}")]
    while further := shown[-1].next_query:
        shown.append(page(further))
    return shown


@pytest.mark.parametrize("sort", EVERY)
def test_every_row_is_shown_once_there_and_back_in_the_order_of_a_whole_listing(sort: str) -> None:
    there = pages(sort)
    whole = list(in_order(Order.objects.all(), SORTS, sort))
    assert [row for each in there for row in each.rows] == whole
    assert len(whole) == 40
    back = [page(there[-2].next_query)]
    while earlier := back[-1].previous_query:
        back.append(page(earlier))
    assert [each.rows for each in reversed(back)] == [each.rows for each in there]


@pytest.mark.parametrize("sort", EVERY)
def test_a_page_takes_two_statements_at_most(sort: str) -> None:
    for link in [f"sort={sort}", *(link for each in pages(sort) for link in _links(each))]:
        with CaptureQueriesContext(connection) as queries:
            page(link)
        assert len(queries) <= 2


def _links(shown: KeysetPage) -> list[str]:
    return [link for link in (shown.previous_query, shown.next_query) if link]


@pytest.mark.parametrize("sort", EVERY)
def test_every_statement_of_every_page_uses_an_index_at_the_key_and_sorts_nothing(sort: str) -> None:
    with CaptureQueriesContext(connection) as queries:
        shown = pages(sort)
        for link in (link for each in shown for link in _links(each)):
            page(link)
    for sql in {query["sql"] for query in queries}:
        plan = _plan(sql)
        assert "TEMP B-TREE" not in plan, sql
        assert "Sort" not in plan, sql
        assert "Filter" not in plan, sql
        assert "Index Scan" in plan or "USING INDEX order_" in plan, sql
        if "WHERE" in sql:
            assert "Index Cond" in plan or "SEARCH" in plan, sql


def _plan(sql: str) -> str:
    """Returns the plan of a statement as if there were enough rows for reading and sorting them to be slow."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for method in ("seqscan", "bitmapscan", "sort", "incremental_sort"):
                cursor.execute(f"SET LOCAL enable_{method} = off")
        cursor.execute(f"{_EXPLAIN[connection.vendor]} {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


_EXPLAIN = {"postgresql": "EXPLAIN", "sqlite": "EXPLAIN QUERY PLAN"}


def _plan_of(link: str) -> str:
    with CaptureQueriesContext(connection) as queries:
        page(link)
    return _plan(queries[0]["sql"])


def test_a_key_among_many_equal_ones_is_found_by_its_other_columns() -> None:
    """A page deep among thousands of one state must not read those before it."""
    plan = _plan_of(pages("state")[1].next_query)
    # SQLite makes no use of a table's own row number in a row of values.
    assert (
        "Index Cond: (ROW((state)::text, order_date, id) > ROW(" in plan
        or "order_state ((state,order_date)>(?,?))" in plan
    )


def test_a_key_among_the_blanks_is_found_by_the_index() -> None:
    plan = _plan_of(pages("notice")[-2].next_query)
    assert "((notice_on IS NULL) AND (id > " in plan or "order_notice_on (notice_on=? AND id>?)" in plan


@pytest.mark.parametrize(
    ("most", "counted"), [(100, (40, False)), (40, (40, False)), (39, (39, True)), (1, (1, True))]
)
def test_rows_are_counted_up_to_a_limit(most: int, counted: tuple[int, bool]) -> None:
    assert capped_count(Order.objects.order_by("city"), most) == counted


def test_no_more_rows_are_read_for_a_count_than_its_limit() -> None:
    with CaptureQueriesContext(connection) as queries:
        capped_count(Order.objects.select_related("owner"), 10)
    (sql,) = (query["sql"] for query in queries)
    assert "LIMIT 11" in sql
    assert "ORDER BY" not in sql
    assert "JOIN" not in sql


@pytest.mark.parametrize(
    "key", [[None, "7"], ["active", "7"], ["active", None, "7"], ["x", "2026-13-01", "7"]]
)
def test_a_key_of_another_sort_is_ignored(key: list[Any]) -> None:
    after = base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
    assert page(f"sort=state&after={after}").rows == page("sort=state").rows

"""Lists paged by key: every row once, in order, there and back, whatever the column and its blanks."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from lists.paging import KeysetPage, page_of
from sessions_app.models import Cart

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

SORTS = {"created": "created_at", "ordered": "order_date", "project": "project_id"}
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def carts() -> list[Cart]:
    """Ten carts: some ordered and some not, in three projects, two made at the same moment."""
    return Cart.objects.bulk_create(
        Cart(
            created_at=NOON + timedelta(microseconds=number // 2),
            order_date=NOON - timedelta(days=number) if number % 3 else None,
            project_id=f"P{number % 3}",
        )
        for number in range(10)
    )


def page(query: str = "", size: int = 3) -> KeysetPage:
    return page_of(
        Cart.objects.all(), QueryDict(query.removeprefix("?")), SORTS, default="-created", size=size
    )


def pages(query: str, link: str) -> Iterator[KeysetPage]:
    """The pages from the one that the query names, following a link of each."""
    shown = page(query)
    yield shown
    while further := getattr(shown, link):
        shown = page(further)
        yield shown


def key(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


@pytest.mark.parametrize("size", [1, 3, 5, 10])
@pytest.mark.parametrize("sort", [sign + name for name in SORTS for sign in ("", "-")])
def test_the_pages_hold_every_row_once_and_in_order_there_and_back(
    carts: list[Cart], sort: str, size: int
) -> None:
    column = SORTS[sort.removeprefix("-")]
    there = list(pages(f"?sort={sort}", "next_query"))
    shown = [row for each in there for row in each.rows]
    assert {row.pk for row in shown} == {cart.pk for cart in carts}
    values = [getattr(row, column) for row in shown]
    valued = [value for value in values if value is not None]
    assert values == sorted(valued, reverse=sort.startswith("-")) + [None] * (len(values) - len(valued))
    last_query = there[-2].next_query
    back = list(pages(last_query, "previous_query"))
    assert [each.rows for each in reversed(back)] == [each.rows for each in there]


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after(carts: list[Cart]) -> None:
    there = list(pages("", "next_query"))
    assert [bool(each.previous_query) for each in there] == [False, True, True, True]
    assert [bool(each.next_query) for each in there] == [True, True, True, False]
    assert [len(each.rows) for each in there] == [3, 3, 3, 1]


def test_a_link_keeps_the_filters_and_the_sort(carts: list[Cart]) -> None:
    query = QueryDict(page("q=lyon&q=brest&sort=project").next_query.removeprefix("?"))
    assert (query.getlist("q"), query["sort"]) == (["lyon", "brest"], "project")
    back = QueryDict(page(query.urlencode()).previous_query.removeprefix("?"))
    assert "after" not in back
    assert back.getlist("before")


def test_a_page_is_one_statement_and_counts_nothing(carts: list[Cart]) -> None:
    with CaptureQueriesContext(connection) as queries:
        page(page().next_query)
    assert len(queries) == 2
    assert not any("OFFSET" in query["sql"] or "COUNT" in query["sql"] for query in queries)


def test_rows_that_are_added_meanwhile_move_nothing(carts: list[Cart]) -> None:
    link, expected = page().next_query, page(page().next_query).rows
    Cart.objects.create(created_at=NOON + timedelta(days=1))
    assert page(link).rows == expected


def test_an_empty_list_has_one_page() -> None:
    assert (page().rows, page().previous_query, page().next_query) == ([], "", "")


@pytest.mark.parametrize("sort", ["", "nonsense", "-nonsense", "--created", "owner__password"])
def test_an_invalid_sort_is_ignored(carts: list[Cart], sort: str) -> None:
    assert page(f"sort={sort}").sort == "-created"
    assert page(f"sort={sort}").rows == page().rows


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize(
    "nonsense",
    [
        "",
        "x",
        "é",
        "bm90IGpzb24",
        key(),
        key("2026-11-21T12:00:00Z"),
        key("2026-11-21T12:00:00Z", None),
        key("yesterday", "00000000-0000-0000-0000-000000000000"),
        key("2026-11-21T12:00:00Z", "7"),
        key("2026-11-21T12:00:00Z", 10**30),
        key({}, []),
        base64.urlsafe_b64encode(b"[" * 50_000).decode(),
    ],
)
def test_an_invalid_key_is_ignored(carts: list[Cart], side: str, nonsense: str) -> None:
    query = QueryDict(mutable=True)
    query[side] = nonsense
    assert page(query.urlencode()).rows == page().rows


@pytest.mark.parametrize("side", ["after", "before"])
@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01"])
def test_a_key_at_the_end_of_the_calendar_is_ignored(carts: list[Cart], side: str, moment: str) -> None:
    assert page(f"{side}={key(moment, str(carts[0].pk))}").rows == page().rows


@pytest.mark.parametrize(("side", "end"), [("after", 0), ("before", -1)])
def test_a_page_without_any_rows_left_shows_the_list_from_the_beginning(
    carts: list[Cart], side: str, end: int
) -> None:
    last = carts[end]
    beyond = key(last.created_at.isoformat(), str(last.pk))
    Cart.objects.filter(created_at=last.created_at).delete()
    shown = page(f"{side}={beyond}")
    assert shown.rows == page().rows
    assert (shown.previous_query, bool(shown.next_query)) == ("", True)


@pytest.mark.parametrize("text", ["P\x00", "\ud800"])
def test_a_key_that_no_database_could_store_is_ignored(carts: list[Cart], text: str) -> None:
    query = QueryDict(mutable=True)
    query["after"] = key(text, str(carts[0].pk))
    assert page(f"sort=project&{query.urlencode()}").rows == page("sort=project").rows

"""The lists of carts and of lines: what they show, how they page, and what they cost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.formats import date_format
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from lists.paging import page_of
from sessions_app.carts.filters import CartFilter
from sessions_app.carts.list_page import CARTS
from sessions_app.lines.filters import LineFilter
from sessions_app.lines.list_page import LINES
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sessions_app.page_helpers import HUGE, draft, known, ready_line, shown, text_of, url

BUDGET = 16
LISTS = ["carts", "lines"]
SORTS: dict[str, tuple[Any, Any, str]] = {
    "carts": (Cart, CARTS.sorts, CARTS.default_sort),
    "lines": (Line, LINES.sorts, LINES.default_sort),
}
FILTERS: dict[str, Any] = {"carts": CartFilter, "lines": LineFilter}
NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def rows(owner: User, count: int) -> None:
    """So many carts with a line each, alike in some columns, blank in others."""
    carts = Cart.objects.bulk_create(
        Cart(
            owner=owner,
            external_id=f"C{number}",
            project_id=f"P{number % 3}",
            created_at=NOON - timedelta(microseconds=number // 2),
            order_date=NOON - timedelta(days=number % 4) if number % 3 else None,
            missing_count=number % 2,
        )
        for number in range(count)
    )
    Line.objects.bulk_create(
        Line(
            cart=cart,
            end_customer_name=f"Customer {number % 5}",
            city="" if number % 3 else "Lyon",
            created_at=cart.created_at,
            order_date=cart.order_date,
            expires_on=NOON.date() + timedelta(days=number % 3) if number % 4 else None,
            scheduled_delivery_date=NOON.date() if number % 2 else None,
        )
        for number, cart in enumerate(carts)
    )


@pytest.mark.parametrize("name", LISTS)
def test_fifty_rows_need_no_more_queries_than_five(sales: User, sales_client: Client, name: str) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            sales_client.get(url(name))
        return len(queries)

    rows(sales, 5)
    few = count()
    rows(sales, 45)
    assert count() == few <= BUDGET


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_leads_to_a_new_cart(sales_client: Client, name: str) -> None:
    page = text_of(sales_client.get(url(name)))
    assert 'class="empty"' in page
    assert f'href="{url("cart-new")}"' in page


@pytest.mark.parametrize("name", LISTS)
def test_a_filter_that_nothing_passes_leads_back(line: Line, sales_client: Client, name: str) -> None:
    page = text_of(sales_client.get(url(name), {"state": "completed" if name == "carts" else "acknowledged"}))
    assert "Clear all filters" in page
    assert "Filters (1)" in page


def test_each_sees_their_own_their_teams_and_nobodys(
    people: People, sales_client: Client, back_office_client: Client
) -> None:
    seen = [
        draft(people.sales, external_id="own"),
        draft(people.other_sales, team=people.north, external_id="team"),
    ]
    hidden = draft(people.other_sales, external_id="theirs-alone")
    unowned = draft(None)
    page = text_of(sales_client.get(url("carts")))
    assert all(url("cart", cart.pk) in page for cart in [*seen, unowned])
    assert url("cart", hidden.pk) not in page
    assert url("cart", hidden.pk) in text_of(back_office_client.get(url("carts")))


@pytest.mark.parametrize("name", LISTS)
def test_what_is_deleted_is_not_listed(line: Line, cart: Cart, sales_client: Client, name: str) -> None:
    sales_client.post(url("cart-delete", cart.pk))
    assert 'class="empty"' in text_of(sales_client.get(url(name)))


def test_a_row_shows_what_it_lacks_and_when_it_ends(cart: Cart, sales: User, sales_client: Client) -> None:
    ready_line(cart, sales, enni=None)
    known(cart)
    last_day = Line.objects.get().expires_on
    assert last_day is not None
    for name in LISTS:
        page = text_of(sales_client.get(url(name)))
        assert '<td class="number">1</td>' in page
        assert date_format(last_day, "SHORT_DATE_FORMAT") in page


def test_a_state_that_nobody_knows_is_shown_and_found(cart: Cart, sales_client: Client) -> None:
    shown(cart, items=[], state="on_the_moon")
    page = text_of(sales_client.get(url("carts"), {"state": "on_the_moon"}))
    assert url("cart", cart.pk) in page
    assert '<option value="on_the_moon" selected>' in page


def test_mine_are_none_rather_than_everybodys_for_someone_without_any(
    people: People, sales: User, sales_client: Client
) -> None:
    cart = draft(people.back_office, team=people.north)
    assert url("cart", cart.pk) in text_of(sales_client.get(url("carts")))
    assert url("cart", cart.pk) not in text_of(sales_client.get(url("carts"), {"owner": sales.pk}))


@pytest.mark.parametrize("name", LISTS)
def test_the_links_of_a_page_keep_filters_and_sort(sales: User, sales_client: Client, name: str) -> None:
    rows(sales, 60)
    page = text_of(sales_client.get(url(name), {"creation_date_gt": "2026-01-01", "sort": "state"}))
    (link,) = [part.partition('"')[0] for part in page.split('rel="next" href="')[1:]]
    query = QueryDict(link.replace("&amp;", "&").removeprefix("?"))
    assert (query["creation_date_gt"], query["sort"]) == ("2026-01-01", "state")
    second = text_of(sales_client.get(url(name) + link.replace("&amp;", "&")))
    assert 'rel="prev"' in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize("name", LISTS)
def test_every_sort_shows_every_row_once_there_and_back(sales: User, name: str) -> None:
    rows(sales, 11)
    model, sorts, default = SORTS[name]

    def page(query: str) -> Any:
        return page_of(model.objects.all(), QueryDict(query.lstrip("?")), sorts, default=default, size=3)

    for sort in (sign + each for each in sorts for sign in ("", "-")):
        there = [page(f"sort={sort}")]
        while query := there[-1].next_query:
            there.append(page(query))
        assert (
            len({row.pk for each in there for row in each.rows})
            == sum(len(each.rows) for each in there)
            == 11
        )
        back = [page(there[-2].next_query)]
        while query := back[-1].previous_query:
            back.append(page(query))
        assert [each.rows for each in reversed(back)] == [each.rows for each in there]


@pytest.mark.parametrize("name", LISTS)
def test_every_sort_is_offered_by_a_column(line: Line, sales_client: Client, name: str) -> None:
    page = text_of(sales_client.get(url(name)))
    for sort in SORTS[name][1]:
        assert f"?sort={sort}" in page or f"?sort=-{sort}" in page


WRONG = [
    ("creation_date_gt", "2026-02-30"),
    ("creation_date_gt", "0001-01-01"),
    ("creation_date_lt", "9999-12-31"),
    ("order_date_gt", "yesterday"),
    ("order_date_lt", "\0"),
    ("expiration_date_gt", "0001-01-01"),
    ("expiration_date_lt", HUGE),
    ("completion_date_gt", "0001-01-01"),
    ("cancellation_date_lt", "9999-12-31"),
    ("owner", "9" * 30),
    ("owner", "-1"),
    ("owner", "\0"),
    ("owner", "\u0661"),
    ("state", "\0"),
    ("state", HUGE),
    ("readiness", "perhaps"),
    ("q", "\0"),
    ("q", HUGE),
    ("q", "a " * 1500),
    ("search", "\0"),
    ("search", HUGE),
    ("search", " ".join(map(str, range(400)))),
    ("q", "%_\\'\""),
    ("search", "%_\\'\""),
    ("external_id", "\0"),
    ("external_id", HUGE),
    ("end_customer_name", "\0"),
    ("sort", "\0"),
    ("sort", "owner__password"),
    ("after", "\0"),
    ("after", HUGE),
    ("before", "bm90IGEga2V5"),
]


@pytest.mark.slow
@pytest.mark.parametrize("name", LISTS)
def test_a_query_that_makes_no_sense_is_ignored(line: Line, sales_client: Client, name: str) -> None:
    statuses = {
        (field, text[:9]): sales_client.get(url(name), {field: text}).status_code for field, text in WRONG
    }
    assert statuses == dict.fromkeys(statuses, 200)


def test_a_wrong_date_is_said_at_its_filter(sales_client: Client) -> None:
    page = text_of(sales_client.get(url("carts"), {"creation_date_gt": "0001-01-01"}))
    assert 'id="error-id_creation_date_gt"' in page


TEXTS = st.text(max_size=40)
DATES = st.dates().map(str) | st.datetimes().map(str)
NUMBERS = st.integers().map(str)


@pytest.mark.parametrize("name", LISTS)
def test_no_query_is_a_fault(line: Line, sales_client: Client, name: str) -> None:
    names = [*FILTERS[name].base_filters, "sort", "after", "before", "q"]
    sorts = [sign + each for each in SORTS[name][1] for sign in ("", "-")]
    values = TEXTS | DATES | NUMBERS | st.sampled_from(["created", "", "ready", "expiring", *sorts])

    @given(st.dictionaries(st.sampled_from(names), values, max_size=5))
    def ask(query: dict[str, str]) -> None:
        assert sales_client.get(url(name), query).status_code == 200

    ask()

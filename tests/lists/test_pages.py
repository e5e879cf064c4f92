"""The frame of list pages, seen on the list of carts: empty states, quick links, counts, selection."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from accounts.roles import BACK_OFFICE, SALES
from lists import cells, registered_pages
from lists.pages import List, ListAction, selected_rows
from lists.registered_pages import ListPage
from sessions_app.carts.list_page import CARTS
from sessions_app.models import Cart

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
URL = "/carts/"


def carts(owner: User, count: int, **columns: str) -> list[Cart]:
    return Cart.objects.bulk_create(
        Cart(owner=owner, external_id=f"C{number}", created_at=NOON - timedelta(hours=number), **columns)
        for number in range(count)
    )


def page_text(client: Client, query: str = "") -> str:
    return unescape(client.get(URL + query).content.decode())


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> List:
    """The list of carts, with something to do with a selection."""
    watch = ListAction("Watch them", "portal:home")
    end = ListAction("End them", "portal:home", (BACK_OFFICE,))
    shown = replace(CARTS, actions=(watch, end))
    monkeypatch.setattr("sessions_app.carts.views.CARTS", shown)
    return shown


def count_text(text: str) -> str:
    return text.partition('<span class="count">')[2].partition("</span>")[0]


@pytest.mark.parametrize(
    ("count", "first", "second"),
    [
        (1, "1–1 of 1", ""),
        (50, "1–50 of 50", ""),
        (60, "1–50 of 60", "51–60 of 60"),
        (120, "1–50 of 120", "120 in all"),
    ],
)
def test_a_page_says_how_many_rows_there_are_and_which_it_shows(
    sales: User, sales_client: Client, count: int, first: str, second: str
) -> None:
    carts(sales, count)
    text = page_text(sales_client)
    assert count_text(text) == first
    link = text.partition('rel="next" href="')[2].partition('"')[0]
    assert (count_text(page_text(sales_client, link)) if link else "") == second


def test_more_than_a_thousand_are_not_counted(sales: User, sales_client: Client) -> None:
    carts(sales, 1051)
    text = page_text(sales_client)
    assert count_text(text) == "1–50 of more than 1,000"
    link = text.partition('rel="next" href="')[2].partition('"')[0]
    assert count_text(page_text(sales_client, link)) == "more than 1,000 in all"
    last = "?sort=created"
    text = page_text(
        sales_client, page_text(sales_client, last).partition('rel="next" href="')[2].partition('"')[0]
    )
    assert count_text(text) == "more than 1,000 in all"


def test_numbers_are_grouped_as_the_reader_writes_them(sales: User, sales_client: Client) -> None:
    carts(sales, 1051)
    sales.language = "fr"
    sales.save(update_fields=["language"])
    assert "1\u202f000" in page_text(sales_client) or "1\xa0000" in page_text(sales_client)


@pytest.mark.parametrize("selectable", [False, True])
def test_a_list_takes_as_many_queries_for_few_rows_as_for_many_and_on_later_pages(
    sales: User, sales_client: Client, request: pytest.FixtureRequest, *, selectable: bool
) -> None:
    if selectable:
        request.getfixturevalue("shown")

    def queries(query: str = "") -> int:
        cache.clear()
        with CaptureQueriesContext(connection) as captured:
            sales_client.get(URL + query)
        return len(captured)

    carts(sales, 2)
    few = queries()
    carts(sales, 120)
    link = page_text(sales_client).partition('rel="next" href="')[2].partition('"')[0]
    assert queries() == few == queries(link)


def test_without_rows_a_list_leads_to_a_first_one(sales_client: Client, back_office_client: Client) -> None:
    assert "No carts yet" in page_text(sales_client)
    assert f'href="{reverse("sessions_app:cart-new")}"' in page_text(sales_client)
    assert reverse("sessions_app:cart-new") not in page_text(back_office_client)


def test_filters_that_nothing_matches_can_be_cleared(sales: User, sales_client: Client) -> None:
    carts(sales, 1)
    text = page_text(sales_client, "?state=completed")
    assert "No carts match" in text
    assert f'<a class="btn btn-primary" href="{URL}">Clear all filters</a>' in text


def test_the_current_quick_link_is_marked(sales: User, sales_client: Client) -> None:
    assert '<a href="?readiness=ready" aria-current="true">' in page_text(
        sales_client, "?readiness=ready&sort=state"
    )
    assert f'<a href="?owner={sales.pk}" >Mine</a>' in page_text(sales_client, "?readiness=ready")


def test_what_a_row_holds_is_escaped(sales: User, sales_client: Client) -> None:
    carts(sales, 1, project_id="<script>alert(1)</script>")
    content = sales_client.get(URL).content.decode()
    assert "&lt;script&gt;alert(1)" in content
    assert "<script>alert" not in content


def test_a_list_without_actions_has_no_checkboxes(sales: User, sales_client: Client) -> None:
    carts(sales, 1)
    assert 'name="selected"' not in page_text(sales_client)


def test_each_row_can_be_selected_and_posted_to_an_action(
    sales: User, sales_client: Client, shown: List
) -> None:
    made = carts(sales, 3)
    text = page_text(sales_client, "?sort=reference")
    for cart in made:
        assert f'name="selected" value="{cart.pk}" aria-label="Select {cart}"' in text
    assert f'formaction="{reverse("portal:home")}">Watch them</button>' in text
    assert '<input type="hidden" name="next" value="/carts/?sort=reference">' in text
    assert "data-tick-all" in text


def test_an_action_is_offered_to_its_roles_alone(
    sales: User, sales_client: Client, back_office_client: Client, administrator_client: Client, shown: List
) -> None:
    carts(sales, 1)
    offered = [
        "End them" in page_text(who) for who in (sales_client, back_office_client, administrator_client)
    ]
    assert offered == [False, True, True]


def test_someone_who_can_do_nothing_with_rows_sees_no_checkboxes(
    sales: User, sales_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    carts(sales, 1)
    only = replace(CARTS, actions=(ListAction("End them", "portal:home", (BACK_OFFICE,)),))
    monkeypatch.setattr("sessions_app.carts.views.CARTS", only)
    assert 'name="selected"' not in page_text(sales_client)


def test_a_selection_has_only_rows_that_may_be_seen_and_ignores_nonsense(sales: User) -> None:
    mine, other = carts(sales, 2)
    request = RequestFactory().post(
        "/", {"selected": [str(mine.pk), "nonsense", "", "7", "\0", str(other.pk)]}
    )
    chosen = selected_rows(request, Cart.objects.exclude(pk=other.pk))  # type: ignore[arg-type]
    assert list(chosen) == [mine]


def test_nothing_selected_is_no_row(sales: User) -> None:
    carts(sales, 2)
    assert not selected_rows(RequestFactory().post("/"), Cart.objects.all()).exists()  # type: ignore[arg-type]


def test_a_registered_page_offers_saved_views(sales: User, sales_client: Client) -> None:
    assert 'class="saved-views"' not in page_text(sales_client)
    registered_pages.register_page(
        ListPage("carts", "Carts", "sessions_app:carts", lambda query, user, ids: set())
    )
    assert 'class="saved-views"' in page_text(sales_client, "?readiness=ready")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_days_and_moments_are_local_and_in_the_readers_format(language: str) -> None:
    moment = datetime(2026, 3, 9, 23, 30, 59, tzinfo=UTC)
    with translation.override(language):
        assert cells.day(moment) == cells.day(date(2026, 3, 10)) == "10/03/2026"
        assert cells.moment(moment) == "10/03/2026 00:30"
        assert cells.day(None) == cells.moment(None) == ""


def test_the_sales_role_is_checked_like_any_other(sales: User) -> None:
    assert ListAction("Open", "portal:home", (SALES,)).is_for(sales)
    assert not ListAction("Open", "portal:home", (BACK_OFFICE,)).is_for(sales)

"""The page of notices: one's own, unread first, in words, and read one by one or all at once."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lists.registered_pages import ListPage, register_page
from notifications.models import Change
from tests.conftest import People
from tests.subjects import PAGE, a_notice, shows


def _page(client: Client, query: str = "") -> str:
    return client.get(f"/notices/{query}").content.decode()


def test_it_says_what_changed_in_the_page_s_words(people: People, sales_client: Client) -> None:
    a_notice(people.sales, "CMD_X_7")
    page = _page(sales_client)
    assert '<a href="/orders/CMD_X_7/">CMD_X_7</a>' in page
    assert "Boulangerie Martin" in page
    assert "State: IN_PROGRESS → ACTIVE" in page


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "New in Carnet."),
        ({"price": [None, "12"]}, "price: empty → 12"),
        ({"price": ["12", ""]}, "price: 12 → empty"),
        ({"note": ["x" * 500, "y"]}, f"note: {'X' * 119}… → Y"),
        ({"<i>": ["<b>", "&"]}, "&lt;i&gt;: &lt;B&gt; → &amp;"),
    ],
)
def test_every_change_makes_a_sentence(
    people: People, sales_client: Client, changes: dict[str, list[object]], said: str
) -> None:
    register_page(
        ListPage(
            PAGE, "Things", "notifications:notices", shows, value=lambda path, value: str(value or "").upper()
        )
    )
    a_notice(people.sales)
    Change.objects.update(changes=changes)
    assert said in _page(sales_client)


def test_changes_of_a_page_that_is_gone_are_still_shown(people: People, sales_client: Client) -> None:
    a_notice(people.sales)
    Change.objects.update(page="of-long-ago", changes={"state": [None, "active"]})
    assert "State: empty → active" in _page(sales_client)


def test_a_page_writes_values_as_they_are_unless_it_declares_otherwise(
    people: People, sales_client: Client
) -> None:
    register_page(ListPage(PAGE, "Things", "notifications:notices", shows))
    a_notice(people.sales)
    Change.objects.update(changes={"count": [None, 3]})
    assert "count: empty → 3" in _page(sales_client)


def test_only_a_persons_own_notices_are_shown(people: People, sales_client: Client) -> None:
    a_notice(people.back_office, "THEIRS")
    page = _page(sales_client)
    assert "THEIRS" not in page
    assert "No notices yet" in page


def test_the_unread_come_first_each_kind_newest_first(people: People, sales_client: Client) -> None:
    for label, is_unread in (("READ-OLD", False), ("OLD", True), ("READ-NEW", False), ("NEW", True)):
        a_notice(people.sales, label, is_unread=is_unread)
    page = _page(sales_client)
    places = [page.index(f">{label}<") for label in ("NEW", "OLD", "READ-NEW", "READ-OLD")]
    assert places == sorted(places)


def test_a_long_list_comes_in_pages_that_leave_nothing_out(people: People, sales_client: Client) -> None:
    for number in range(30):
        a_notice(people.sales, f"UNREAD-{number:02}")
        a_notice(people.sales, f"READ-{number:02}", is_unread=False)
    response = sales_client.get("/notices/")
    first, second = response, sales_client.get(f"/notices/{response.context['page'].next_query}")
    shown = [row.change.label for page in (first, second) for row in page.context["rows"]]
    assert len(shown) == len(set(shown)) == 60
    assert shown[0] == "UNREAD-29"
    assert shown[-1] == "READ-00"
    assert not second.context["page"].next_query
    assert second.context["page"].previous_query


def test_one_is_marked_as_read(people: People, sales_client: Client) -> None:
    notice, other = a_notice(people.sales), a_notice(people.sales)
    response = sales_client.post(f"/notices/{notice.pk}/read/?next=/notices/%3Fafter=x")
    assert response.headers["Location"] == "/notices/?after=x"
    assert list(people.sales.notices.filter(is_unread=True)) == [other]


def test_all_of_a_persons_notices_are_marked_as_read_and_nobody_elses(
    people: People, sales_client: Client
) -> None:
    for person in (people.sales, people.sales, people.back_office):
        a_notice(person)
    page = sales_client.post("/notices/read/", follow=True).content.decode()
    assert "2 notices marked as read." in page
    assert not people.sales.notices.filter(is_unread=True).exists()
    assert people.back_office.notices.filter(is_unread=True).exists()
    assert "Mark all as read" not in page


def test_someone_elses_notice_is_not_found(people: People, sales_client: Client) -> None:
    theirs = a_notice(people.back_office)
    assert sales_client.post(f"/notices/{theirs.pk}/read/").status_code == 404
    theirs.refresh_from_db()
    assert theirs.is_unread


def test_nothing_is_read_by_a_get(people: People, sales_client: Client) -> None:
    notice = a_notice(people.sales)
    assert sales_client.get(f"/notices/{notice.pk}/read/").status_code == 405
    assert sales_client.get("/notices/read/").status_code == 405


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "\\\\evil"]
)
def test_nobody_is_redirected_to_another_site(people: People, sales_client: Client, target: str) -> None:
    notice = a_notice(people.sales)
    response = sales_client.post(f"/notices/{notice.pk}/read/", {"next": target})
    assert response.headers["Location"] == "/notices/"


def test_the_navigation_counts_what_is_unread(people: People, sales_client: Client) -> None:
    a_notice(people.sales)
    a_notice(people.sales)
    a_notice(people.sales, is_unread=False)
    a_notice(people.back_office)
    assert 'Notices <span class="count">2</span>' in _page(sales_client)


def test_the_page_takes_as_many_queries_for_many_as_for_few(people: People, sales_client: Client) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            a_notice(people.sales)
        with CaptureQueriesContext(connection) as captured:
            _page(sales_client)
        return len(captured)

    _page(sales_client)
    assert queries(1) == queries(20)

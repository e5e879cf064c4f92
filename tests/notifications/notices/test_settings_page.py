"""How a person is notified: their mail, what they watch, their calendar's address."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Mailing, Watch
from tests.conftest import People
from tests.subjects import a_subject, a_view, watch


def _page(client: Client) -> str:
    return client.get("/notices/settings/").content.decode()


def test_without_a_choice_there_is_a_daily_mail(people: People, sales_client: Client) -> None:
    assert sales_client.get("/notices/settings/").context["form"]["choice"].value() == Mailing.Choice.DAILY
    assert not Mailing.objects.exists()


@pytest.mark.parametrize("choice", Mailing.Choice.values)
def test_a_choice_is_kept(people: People, sales_client: Client, choice: str) -> None:
    assert (
        "Saved." in sales_client.post("/notices/settings/", {"choice": choice}, follow=True).content.decode()
    )
    assert Mailing.objects.get(user=people.sales).choice == choice
    assert sales_client.get("/notices/settings/").context["form"]["choice"].value() == choice


@pytest.mark.parametrize("choice", ["", "hourly"])
def test_an_invalid_choice_is_refused(people: People, sales_client: Client, choice: str) -> None:
    response = sales_client.post("/notices/settings/", {"choice": choice})
    assert response.status_code == 422
    assert "field-errors" in response.content.decode()
    assert not Mailing.objects.exists()


def test_it_says_where_mail_goes_or_that_it_goes_nowhere(people: People, sales_client: Client) -> None:
    assert "sales@example.test" in _page(sales_client)
    people.sales.email = ""
    people.sales.save()
    assert "have an email address in Carnet yet" in _page(sales_client)


def test_what_is_watched_is_listed_with_a_link(people: People, sales_client: Client) -> None:
    watch(people.sales, a_subject("CMD_X_7"))
    watch(people.sales, customer="Boulangerie Martin")
    watch(people.sales, view=a_view(people.sales, "state=active", "Active ones"))
    watch(people.back_office, a_subject("THEIRS"))
    page = _page(sales_client)
    assert '<a href="/orders/CMD_X_7/">CMD_X_7</a>' in page
    assert "Boulangerie Martin" in page
    assert '<a href="/notices/?state=active">Active ones</a>' in page
    assert "THEIRS" not in page


def test_a_watch_on_a_view_of_a_page_that_is_gone_is_still_listed(
    people: People, sales_client: Client
) -> None:
    view = a_view(people.sales, name="Old one")
    view.page = "of-long-ago"
    view.save()
    watch(people.sales, view=view)
    assert "Old one" in _page(sales_client)


def test_without_watches_it_says_how_to_get_some(people: People, sales_client: Client) -> None:
    assert "Nothing yet." in _page(sales_client)


def test_the_page_takes_as_many_queries_for_many_as_for_few(people: People, sales_client: Client) -> None:
    def queries(number: int) -> int:
        for count in range(number):
            watch(people.sales, view=a_view(people.sales, name=f"View {Watch.objects.count()}.{count}"))
        with CaptureQueriesContext(connection) as captured:
            _page(sales_client)
        return len(captured)

    _page(sales_client)
    assert queries(1) == queries(20)

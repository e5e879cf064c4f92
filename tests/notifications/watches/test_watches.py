"""Watching an order, a customer or a saved view from its page, and stopping again."""

from urllib.parse import urlencode

import pytest
from django.template.loader import render_to_string
from django.test import Client, RequestFactory

from accounts.models import User
from notifications.models import Watch
from notifications.subjects import Subject
from notifications.watches.pages import watch_context
from tests.conftest import People
from tests.subjects import a_subject, a_view, watch

pytestmark = pytest.mark.postgresql


def _post(client: Client, **query: object) -> int:
    return client.post(f"/watches/new/?{urlencode(query)}").status_code


def _piece(user: User, subject: Subject) -> str:
    request = RequestFactory().get(subject.url)
    return render_to_string("notifications/watches/watch.html", watch_context(user, subject), request)


def test_watching_an_order_leads_back_to_the_same_page(people: People, sales_client: Client) -> None:
    subject = a_subject("CMD_X_7")
    query = urlencode({"subject": subject.token(people.sales), "next": "/lines/?state=created"})
    response = sales_client.post(f"/watches/new/?{query}")
    assert response.headers["Location"] == "/lines/?state=created"
    kept = Watch.objects.get()
    assert (kept.user, kept.subject_id) == (people.sales, subject.id)
    assert (kept.label, kept.url) == ("CMD_X_7", "/orders/CMD_X_7/")


def test_a_customer_is_watched(people: People, sales_client: Client) -> None:
    _post(sales_client, customer=a_subject(customer=" Boulangerie  MARTIN").token(people.sales))
    kept = Watch.objects.get()
    assert (kept.customer, kept.customer_key) == ("Boulangerie MARTIN", "boulangerie martin")
    assert not kept.subject_id


def test_a_team_s_view_is_watched(people: People, back_office_client: Client) -> None:
    view = a_view(people.sales, team=people.north)
    _post(back_office_client, view=view.pk)
    assert Watch.objects.get().view == view


def test_watching_twice_makes_one_watch(people: People, sales_client: Client) -> None:
    subject = a_subject()
    for _ in range(2):
        assert _post(sales_client, subject=subject.token(people.sales)) == 302
        assert _post(sales_client, customer=subject.token(people.sales)) == 302
    assert Watch.objects.count() == 2


def test_someone_elses_view_is_not_found(people: People, sales_client: Client) -> None:
    assert _post(sales_client, view=a_view(people.other_sales, team=people.south).pk) == 404
    assert _post(sales_client, view=a_view(people.back_office).pk) == 404


def test_what_the_person_was_not_shown_is_not_found(people: People, sales_client: Client) -> None:
    theirs = a_subject().token(people.back_office)
    assert _post(sales_client, subject=theirs) == 404
    assert _post(sales_client, customer=theirs) == 404
    assert _post(sales_client, subject=f"{a_subject().token(people.sales)}x") == 404
    assert not Watch.objects.exists()


@pytest.mark.parametrize("query", [{}, {"view": "x"}, {"view": "²"}, {"subject": ""}, {"view": "9" * 30}])
def test_a_watch_on_nothing_is_not_found(people: People, sales_client: Client, query: dict[str, str]) -> None:
    assert _post(sales_client, **query) == 404


def test_a_blank_customer_can_not_be_watched(people: People, sales_client: Client) -> None:
    assert _post(sales_client, customer=a_subject(customer=" ").token(people.sales)) == 404


def test_watching_stops(people: People, sales_client: Client) -> None:
    mine = watch(people.sales, a_subject())
    response = sales_client.post(f"/watches/{mine.pk}/delete/?next=/lines/")
    assert response.headers["Location"] == "/lines/"
    assert not Watch.objects.exists()


def test_someone_elses_watch_is_not_found(people: People, sales_client: Client) -> None:
    theirs = watch(people.back_office, a_subject())
    assert sales_client.post(f"/watches/{theirs.pk}/delete/").status_code == 404
    assert Watch.objects.exists()


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_nobody_is_redirected_to_another_site(people: People, sales_client: Client, target: str) -> None:
    query = urlencode({"subject": a_subject().token(people.sales), "next": target})
    response = sales_client.post(f"/watches/new/?{query}")
    assert response.headers["Location"] == "/notices/settings/"


def test_somebody_who_was_signed_out_comes_back_to_the_page_of_the_button(people: People) -> None:
    response = Client().post(
        f"/watches/new/?{urlencode({'view': 1, 'next': '/lines/'})}",
        headers={"Referer": "http://testserver/lines/"},
    )
    assert response.headers["Location"] == "/accounts/login/?next=%2Flines%2F"


def test_the_order_page_offers_to_watch_and_names_the_watchers(people: People) -> None:
    subject = a_subject(customer="<i>Martin")
    watch(people.back_office, subject)
    piece = _piece(people.sales, subject)
    assert "Watch this order" in piece
    assert "Watch all of &lt;i&gt;Martin" in piece
    assert "Watched by: back-office" in " ".join(piece.split())


def test_the_order_page_offers_to_stop_watching(people: People) -> None:
    subject = a_subject()
    mine = [watch(people.sales, subject), watch(people.sales, customer=subject.customer)]
    piece = _piece(people.sales, subject)
    assert "Stop watching this order" in piece
    assert f"Stop watching {subject.customer}" in piece
    assert all(f"/watches/{one.pk}/delete/" in piece for one in mine)


def test_the_watches_of_an_order_without_customer_name_none(people: People) -> None:
    watch(people.sales, customer="Martin")
    piece = _piece(people.sales, a_subject(customer=""))
    assert "Watch this order" in piece
    assert "all of" not in piece

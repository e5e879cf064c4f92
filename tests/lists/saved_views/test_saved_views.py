"""A list page's filters under a name: used by their owner and the team they are shared with."""

from typing import Any

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from lists.models import SavedView
from lists.saved_views.forms import SavedViewForm
from lists.saved_views.pages import keep, saved_context, saved_views
from lists.saved_views.queries import cleaned, is_same
from notifications.models import Watch
from tests.conftest import People
from tests.subjects import PAGE, a_view, watch

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def _payload(**changes: Any) -> dict[str, Any]:
    return {
        "page": PAGE,
        "name": "Late ones",
        "team": "",
        "query": "late=on&sort=-due&after=x&before=y&q=",
    } | changes


def _piece(user: User, query: str = "") -> str:
    request = RequestFactory().get(f"/notices/?{query}")
    return " ".join(
        render_to_string(
            "lists/saved_views/saved_views.html", saved_context(user, PAGE, query), request
        ).split()
    )


def test_a_view_is_saved_without_the_position_in_the_list(people: People, sales_client: Client) -> None:
    response = sales_client.post("/views/new/", _payload())
    assert response.headers["Location"] == "/notices/?late=on&sort=-due"
    view = SavedView.objects.get()
    assert (view.owner, view.page, view.name) == (people.sales, PAGE, "Late ones")
    assert (view.query, view.team) == ("late=on&sort=-due", None)


@pytest.mark.parametrize(
    ("query", "kept"),
    [
        ("", ""),
        ("?".strip("?"), ""),
        ("state=a&state=b", "state=a&state=b"),
        ("q=%20&city=Lyon", "city=Lyon"),
        ("q=a%26b%3D%00é", "q=a%26b%3D%00%C3%A9"),
        ("after=1&after=2", ""),
    ],
)
def test_a_query_is_cleaned(query: str, kept: str) -> None:
    assert cleaned(query) == kept
    assert cleaned(kept) == kept


def test_queries_are_the_same_in_any_order() -> None:
    assert is_same("a=1&b=2", "b=2&a=1")
    assert not is_same("a=1&a=2", "a=1")


def test_a_view_can_be_shared_only_with_one_of_the_owners_teams(people: People, sales_client: Client) -> None:
    assert sales_client.post("/views/new/", _payload(team=people.south.pk)).status_code == 422
    assert sales_client.post("/views/new/", _payload(team=people.north.pk)).status_code == 302
    assert SavedView.objects.get().team == people.north


@pytest.mark.parametrize(
    "changes",
    [{"name": ""}, {"name": "x" * 81}, {"name": "Taken"}, {"name": " Taken "}, {"query": "q=" + "x" * 5000}],
)
def test_an_invalid_view_comes_back_filled(
    people: People, sales_client: Client, changes: dict[str, str]
) -> None:
    a_view(people.sales, name="Taken")
    response = sales_client.post("/views/new/", _payload(**changes))
    assert response.status_code == 422
    assert "Not saved yet" in response.content.decode()
    assert response.context["form"]["query"].value() == _payload(**changes)["query"]
    assert SavedView.objects.count() == 1


def test_another_person_may_use_the_same_name(people: People, sales_client: Client) -> None:
    a_view(people.back_office, name="Late ones", team=people.north)
    assert sales_client.post("/views/new/", _payload()).status_code == 302


def test_of_two_saves_at_the_same_moment_the_second_gets_an_error(people: People) -> None:
    form = SavedViewForm(_payload(), instance=SavedView(owner=people.sales, page=PAGE), owner=people.sales)
    assert form.is_valid()
    a_view(people.sales, name="Late ones")
    assert not keep(form)
    assert "Choose another name" in str(form.errors)


@pytest.mark.parametrize("page", ["", "nothing-like-this"])
def test_a_view_of_an_unknown_page_is_not_found(people: People, sales_client: Client, page: str) -> None:
    assert sales_client.post("/views/new/", _payload(page=page)).status_code == 404
    assert sales_client.get("/views/new/").status_code == 404


def test_what_was_typed_is_there_again_after_signing_in(people: People, sales_client: Client) -> None:
    sales_client.logout()
    sales_client.post("/views/new/", _payload())
    sales_client.post("/accounts/login/", {"login": "sales", "password": "open sesame 123"})
    page = sales_client.get("/views/new/").content.decode()
    assert 'value="Late ones"' in page
    assert "late=on" in page


def test_its_owner_renames_and_shares_a_view(people: People, sales_client: Client) -> None:
    view = a_view(people.sales, "late=on", "Old")
    assert 'value="Old"' in sales_client.get(f"/views/{view.pk}/").content.decode()
    data = _payload(name="New", team=people.north.pk, query=view.query)
    assert sales_client.post(f"/views/{view.pk}/", data).headers["Location"] == "/notices/?late=on"
    view.refresh_from_db()
    assert (view.name, view.team, view.query) == ("New", people.north, "late=on")


def test_saving_a_view_unchanged_does_not_clash_with_itself(people: People, sales_client: Client) -> None:
    view = a_view(people.sales, name="Old")
    assert sales_client.post(f"/views/{view.pk}/", _payload(name="Old")).status_code == 302


def test_an_invalid_change_changes_nothing(people: People, sales_client: Client) -> None:
    a_view(people.sales, name="Taken")
    view = a_view(people.sales, name="Old")
    assert sales_client.post(f"/views/{view.pk}/", _payload(name="Taken")).status_code == 422
    view.refresh_from_db()
    assert view.name == "Old"


def test_a_view_of_a_page_that_is_gone_can_still_be_changed(people: People, sales_client: Client) -> None:
    view = a_view(people.sales)
    view.page = "of-long-ago"
    view.save()
    assert sales_client.get(f"/views/{view.pk}/").status_code == 200
    assert sales_client.post(f"/views/{view.pk}/", _payload()).headers["Location"] == "/notices/settings/"


def test_deleting_a_view_ends_the_watches_on_it(people: People, sales_client: Client) -> None:
    view = a_view(people.sales, team=people.north)
    watch(people.back_office, view=view)
    response = sales_client.post(f"/views/{view.pk}/delete/?next=/notices/")
    assert response.headers["Location"] == "/notices/"
    assert not SavedView.objects.exists()
    assert not Watch.objects.exists()


@pytest.mark.parametrize("shared", [True, False])
def test_someone_elses_view_is_not_found(people: People, back_office_client: Client, shared: bool) -> None:
    view = a_view(people.sales, name="Old", team=people.north if shared else None)
    assert back_office_client.get(f"/views/{view.pk}/").status_code == 404
    assert back_office_client.post(f"/views/{view.pk}/", _payload()).status_code == 404
    assert back_office_client.post(f"/views/{view.pk}/delete/").status_code == 404
    assert SavedView.objects.get().name == "Old"


def test_a_list_offers_a_persons_own_views_and_their_teams(people: People) -> None:
    a_view(people.sales, name="Zebra")
    a_view(people.sales, name="another page").__class__.objects.filter(name="another page").update(
        page="else"
    )
    a_view(people.back_office, name="Alpha", team=people.north)
    a_view(people.back_office, name="private")
    a_view(people.other_sales, name="of the south", team=people.south)
    links = saved_views(people.sales, PAGE, "")
    assert [(str(link.view), link.is_mine) for link in links] == [("Zebra", True), ("Alpha", False)]


def test_the_saved_views_mark_the_current_view_and_offer_what_can_be_done(people: People) -> None:
    view = a_view(people.sales, "late=on&state=active", "<Late>", team=people.north)
    piece = _piece(people.sales, "state=active&late=on&after=x")
    assert '<a href="/notices/?late=on&amp;state=active" aria-current="true">&lt;Late&gt;' in piece
    assert "Watch this view" in piece
    assert f'href="/views/{view.pk}/"' in piece
    assert "Save these filters" not in piece
    theirs = _piece(people.back_office, "state=active&late=on")
    assert "Watch this view" in theirs
    assert f'href="/views/{view.pk}/"' not in theirs


def test_the_saved_views_offer_to_stop_watching(people: People) -> None:
    mine = watch(people.sales, view=a_view(people.sales, "late=on"))
    piece = _piece(people.sales, "late=on")
    assert "Stop watching this view" in piece
    assert f"/watches/{mine.pk}/delete/" in piece


def test_the_saved_views_offer_to_save_filters_that_have_no_name_yet(people: People) -> None:
    piece = _piece(people.sales, "state=active&after=x")
    assert "Save these filters" in piece
    assert 'name="query" value="state=active"' in piece
    assert "North" in piece
    assert "South" not in piece


def test_the_saved_views_of_a_list_without_filters_offer_nothing_to_save(people: People) -> None:
    assert "form" not in _piece(people.sales, "after=x")


def test_the_saved_views_take_as_many_queries_for_many_views_as_for_few(people: People) -> None:
    def queries(number: int) -> int:
        for _ in range(number):
            a_view(people.back_office, name=f"View {SavedView.objects.count()}", team=people.north)
        with CaptureQueriesContext(connection) as captured:
            _piece(people.sales, "state=active")
        return len(captured)

    assert queries(1) == queries(10)

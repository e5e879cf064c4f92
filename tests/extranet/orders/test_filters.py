"""What each filter of the list of copper orders lets pass."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from extranet.models import CopperOrder, Product
from extranet.orders.filters import FLAGS, CopperFilter
from notifications.models import Unread, Watch
from tests.conftest import People
from tests.extranet.listed import ENNI, listed_order

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
TODAY = timezone.localdate
DAY = timedelta(days=1)
YESTERDAY = (timezone.now() - DAY).isoformat()
READY = {
    "status": "draft",
    "type": "terminate",
    "service_alias": "S20181102_00001",
    "contacts": {"operator": {"contact_uuid": "bp5nkkcx"}},
}


def passing(query: str, user: User | None = None) -> list[str]:
    """The aliases of the orders that a query lets pass, by their last digit."""
    reader = user or User.objects.get_or_create(username="reader", is_superuser=True)[0]
    filters = CopperFilter(QueryDict(query), CopperOrder.objects.order_by("alias"), user=reader)
    return [order.alias[-1] for order in filters.qs]


def offered(name: str, query: str = "") -> list[tuple[str, str]]:
    filters = CopperFilter(QueryDict(query), user=User()).filters
    return [(value, str(label)) for value, label in filters[name].extra["choices"]()]


@pytest.mark.parametrize(
    ("query", "changes"),
    [
        ("status=held", {"status": "held"}),
        ("status=submitted&status=running", {"status": "running"}),
        ("status=draft", {"status": "draft"}),
        ("type=terminate", {"type": "terminate"}),
        ("activation_type=create", {"activation_type": "create"}),
        ("service=enni", {"product": ENNI}),
        ("product_family=N", {"product": ENNI}),
        ("product_code=NA01", {"product": ENNI}),
        ("enni_service_ref=S2018_1", {"enni": {"enni_service_ref": "S2018_1"}}),
        ("batch_alias=B180612_00001", {"batch_alias": "B180612_00001"}),
        ("end_customer_name=Garage", {"owner": {"type": "unregistrated", "name": "Garage"}}),
        ("city=mont saint", {"address": {"city": "MONT-SAINT-AIGNAN"}}),
        ("city=évr", {"address": {"city": "EVREUX"}}),
        ("pending=true", {"status": "pending"}),
        ("held=true", {"status": "held"}),
        ("ready=true", READY),
        ("missing=true", {"status": "draft"}),
        ("conflict=true", {"status": "draft", "conflicts": {"comment": "theirs"}}),
        ("unowned=true", {"status": "draft"}),
        ("settling=true", {"status": "pending", "answering": "confirm"}),
        ("to_reorder=true", {"status": "rejected", "rejection_date": YESTERDAY}),
        ("terminating=true", {"type": "terminate", "status": "running"}),
    ],
)
def test_a_filter_lets_pass_what_it_names(query: str, changes: dict[str, Any]) -> None:
    listed_order(1, **changes)
    listed_order(2)
    assert passing(query) == ["1"]


def test_a_draft_that_covage_does_not_know_is_among_the_drafts() -> None:
    listed_order(1, status="draft")
    listed_order(2, status=None)
    listed_order(3)
    assert passing("status=draft") == ["1", "2"]
    assert passing("status=draft&status=completed") == ["1", "2", "3"]


def test_an_answer_that_was_given_is_not_waited_for() -> None:
    listed_order(1, status="pending", answering="confirm")
    listed_order(2, status="pending")
    assert passing("pending=true") == ["2"]


def test_in_service_are_completed_activations() -> None:
    listed_order(1)
    listed_order(2, type="terminate")
    listed_order(3, status="rejected")
    assert passing("in_service=true") == ["1"]


def test_contract_terms_that_end_soon_can_be_filtered() -> None:
    for number, days in enumerate((-1, 10, 200), start=1):
        listed_order(number, term_ends_on=TODAY() + days * DAY)
    assert passing("term_ending=true") == ["2"]


@pytest.mark.parametrize(
    "name", ["creation_date", "modification_date", "submission_date", "completion_date", "term_ends_on"]
)
def test_days_are_filtered_from_and_up_to(name: str) -> None:
    for number, day in enumerate(("2026-03-09", "2026-03-10", "2026-03-11"), start=1):
        changes: dict[str, Any] = {name: day if name == "term_ends_on" else f"{day}T12:00:00Z"}
        listed_order(number, **changes)
    assert passing(f"{name}_gt=2026-03-10") == ["2", "3"]
    assert passing(f"{name}_lt=2026-03-10") == ["1", "2"]
    assert passing(f"{name}_gt=2026-03-10&{name}_lt=2026-03-10") == ["2"]


@pytest.mark.parametrize(
    "text",
    ["o261102_00001", "ref-1", "lycee flaubert", "S2018_1", "sd01", "rouen", "B180612", "0143340043"],
)
def test_words_find_every_reference_customer_city_line_and_product(text: str) -> None:
    listed_order(
        1,
        owner={"type": "unregistrated", "name": "Lycée Flaubert"},
        enni={"enni_service_ref": "S2018_1"},
        batch_alias="B180612_00001",
        endpoints=[{"endpoint_ref": "0143340043", "endpoint_ref_type": "line_number"}],
    )
    listed_order(2, product=ENNI, address={"city": "CAEN"})
    assert passing(f"q={text}") == ["1"]


def test_mine_are_my_own_and_those_of_my_teams(people: People) -> None:
    listed_order(1, people.sales)
    listed_order(2, people.other_sales)
    listed_order(3, team=people.north)
    listed_order(4)
    assert passing("mine=true", people.sales) == ["1", "3"]


def test_orders_of_a_colleague_or_a_team_can_be_filtered(people: People) -> None:
    listed_order(1, people.sales)
    listed_order(2, team=people.north)
    listed_order(3)
    assert passing(f"owner={people.sales.pk}") == ["1"]
    assert passing(f"team={people.north.pk}") == ["2"]
    assert offered("owner") == [(str(people.sales.pk), str(people.sales))]
    assert offered("team") == [(str(people.north.pk), "North")]


def test_orders_that_changed_since_the_reader_looked_are_unread(people: People) -> None:
    mine, theirs = listed_order(1), listed_order(2)
    Unread.objects.create(user=people.sales, subject_id=mine.uuid, since=timezone.now())
    Unread.objects.create(user=people.other_sales, subject_id=theirs.uuid, since=timezone.now())
    assert passing("unread=true", people.sales) == ["1"]


def test_watched_are_the_orders_and_the_end_customers_that_the_reader_watches(people: People) -> None:
    watched = listed_order(1)
    listed_order(2, owner={"type": "unregistrated", "name": "Clinique"})
    listed_order(3)
    Watch.objects.create(user=people.sales, subject_id=watched.uuid)
    Watch.objects.create(user=people.sales, customer="Clinique", customer_key="clinique")
    assert passing("watched=true", people.sales) == ["1", "2"]
    assert passing("watched=true", people.back_office) == []


def test_filters_are_all_to_be_met() -> None:
    listed_order(1, status="held", product=ENNI)
    listed_order(2, status="held")
    listed_order(3, product=ENNI)
    assert passing("status=held&service=enni&q=boulangerie&city=rou") == ["1"]


def test_documented_values_are_offered_and_whatever_else_orders_have() -> None:
    Product.objects.create(code="SD01", name="SDSL-4M")
    listed_order(1, status="on_the_moon", type="move", activation_type="dig")
    listed_order(2, product={"code": "ZZ9", "line": {"family": {"code": "Z"}}}, batch_alias="B180612_00001")
    assert offered("status")[0] == ("draft", "draft")
    assert offered("status")[-1] == ("on_the_moon", "On the moon")
    assert offered("type") == [("activate", "activation"), ("terminate", "termination"), ("move", "Move")]
    assert offered("activation_type")[-1] == ("dig", "Dig")
    assert offered("service") == [("collect", "access line"), ("enni", "ENNI (collection door)")]
    assert offered("product_family") == [
        ("A", "ADSL"),
        ("S", "SDSL"),
        ("M", "SDSL Max"),
        ("N", "ENNI"),
        ("Z", "Z"),
    ]
    assert offered("product_code") == [("SD01", "SD01 · SDSL-4M"), ("ZZ9", "ZZ9")]
    assert offered("batch_alias") == [("B180612_00001", "B180612_00001")]


def test_orders_are_filtered_without_reading_what_is_offered(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    listed_order(1)
    with django_assert_num_queries(1):
        assert passing("city=rouen", people.sales) == ["1"]


def test_what_is_offered_is_read_once_for_a_field_that_is_checked_and_shown(
    people: People, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    filters = CopperFilter(QueryDict("status=held"), user=people.sales)
    with django_assert_num_queries(1):
        assert not filters.form.errors
        assert "held at Covage" in str(filters.form["status"])


def test_a_value_that_is_not_offered_may_be_filtered() -> None:
    listed_order(1)
    assert passing("status=nowhere") == []
    assert passing("batch_alias=B990101_00001") == []
    assert passing("owner=987654") == []
    assert ("B990101_00001", "B990101_00001") in offered("batch_alias", "batch_alias=B990101_00001")


@pytest.mark.parametrize(
    "query",
    [
        "owner=me",
        "team=-1",
        f"owner={10**30}",
        "creation_date_gt=yesterday",
        "q=ab",
        "status=%00",
        "held=perhaps&held=",
        f"city={'x' * 300}",
    ],
)
def test_what_makes_no_sense_is_left_aside(query: str) -> None:
    listed_order(1)
    assert passing(query) == ["1"]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_that_is_off_lets_all_pass(people: People, flag: str) -> None:
    listed_order(1)
    assert passing(f"{flag}=false", people.sales) == ["1"]

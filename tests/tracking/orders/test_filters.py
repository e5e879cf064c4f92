"""Which orders each filter of the list lets pass."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.http import QueryDict
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from notifications.models import Unread, Watch
from tests.conftest import People
from tests.tracking.order_factory import an_order
from tracking.models import Order
from tracking.orders import filters as orders_filters
from tracking.orders import statistics
from tracking.orders.filters import OrderFilter

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]
TODAY = timezone.localdate
DAY = timedelta(days=1)


def passing(query: str, user: User | None = None) -> list[str]:
    """The references of the orders that a query lets pass, by their last digit."""
    filters = OrderFilter(QueryDict(query), Order.objects.order_by("reference"), user=user or User())
    return [order.reference[-1] for order in filters.qs]


def offered(name: str, query: str = "") -> list[Any]:
    filters = OrderFilter(QueryDict(query), user=User()).filters
    return [value for value, _label in filters[name].extra["choices"]()]


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ("state=in_progress", {"state": "in_progress"}),
        ("offer_family=BPEA", {"offer_family": "BPEA"}),
        ("offer_technology=FON", {"offer_technology": "FON"}),
        ("project_id=AB 123", {"project_id": "AB 123"}),
        ("created_by=a@example.test", {"created_by": "a@example.test"}),
        ("commitment=36", {"commitment": 36}),
        ("end_customer_name=Garage", {"end_customer_name": "Garage"}),
        ("step=service_configured", {"state": "in_progress", "step": "service_configured"}),
        ("ordered_here=true", {"line_id": uuid4()}),
        ("terminating=true", {"state": "terminate_in_progress"}),
        ("late=true", {"state": "in_progress", "estimated_delivery_date": str(TODAY() - DAY)}),
        ("stuck=true", {"state": "in_progress", "stuck_on": timezone.now() - DAY}),
        ("notice_due=true", {"commitment_end_date": str(TODAY() + 30 * DAY)}),
    ],
)
def test_a_filter_lets_pass_what_it_names(query: str, fields: dict[str, Any]) -> None:
    an_order(1, **fields)
    an_order(2)
    assert passing(query) == ["1"]


@pytest.mark.parametrize(
    ("column", "field"),
    [
        ("order_date", "order_date"),
        ("modification_date", "modification_date"),
        ("completion_date", "completion_date"),
        ("cancellation_date", "cancellation_date"),
        ("estimated_delivery_date", "estimated_delivery_date"),
        ("commitment_end_date", "commitment_end_date"),
        ("notice_on", "commitment_end_date"),
    ],
)
def test_days_are_filtered_from_and_up_to(column: str, field: str) -> None:
    for number, day in enumerate(("2026-03-09", "2026-03-10", "2026-03-11"), start=1):
        an_order(number, **{field: day})
    assert passing(f"{column}_gt=2026-03-10") == ["2", "3"]
    assert passing(f"{column}_lt=2026-03-10") == ["1", "2"]
    assert passing(f"{column}_gt=2026-03-10&{column}_lt=2026-03-10") == ["2"]


def test_several_states_may_be_filtered_at_once() -> None:
    for number, state in enumerate(("active", "in_progress", "confirmed"), start=1):
        an_order(number, state=state)
    assert passing("state=in_progress&state=confirmed") == ["2", "3"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("rouen", ["1"]),
        ("ROU", ["1"]),
        ("76", ["1", "3"]),
        ("76000", ["1"]),
        ("7613", ["3"]),
        ("saint etienne", ["2"]),
        ("Saint-Étienne", ["2"]),
        ("mont st", ["3"]),
        ("ouen", []),
        ("99999", []),
        ("%", []),
        ("_ouen", []),
    ],
)
def test_a_place_is_found_by_the_beginning_of_its_postcode_or_name(text: str, found: list[str]) -> None:
    an_order(1, site_client="1 rue Neuve 76000 Rouen")
    an_order(2, site_client="2 rue Neuve 42000 Saint-Étienne")
    an_order(3, site_client="3 RUE NEUVE 76130 MONT ST AIGNAN")
    query = QueryDict(mutable=True)
    query["place"] = text
    assert passing(query.urlencode()) == found


@pytest.mark.parametrize(
    "text",
    [
        "cmd_x_00000001",
        "PO_DC173_1",
        "FR048380",
        "lyc-17",
        "flaubert",
        "lycee",
        "rue neuve",
        "AB123",
        "sahhrov",
    ],
)
def test_words_find_every_reference_customer_site_and_project(text: str) -> None:
    an_order(
        1,
        end_customer_name="Lycée Flaubert",
        end_customer_name_2="Sahhrov",
        project_id="AB123",
        service_reference="FR048380",
        external_id="LYC-17",
    )
    an_order(2, site_client="1 place du Marché 14000 Caen", id="PO_OTHER")
    assert passing(f"q={text}") == ["1"]


def test_mine_are_those_of_my_carts_of_my_teams_and_under_my_address(people: People) -> None:
    an_order(1, owner=people.sales)
    an_order(2, created_by=people.sales.email)
    an_order(3, owner=people.other_sales)
    Order.objects.filter(reference=an_order(4).reference).update(team=people.north)
    assert passing("mine=true", people.sales) == ["1", "2", "4"]


def test_unread_are_those_that_changed_since_the_reader_looked(people: People) -> None:
    mine, theirs = an_order(1), an_order(2)
    Unread.objects.create(user=people.sales, subject_id=mine.uuid, since=timezone.now())
    Unread.objects.create(user=people.other_sales, subject_id=theirs.uuid, since=timezone.now())
    assert passing("unread=true", people.sales) == ["1"]


def test_watched_are_the_orders_and_the_end_customers_that_the_reader_watches(people: People) -> None:
    watched = an_order(1, end_customer_name="Garage")
    an_order(2, end_customer_name="Clinique")
    an_order(3)
    Watch.objects.create(user=people.sales, subject_id=watched.uuid)
    Watch.objects.create(user=people.sales, customer="Clinique", customer_key="clinique")
    Watch.objects.create(user=people.other_sales, customer="Boulangerie", customer_key="boulangerie")
    assert passing("watched=true", people.sales) == ["1", "2"]
    assert passing("watched=true", people.back_office) == []


def test_all_filters_have_to_match() -> None:
    an_order(1, state="in_progress", offer_technology="FON")
    an_order(2, state="in_progress")
    an_order(3, offer_technology="FON")
    assert passing("state=in_progress&offer_technology=FON&q=boulangerie&place=rouen") == ["1"]


def test_values_are_offered_as_orders_have_them() -> None:
    an_order(1, offer_family="DIA", commitment=36, project_id="P-2", created_by="b@example.test")
    an_order(
        2, offer_family="BPE", commitment=12, project_id="P-1", state="on_the_moon", offer_technology="X25"
    )
    statistics.count_orders()
    assert offered("offer_family") == ["BPE", "DIA"]
    assert offered("commitment") == ["12", "36"]
    assert offered("project_id") == ["P-1", "P-2"]
    assert offered("created_by") == ["b@example.test"]
    assert offered("offer_technology") == ["FIBDE", "X25"]
    assert offered("state")[-1] == "on_the_moon"


def test_orders_are_filtered_without_reading_what_is_offered(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    an_order(1)
    with django_assert_num_queries(1):
        assert passing("place=rouen") == ["1"]


def test_no_more_values_are_offered_than_a_picker_holds() -> None:
    for number in range(5):
        an_order(number, project_id=f"P-{number}")
    assert orders_filters.values_of("project_id", most=3) == ["P-0", "P-1", "P-2"]


def test_a_value_that_is_not_offered_may_be_filtered_by() -> None:
    an_order(1, state="on_the_moon", project_id="P-9")
    assert passing("state=on_the_moon") == ["1"]
    assert passing("state=nowhere") == []
    assert passing("project_id=P-8") == []
    assert offered("project_id", "project_id=P-8") == ["P-9", "P-8"]


@pytest.mark.parametrize(
    "query",
    [
        "commitment=many",
        "commitment=-1",
        f"commitment={10**30}",
        "order_date_gt=yesterday",
        "q=ab",
        "state=%00",
        "late=perhaps&late=",
        f"place={'x' * 300}",
    ],
)
def test_invalid_filters_are_ignored(query: str) -> None:
    an_order(1)
    assert passing(query) == ["1"]


@pytest.mark.parametrize("flag", ["late", "stuck", "notice_due", "terminating", "unread", "watched", "mine"])
def test_a_flag_that_is_off_lets_all_pass(people: People, flag: str) -> None:
    an_order(1)
    assert passing(f"{flag}=false", people.sales) == ["1"]

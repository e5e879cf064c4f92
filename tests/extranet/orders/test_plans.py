"""How the database answers the list of copper orders: by its indexes, whatever is filtered and however it is sorted."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from extranet.models import CopperOrder
from extranet.orders.filters import CopperFilter
from extranet.orders.list_page import ORDERS, listed_orders
from lists.filters.cities import place_key
from lists.search import normalised
from notifications.models import Unread, Watch
from tests.conftest import People
from tests.plans import statements, statements_of_list, unserved

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

COUNT = 3000
TABLE = "extranet_copperorder"
CITIES = ("ROUEN", "CAEN", "PARIS", "LYON", "LILLE", "NANTES", "BREST")
STATUSES = ("draft", "submitted", "acknowledged", "running", "pending", "held", *("completed",) * 14)
START = datetime(2020, 1, 1, 8, 0, tzinfo=UTC)
FILTERS = (
    "",
    "status=draft",
    "status=submitted&status=acknowledged&status=running",
    "pending=true",
    "held=true",
    "ready=true",
    "missing=true",
    "conflict=true",
    "unowned=true",
    "settling=true",
    "to_reorder=true",
    "terminating=true",
    "in_service=true",
    "term_ending=true",
    "mine=true",
    "unread=true",
    "watched=true",
    "type=terminate",
    "service=enni",
    "activation_type=create",
    "product_family=N",
    "product_code=SD01",
    "enni_service_ref=S2018_1",
    "batch_alias=B180612_00001",
    "owner=1",
    "team=1",
    "end_customer_name=Garage 7",
    "city=rouen",
    "q=O20200101_00042",
    "q=garage rouen",
    "q=occurs nowhere",
    "creation_date_gt=2020-01-10&creation_date_lt=2020-01-12",
    "modification_date_gt=2020-02-01",
    "submission_date_lt=2020-01-12",
    "completion_date_gt=2020-02-01",
    "term_ends_on_lt=2021-02-01",
    "status=completed&product_family=S&city=rouen&q=garage",
)
SORTS = [sign + name for name in ORDERS.sorts for sign in ("", "-")]


def invented(number: int) -> CopperOrder:
    """The order of a number: its columns alone, each value as rare as it is among real ones."""
    created = START + number * timedelta(minutes=37)
    status = STATUSES[number % len(STATUSES)]
    is_enni, is_done = number % 50 == 0, status == "completed"
    order = CopperOrder(
        upstream_id=f"order-{number}",
        alias=f"O{created:%Y%m%d}_{number:05d}",
        status=status,
        type="terminate" if number % 20 == 7 else "activate",
        service="enni" if is_enni else "collect",
        activation_type="create" if number % 30 == 3 else "activate",
        product_code="NA01" if is_enni else ("SD01", "AM01", "MB01")[number % 3],
        product_family="N" if is_enni else ("S", "A", "M")[number % 3],
        operator_order_ref=f"REF-{number}",
        operator_order_name=f"Ligne {number}",
        end_customer_name=f"Garage {number % 300}",
        city=CITIES[number % len(CITIES)],
        enni_service_ref=f"S2018_{number % 40}",
        batch_alias=f"B180612_{number % 90:05d}" if number % 4 == 0 else "",
        service_alias=f"S{number:08d}" if is_done else "",
        service_uuid=f"service-{number}" if is_done else "",
        created_at=created,
        modification_date=created + timedelta(days=3),
        submission_date=None if status == "draft" else created + timedelta(days=1),
        completion_date=created + timedelta(days=20) if is_done else None,
        term_ends_on=date(2021, 1, 1) + timedelta(days=number) if is_done else None,
        missing_count=number % 3 if status == "draft" else 0,
    )
    order.city_key = place_key(order.city)
    order.search = normalised(f"{order.alias} {order.end_customer_name} {order.city}")
    return order


@pytest.fixture(scope="module", autouse=True)
def _orders(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Orders for all tests of this module, and what the database has to know to plan with them."""
    with django_db_blocker.unblock():
        CopperOrder.objects.bulk_create(map(invented, range(COUNT)), batch_size=500)
        _analyze()
        yield
        CopperOrder.objects.all().delete()
        _analyze()


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


@pytest.fixture(autouse=True)
def _of_the_reader(people: People) -> None:
    """A few orders that are the reader's, that they watch, and that changed since."""
    for order in CopperOrder.objects.filter(alias__endswith="77"):
        Watch.objects.create(user=people.back_office, subject_id=order.uuid)
        Unread.objects.create(user=people.back_office, subject_id=order.uuid, since=order.created_at)
    CopperOrder.objects.filter(alias__endswith="05").update(owner=people.back_office)
    CopperOrder.objects.filter(alias__endswith="06").update(team=people.north)


def _statements(person: User, query: str) -> tuple[list[str], dict[str, Any]]:
    return statements_of_list(ORDERS, listed_orders(person), person, query)


def test_the_page_around_it_reads_no_table_either(back_office_client: Client) -> None:
    queries, _page = statements(back_office_client, "/extranet/", TABLE)
    assert len(queries) > 2
    assert not unserved(queries, TABLE)


@pytest.mark.parametrize("sort", SORTS)
def test_no_page_of_a_sort_reads_or_sorts_the_table(people: People, sort: str) -> None:
    queries, shown = _statements(people.back_office, f"sort={sort}")
    further, _shown = _statements(people.back_office, shown["page"].next_query)
    queries += further
    assert len(queries) > 2
    assert not unserved(queries, TABLE)


@pytest.mark.parametrize("query", FILTERS)
def test_no_filter_reads_or_sorts_the_table(people: People, query: str) -> None:
    queries, shown = _statements(people.back_office, query)
    assert not shown["form"].errors
    assert not unserved(queries, TABLE)


@pytest.mark.parametrize("query", ["", "status=draft", "city=rouen", "q=garage", "pending=true"])
@pytest.mark.parametrize("sort", ["end_customer_name", "-submission_date", "-status", "owner"])
def test_no_filter_with_another_sort_does(people: People, query: str, sort: str) -> None:
    queries, _shown = _statements(people.back_office, f"{query}&sort={sort}")
    assert not unserved(queries, TABLE)


@pytest.mark.parametrize("query", ["", "status=draft", "mine=true", "q=garage", "sort=city"])
def test_what_sales_may_not_see_is_left_out_without_reading_the_table(people: People, query: str) -> None:
    queries, _shown = _statements(people.sales, query)
    assert not unserved(queries, TABLE)


def test_every_filter_is_tested_here() -> None:
    queries = {
        part.partition("=")[0].removesuffix("_gt").removesuffix("_lt")
        for query in FILTERS
        for part in query.split("&")
    }
    declared = {name.removesuffix("_gt").removesuffix("_lt") for name in CopperFilter.base_filters}
    assert queries - {""} == declared


def test_the_columns_of_every_sort_begin_an_index() -> None:
    indexes = [tuple(index.fields) for index in CopperOrder._meta.indexes]
    for columns in ORDERS.sorts.values():
        wanted = (columns,) if isinstance(columns, str) else columns
        assert any(index[: len(wanted)] == wanted for index in indexes), columns

"""How many orders there are of each kind: what is counted, when, and in which order it is shown."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from lists import counts
from tests.conftest import People
from tests.tracking.order_factory import an_order
from tracking.models import Order, OrderCount
from tracking.orders import statistics

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_of_a_person_with_too_many_orders_the_first_are_counted_and_that_is_flagged(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counts, "MOST_OWN", 2)
    for number in range(3):
        an_order(number, owner=people.sales)
    counted = statistics.own_by_state(people.sales)
    assert (counted.total, counted.is_cut) == (2, True)


def test_states_come_in_the_order_of_an_orders_life_and_unknown_ones_last() -> None:
    for number, state in enumerate(["zz_new", "cancelled", "active", "confirmed", "aa_new"]):
        an_order(number, state=state)
    statistics.count_orders()
    states = [one.state for one in statistics.all_by_state().states]
    assert states == ["confirmed", "active", "cancelled", "aa_new", "zz_new"]


def test_the_most_frequent_technology_comes_first() -> None:
    for number, technology in enumerate(["FON", "FIBDE", "FIBDE"]):
        an_order(number, offer_technology=technology)
    statistics.count_orders()
    assert statistics.all_by_state().kinds == ["FIBDE", "FON"]


def test_counting_again_removes_old_counts_and_records_when() -> None:
    order = an_order(state="confirmed")
    statistics.count_orders()
    Order.objects.filter(pk=order.pk).update(state="active")
    before = timezone.now()
    statistics.count_orders()
    assert [(row.state, row.count) for row in OrderCount.objects.all()] == [("active", 1)]
    counted = statistics.all_by_state()
    assert counted.at is not None
    assert counted.at >= before


def test_without_orders_nothing_was_counted() -> None:
    statistics.count_orders()
    counted = statistics.all_by_state()
    assert (counted.states, counted.at, counted.total) == ([], None, 0)


def test_orders_are_counted_from_an_index() -> None:
    an_order()
    with CaptureQueriesContext(connection) as queries:
        statistics.count_orders()
    (counts,) = (query["sql"] for query in queries if "COUNT(*)" in query["sql"])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {counts}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {counts}")
        plan = str(cursor.fetchall())
    assert "order_counted" in plan

"""How many orders there are of each kind, compared with a slow and obvious count over the vendor's documents."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from tests.conftest import People
from tests.tracking import past
from tracking.ingest import store
from tracking.models import Order
from tracking.orders import statistics

pytestmark = [
    pytest.mark.usefixtures("histories", "db"),
    pytest.mark.random_order(disabled=True),
    pytest.mark.postgresql,
]


def _flat(counted: statistics.Counted) -> dict[tuple[str, str], int]:
    return {
        (one.state, technology): number
        for one in counted.states
        for technology, number in one.by_kind.items()
    }


def test_orders_are_counted_by_state_and_technology() -> None:
    expected = past.counts_by_state()
    counted = statistics.all_by_state()
    assert _flat(counted) == expected
    assert counted.total == past.COUNT


def test_late_orders_and_due_notices_follow_from_the_vendors_documents() -> None:
    assert past.late()
    assert past.references(Order.objects.late()) == past.late()
    assert past.notice_due()
    assert past.references(Order.objects.notice_due()) == past.notice_due()


def test_a_persons_own_orders_are_counted_alone(people: People) -> None:
    User.objects.filter(pk=people.sales.pk).update(email="sales1@example.test")
    own = past.own_references("sales1@example.test")
    counted = statistics.own_by_state(User.objects.get(pk=people.sales.pk))
    states = [one.detail["state"] for one in past.all_details() if one.detail["order_reference"] in own]
    assert {one.state: one.total for one in counted.states} == {
        state: states.count(state) for state in states
    }
    assert not counted.is_cut


def test_an_order_that_is_gone_is_neither_late_nor_stuck_nor_due(people: People) -> None:
    doomed = (Order.objects.late() | Order.objects.stuck() | Order.objects.notice_due()).distinct()
    gone: list[Any] = list(doomed.values_list("reference", flat=True))
    assert len(gone) > 2
    for reference in gone:
        store.mark_gone(reference, timezone.now())
    assert not doomed.all().exists()

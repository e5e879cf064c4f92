"""Which line of a cart became an order, and so whose the order is."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.portal.world import a_cart, a_line
from tests.tracking.ingest.store_helpers import AT, ingest, order
from tests.tracking.vendor_documents import listed
from tracking.ingest import store
from tracking.models import Order, OrderDetail

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later"), pytest.mark.postgresql]


def ordered(order: dict[str, Any], cart: Cart, **columns: Any) -> Line:
    """A line of a cart that became an order at the vendor."""
    columns = {"order_date": AT} | columns
    return a_line(cart, order_reference=order["id"], **columns)


def test_an_order_of_ours_has_its_owner_team_and_line(people: People) -> None:
    line = ordered(listed(1), a_cart(people.sales, team=people.north))
    ingest(listed(1), listed(2))
    ours, theirs = Order.objects.order_by("pk")
    assert (ours.owner, ours.team, ours.line_id) == (people.sales, people.north, line.pk)
    assert (theirs.owner, theirs.team, theirs.line_id) == (None, None, None)


@pytest.mark.parametrize("columns", [{"order_date": None}, {"deleted_at": AT}])
def test_a_line_that_was_not_ordered_or_is_deleted_became_no_order(
    people: People, columns: dict[str, Any]
) -> None:
    ordered(listed(1), a_cart(people.sales), **columns)
    ingest()
    assert (order().owner, order().line_id) == (None, None)


def test_a_page_of_orders_queries_their_lines_once(people: People) -> None:
    cart = a_cart(people.sales)
    lines = [ordered(listed(number), cart).pk for number in (1, 2, 3)]
    with CaptureQueriesContext(connection) as queries:
        ingest(*(listed(number) for number in (1, 2, 3)))
    assert sum('FROM "sessions_app_line"' in query["sql"] for query in queries) == 1
    assert list(Order.objects.order_by("pk").values_list("line_id", flat=True)) == lines


def test_an_order_is_linked_when_its_line_or_the_owner_is_known_later(people: People) -> None:
    ingest(listed(1, order_date=AT.date().isoformat()), listed(2, order_date="2020-01-01"))
    cart = a_cart(None)
    line = ordered(listed(1), cart)
    ordered(listed(2), cart)
    store.link_recent(AT - timedelta(days=30))
    assert [one.line_id for one in Order.objects.order_by("pk")] == [line.pk, None], (
        "only those of late are looked at"
    )
    Cart.objects.filter(pk=cart.pk).update(owner=people.sales)
    store.link_recent(AT - timedelta(days=30))
    assert Order.objects.earliest("pk").owner == people.sales


def test_an_order_that_was_not_ordered_here_has_no_line() -> None:
    ingest()
    store.link_recent(AT - timedelta(days=90))
    assert order().line_id is None
    assert OrderDetail.objects.count() == 0

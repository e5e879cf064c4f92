"""An order made from a confirmed line has the owner and team of its cart, and leads to the line."""

import pytest

from sessions_app.models import Cart, Line
from sync import runs
from tests.conftest import People, StandIn
from tests.sandbox_process import PACE
from tests.sessions_app.cart_factory import confirm, only_line, open_cart, run_sync
from tracking.ingest import sync
from tracking.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def list_orders() -> None:
    runs.run(sync.ORDERS, sync.sync_orders)


def confirmed(connected_to: StandIn, people: People) -> Cart:
    """A cart of the team with one line, confirmed, which has become the vendor's only order."""
    sandbox = connected_to()
    cart = open_cart(people.sales, lines=1)
    Cart.objects.filter(pk=cart.pk).update(team=people.north)
    cart = confirm(cart, people.sales)
    sandbox.advance(5 * PACE)
    return cart


def test_an_order_of_a_confirmed_cart_is_its_owners_and_its_teams(
    connected_to: StandIn, people: People
) -> None:
    cart = confirmed(connected_to, people)
    run_sync()
    list_orders()
    order = Order.objects.get()
    line = only_line(cart)
    assert (order.owner, order.team, order.line_id) == (people.sales, people.north, line.pk)
    assert order.upstream_id == line.order_reference
    assert order.reference.startswith("CMD_X_")
    assert set(Order.objects.of(people.sales)) == set(Order.objects.ordered_here()) == {order}


def test_an_order_that_is_listed_before_its_line_is_known_is_linked_by_the_next_sync(
    connected_to: StandIn, people: People
) -> None:
    cart = confirmed(connected_to, people)
    line = only_line(cart)
    Line.objects.filter(pk=line.pk).update(order_reference="")
    list_orders()
    assert Order.objects.get().line_id is None
    run_sync()
    list_orders()
    assert Order.objects.get().line_id == line.pk
    assert Order.objects.get().owner == people.sales

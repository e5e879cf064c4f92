"""Whose a copper order is: taken when it is nobody's, handed over to a mate and a team."""

import pytest
from django.test import Client

from extranet.models import CopperOrder
from tests.conftest import People
from tests.extranet.orders.submitted import order_of
from tests.extranet.page_helpers import draft, outage, page_of, url
from tests.sessions_app.page_helpers import text_of


def test_an_order_of_nobody_is_taken_once(
    sales_client: Client, other_sales_client: Client, people: People
) -> None:
    order = order_of(None)
    assert url("take", order.uuid) in page_of(sales_client, order)
    assert "is now yours" in text_of(sales_client.post(url("take", order.uuid), follow=True))
    order.refresh_from_db()
    assert order.owner == people.sales
    assert other_sales_client.post(url("take", order.uuid)).status_code == 403
    assert url("take", order.uuid) not in page_of(sales_client, order)


def test_two_colleagues_who_take_it_read_who_was_first(
    sales_client: Client, back_office_client: Client, people: People
) -> None:
    order = order_of(None)
    CopperOrder.objects.update(team=people.north, owner=None)
    sales_client.post(url("take", order.uuid))
    said = text_of(back_office_client.post(url("take", order.uuid), follow=True))
    assert f"{people.sales} has already taken this order." in said


def test_an_order_is_handed_over_to_a_mate_and_a_team(sales_client: Client, people: People) -> None:
    order = order_of(people.sales)
    page = text_of(sales_client.get(url("owner", order.uuid)))
    assert str(people.back_office) in page
    assert f'<option value="{people.other_sales.pk}"' not in page
    chosen = {"owner": people.back_office.pk, "team": people.north.pk}
    response = sales_client.post(url("owner", order.uuid), chosen)
    assert response.headers["Location"] == order.get_absolute_url()
    order.refresh_from_db()
    assert (order.owner, order.team) == (people.back_office, people.north)


def test_a_draft_handed_over_out_of_sight_leads_to_the_list(sales_client: Client, people: People) -> None:
    outage()
    order = draft(people.sales)
    response = sales_client.post(url("owner", order.uuid), {"owner": people.back_office.pk})
    assert response.headers["Location"] == url("orders")


@pytest.mark.parametrize("chosen", [{}, {"owner": "nobody"}, {"owner": "\0"}, {"owner": "999999"}])
def test_a_hand_over_to_nobody_is_said_at_its_field(
    sales_client: Client, people: People, chosen: dict[str, str]
) -> None:
    order = order_of(people.sales)
    response = sales_client.post(url("owner", order.uuid), chosen | {"x": "1"})
    assert response.status_code == 422
    order.refresh_from_db()
    assert order.owner == people.sales


def test_who_may_not_change_it_hands_nothing_over(other_sales_client: Client, people: People) -> None:
    assert other_sales_client.get(url("owner", order_of(people.sales).uuid)).status_code == 403

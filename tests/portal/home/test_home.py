"""Home: what is waiting for whom, each count a link to exactly what it counts."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from extranet.models import CopperOrder
from outbox.models import Operation
from portal.worklists.home import WORKLIST_ITEMS
from portal.worklists.item import cards_of
from sessions_app.models import Cart
from sync.models import SyncRun
from tests.conftest import People
from tests.portal.world import a_cart, a_copper_order, a_line, an_operation, copper_of_every_item
from tests.tracking.order_factory import an_order


def _home(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return response.content.decode()


def _counts(user: User) -> dict[str, int]:
    return {str(card.item.title): card.count for card in cards_of(WORKLIST_ITEMS, user)}


def _a_bit_of_everything(owner: User) -> None:
    """One of each item, and one in each that does not count."""
    a_cart(owner, "READY")
    missing = a_cart(owner, "MISSING", missing_count=3)
    a_line(missing, "Expiring", expires_on=timezone.localdate() + timedelta(days=3))
    a_line(missing, "Lasting", expires_on=timezone.localdate() + timedelta(days=80))
    done = a_cart(owner, "DONE", state="partial")
    rejected = a_line(done, "Rejected", state="rejected_creation")
    again = a_line(done, "Rejected before", state="rejected_creation")
    a_line(missing, "Taken along", reorder_of=again)
    assert rejected.pk
    conflicting = a_cart(owner, "CONFLICTING", missing_count=1)
    a_line(conflicting, conflicts={"enni": {"was": "a", "theirs": "b"}})
    a_cart(owner, "CONFIRMING", confirming_since=timezone.now())
    a_cart(owner, "RUNNING", state="in_progress", order_date=timezone.now())
    a_cart(None, "STRANGER", missing_count=1)
    an_operation(missing)
    an_operation(missing, state=Operation.State.REFUSED)
    _orders_of(owner)
    copper_of_every_item(owner)


def _orders_of(owner: User) -> None:
    """An order of each item, and one that is on its way as it should be."""
    today, now = timezone.localdate(), timezone.now()
    expected = {"state": "in_progress", "estimated_delivery_date": str(today - timedelta(days=9))}
    an_order(1, owner=owner, end_customer_name="Late", **expected)
    late = {"state": "in_progress", "step": "connexion_planned", "owner": owner}
    an_order(2, end_customer_name="Stuck", stuck_on=now - timedelta(days=2), **late)
    an_order(3, end_customer_name="Moving", stuck_on=now + timedelta(days=2), **late)
    end = str(today + timedelta(days=40))
    an_order(4, owner=owner, end_customer_name="Notice", commitment_end_date=end, notice_period=1)


ORDERS = {
    "Late orders": 1,
    "Steps taking longer than usual": 1,
    "Notice due within 90 days": 1,
}
COPPER = {
    "Waiting for your answer": 1,
    "Recently rejected copper orders, not ordered again": 1,
    "Copper orders held at Covage": 1,
    "Copper contracts ending within 90 days": 1,
    "Copper orders being submitted or answered": 2,
}
TERMINATIONS = {"Copper terminations ready to submit": 1}
COPPER_DRAFTS = {
    "Copper drafts changed on both sides": 1,
    "Copper drafts ready to submit": 2,
    "Incomplete copper drafts": 3,
    "Copper drafts created elsewhere, no owner yet": 1,
}
EXPECTED = (
    ORDERS
    | COPPER
    | COPPER_DRAFTS
    | {
        "To send, or refused": 2,
        "Rejected, not ordered again": 1,
        "Expiring soon (90 days)": 1,
        "Changed on both sides": 1,
        "Ready to confirm": 1,
        "Something missing": 3,
        "Being confirmed": 2,
        "Created outside Carnet, no owner yet": 1,
    }
)


def test_sales_are_shown_what_is_waiting_for_them(people: People, sales_client: Client) -> None:
    _a_bit_of_everything(people.sales)
    assert _counts(people.sales) == EXPECTED
    page = _home(sales_client)
    for reference in (
        "READY",
        "MISSING",
        "CONFLICTING",
        "CONFIRMING",
        "RUNNING",
        "STRANGER",
        "Rejected",
        "Expiring",
    ):
        assert reference in page


@pytest.mark.parametrize("item", WORKLIST_ITEMS, ids=lambda item: str(item.title))
def test_a_count_leads_to_the_list_behind_it(people: People, sales_client: Client, item: Any) -> None:
    _a_bit_of_everything(people.sales)
    page = sales_client.get(item.url_for(people.sales))
    assert page.status_code == 200
    listed = page.context["rows"] if "rows" in page.context else page.context["page"].rows
    assert len(listed) == (EXPECTED | TERMINATIONS)[str(item.title)]


def test_nothing_waiting_is_said_in_a_sentence(sales_client: Client) -> None:
    page = _home(sales_client)
    assert "Nothing is waiting for you" in page
    assert 'href="/carts/?readiness=ready"' in page


def test_a_new_cart_is_one_click_away_for_sales_alone(
    sales_client: Client, back_office_client: Client
) -> None:
    assert 'href="/carts/new/"' in _home(sales_client)
    assert 'href="/carts/new/"' not in _home(back_office_client)


def test_someone_elses_carts_do_not_count(people: People) -> None:
    a_cart(people.other_sales)
    assert _counts(people.sales)["Ready to confirm"] == 0


def test_old_carts_from_elsewhere_are_waiting_for_nobody(people: People) -> None:
    a_cart(None, "HISTORY", state="completed")
    assert _counts(people.sales)["Created outside Carnet, no owner yet"] == 0


def test_only_the_first_few_are_listed_and_all_are_counted(people: People, sales_client: Client) -> None:
    for number in range(7):
        a_cart(people.sales, f"CART-{number}")
    page = _home(sales_client)
    assert re.search(r'Ready to confirm</span> <span class="figure">7<', page)
    assert page.count("CART-") == 5
    assert "See all" in page


def test_a_rejected_line_says_at_which_field(people: People, sales_client: Client) -> None:
    error = {"code": "ENNI_UNKNOWN", "property_path": "enni", "value": "AZ001234"}
    a_line(
        a_cart(people.sales, state="rejected"),
        state="rejected_creation",
        upstream={"termination_error": [error]},
    )
    assert "ENNI (collection door)" in _home(sales_client)


def test_the_back_office_is_shown_what_is_pending_and_how_the_syncs_went(
    people: People, back_office_client: Client
) -> None:
    _a_bit_of_everything(people.sales)
    SyncRun.objects.create(kind="carts", state=SyncRun.State.FAILED, error="refused")
    assert set(_counts(people.back_office)) == {
        "To send, or refused",
        "Rejected, not ordered again",
        "Being confirmed",
        *ORDERS,
        *COPPER,
        *TERMINATIONS,
    }
    assert {title: _counts(people.back_office)[title] for title in COPPER} == COPPER
    page = _home(back_office_client)
    assert "Last syncs" in page
    assert "failed" in page
    assert "READY" not in page


def test_administrators_are_shown_both(people: People, administrator_client: Client) -> None:
    _a_bit_of_everything(people.sales)
    assert _counts(people.administrator) == EXPECTED | TERMINATIONS
    page = _home(administrator_client)
    assert "Last syncs" in page
    assert "Manage people" in page


def test_someone_elses_orders_wait_for_the_back_office_alone(people: People) -> None:
    _orders_of(people.other_sales)
    assert {title: _counts(people.sales)[title] for title in ORDERS} == dict.fromkeys(ORDERS, 0)
    assert {title: _counts(people.back_office)[title] for title in ORDERS} == ORDERS


def test_an_order_says_how_urgent_it_is(people: People, back_office_client: Client) -> None:
    _orders_of(people.sales)
    page = _home(back_office_client)
    assert "9 days late" in page
    assert "connection planned: 0 days" in page
    assert re.search(r"\d+/\d+/\d+, \d+ days? left", page)


def test_a_deleted_cart_waits_for_nobody(people: People) -> None:
    a_cart(people.sales, deleted_at=timezone.now())
    assert _counts(people.sales)["Ready to confirm"] == 0
    assert Cart.objects.count() == 1


@pytest.mark.parametrize(("who", "most"), [("sales", 31), ("back_office", 27), ("administrator", 37)])
def test_home_asks_the_database_a_fixed_number_of_times(
    people: People,
    signed_in: Callable[[User], Client],
    django_assert_max_num_queries: Any,
    who: str,
    most: int,
) -> None:
    _a_bit_of_everything(people.sales)
    for number in range(20):
        a_line(a_cart(people.sales, f"CART-{number}"), state="rejected_creation")
    client = signed_in(getattr(people, who))
    with django_assert_max_num_queries(most):
        _home(client)


@pytest.mark.parametrize("who", ["sales", "back_office", "administrator"])
def test_what_waits_for_an_answer_comes_first_with_a_link_to_either(
    people: People, signed_in: Callable[[User], Client], who: str
) -> None:
    _a_bit_of_everything(people.sales)
    order = CopperOrder.objects.get(alias="PENDING")
    page = _home(signed_in(getattr(people, who)))
    assert re.findall(r"<h2><a [^>]*><span>([^<]*)</span>", page)[0] == "Waiting for your answer"
    assert f'href="/extranet/{order.uuid}/confirm/"' in page
    assert f'href="/extranet/{order.uuid}/cancel/"' in page


def test_someone_elses_pending_order_waits_for_them_and_for_the_back_office(people: People) -> None:
    a_copper_order(people.other_sales, status="pending")
    waits = {
        who: _counts(getattr(people, who))["Waiting for your answer"]
        for who in ("sales", "other_sales", "back_office")
    }
    assert waits == {"sales": 0, "other_sales": 1, "back_office": 1}


def test_a_new_copper_order_is_one_click_away_for_sales_alone(
    sales_client: Client, back_office_client: Client
) -> None:
    assert 'href="/extranet/new/"' in _home(sales_client)
    assert 'href="/extranet/new/"' not in _home(back_office_client)

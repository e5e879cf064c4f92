"""Search: an exact reference leads straight there; words find what the user may see."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.portal.world import a_cart, a_copper_order, a_line
from tracking.ingest.mapping import apply_listed
from tracking.models import Order

pytestmark = pytest.mark.postgresql


def an_order(reference: str = "CMD_X_00000001", **columns: Any) -> Order:
    """An order as in the vendor's list."""
    order = Order()
    raw = {"order_reference": reference, "id": "PO_DC173_1", "state": "active", "order_date": "2026-11-02"}
    apply_listed(order, raw | columns, timezone.now())
    order.save()
    return order


def _found(client: Client, text: str) -> str:
    response = client.get("/search/", {"q": text})
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("text", ["", "   ", "\0"])
def test_an_empty_search_says_what_can_be_searched(sales_client: Client, text: str) -> None:
    assert "A full reference goes straight to its page" in _found(sales_client, text)


def test_nothing_found_is_said(sales_client: Client) -> None:
    assert "No results among" in _found(sales_client, "zzz")


@pytest.mark.parametrize("column", ["order_reference", "external_id", "upstream_id"])
def test_an_exact_reference_of_a_line_leads_to_it(people: People, sales_client: Client, column: str) -> None:
    cart = a_cart(people.sales)
    line = a_line(cart, **{column: "PO_DC173_1"})
    a_line(cart, search="PO_DC173_1 IN A NOTE")
    assert sales_client.get("/search/", {"q": " PO_DC173_1 "}).headers["Location"] == line.get_absolute_url()


def test_an_exact_reference_of_a_cart_leads_to_it(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, "LYC-2026-017", upstream_id=str(uuid.UUID(int=5)))
    for text in ("LYC-2026-017", "lyc-2026-017", str(uuid.UUID(int=5)).upper()):
        assert sales_client.get("/search/", {"q": text}).headers["Location"] == cart.get_absolute_url()


def test_a_reference_that_names_two_lists_both_first(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, "SAME")
    line = a_line(cart, "Named", external_id="SAME")
    page = _found(sales_client, "SAME")
    assert cart.get_absolute_url() in page
    assert line.get_absolute_url() in page


def test_words_find_lines_and_the_carts_that_hold_them(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales)
    line = a_line(cart, "Lycée Gustave Flaubert", search="LYCEE GUSTAVE FLAUBERT ROUEN")
    page = _found(sales_client, "flaubert ROUEN")
    assert line.get_absolute_url() in page
    assert cart.get_absolute_url() in page
    assert "No results among" in _found(sales_client, "flaubert paris")


def test_what_finds_an_order_finds_the_lines_and_carts_of_that_name(
    people: People, sales_client: Client
) -> None:
    order = an_order(end_customer_name="Lycée Flaubert")
    cart = Cart(owner=people.sales, draft={"external_id": "Lycée Flaubert"})
    line = Line(cart=cart, draft={"end_customer_name": "Lycée Flaubert"})
    for row in (cart, line):
        row.reflect()
        row.save()
    page = _found(sales_client, "Lycee")
    for found in (order, cart, line):
        assert found.get_absolute_url() in page


def test_a_project_finds_its_carts(people: People, sales_client: Client) -> None:
    cart = a_cart(people.sales, project_id="AB123")
    assert cart.get_absolute_url() in _found(sales_client, "ab12")


def test_what_is_someone_elses_is_not_found(people: People, sales_client: Client) -> None:
    cart = a_cart(people.other_sales, "THEIRS")
    a_line(cart, "Their customer", order_reference="PO_1")
    for text in ("THEIRS", "PO_1", "their"):
        assert "No results among" in _found(sales_client, text)


def test_what_is_deleted_is_not_found(people: People, sales_client: Client) -> None:
    a_line(a_cart(people.sales, "KEPT"), "Removed", external_id="GONE", deleted_at=timezone.now())
    assert "No results among" in _found(sales_client, "GONE")


def test_the_back_office_finds_everything(people: People, back_office_client: Client) -> None:
    cart = a_cart(people.other_sales, "THEIRS")
    assert back_office_client.get("/search/?q=THEIRS").headers["Location"] == cart.get_absolute_url()


def test_someone_without_a_role_finds_nothing(people: People, signed_in: Any) -> None:
    a_cart(people.sales, "CART-1")
    assert "No results among" in _found(signed_in(people.nobody), "CART-1")


def test_more_than_twenty_lead_to_the_filtered_lists(people: People, sales_client: Client) -> None:
    for number in range(21):
        a_line(a_cart(people.sales, f"CART-{number}"), f"Customer {number}")
    page = _found(sales_client, "customer")
    assert 'href="/lines/?search=customer"' in page
    assert 'href="/carts/?q=customer"' in page
    assert page.count("Customer ") <= 20 + 1  # the heading says what was searched


def test_a_search_needs_as_many_queries_for_many_as_for_few(
    people: People, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        a_line(a_cart(people.sales, f"CART-{number}"), f"Customer {number}")
    with django_assert_max_num_queries(20):
        _found(sales_client, "customer")


@pytest.mark.parametrize("text", ["CMD_X_00000001", "cmd_x_00000001", "PO_DC173_1", "FR048380", "LYC-17"])
def test_an_exact_reference_of_an_order_leads_to_it(sales_client: Client, text: str) -> None:
    order = an_order()
    Order.objects.update(service_reference="FR048380", external_id="LYC-17")
    assert sales_client.get("/search/", {"q": text}).headers["Location"] == order.get_absolute_url()


def test_a_line_that_became_an_order_leads_to_the_order(people: People, sales_client: Client) -> None:
    line = a_line(a_cart(people.sales), order_reference="PO_DC173_1", external_id="LYC-17")
    order = an_order()
    Order.objects.update(external_id="LYC-17", line_id=line.pk)
    for text in ("PO_DC173_1", "LYC-17"):
        assert sales_client.get("/search/", {"q": text}).headers["Location"] == order.get_absolute_url()


def test_words_find_orders_by_customer_site_and_project(sales_client: Client) -> None:
    order = an_order(
        end_customer_name="Lycée Flaubert", site_client="1 RUE NEUVE 76000 ROUEN", project_id="AB123"
    )
    for text in ("flaubert", "lycee rouen", "neuve", "ab123"):
        assert order.get_absolute_url() in _found(sales_client, text)
    assert "No results among" in _found(sales_client, "flaubert paris")


@pytest.mark.parametrize("text", ["ab", "a b", "é"])
def test_words_that_are_too_short_for_orders_find_none_of_them(sales_client: Client, text: str) -> None:
    an_order(end_customer_name="ab a b é")
    assert "No results among" in _found(sales_client, text)


def test_many_orders_lead_to_their_list_filtered_alike(sales_client: Client) -> None:
    for number in range(21):
        an_order(f"CMD_X_{number:08d}", end_customer_name="Boulangerie")
    page = _found(sales_client, "boulangerie")
    assert 'href="/orders/?q=boulangerie"' in page
    assert page.count('href="/orders/CMD_X_') == 20
    assert "CMD_X_00000003" in sales_client.get("/orders/?q=boulangerie").content.decode()


def test_orders_are_for_sales_and_back_office(
    people: People, back_office_client: Client, signed_in: Callable[[User], Client]
) -> None:
    order = an_order()
    found = back_office_client.get("/search/", {"q": order.reference})
    assert found.headers["Location"] == order.get_absolute_url()
    assert "No results among" in _found(signed_in(people.nobody), order.reference)


# Copper


@pytest.mark.parametrize(
    "text", ["O261122_17", "o261122_17", "abc17def", "GAR-C07", "S2018_1", "v5qbe0pi", "V5QBE0PI"]
)
def test_an_exact_reference_of_a_copper_order_leads_to_it(
    people: People, sales_client: Client, text: str
) -> None:
    names = {"upstream_id": "abc17def", "operator_order_ref": "GAR-C07"}
    service = {"service_alias": "S2018_1", "service_uuid": "v5qbe0pi"}
    order = a_copper_order(people.sales, "O261122_17", status="completed", **names, **service)
    a_copper_order(people.sales, "O261122_171", search=text.lower())
    assert sales_client.get("/search/", {"q": text}).headers["Location"] == order.get_absolute_url()


def test_words_find_copper_orders_beside_fibre(people: People, sales_client: Client) -> None:
    fibre = an_order(end_customer_name="Lycée Flaubert")
    line = a_line(a_cart(people.sales), "Lycée Flaubert")
    copper = a_copper_order(people.sales, end_customer_name="Lycée Flaubert")
    page = _found(sales_client, "flaubert")
    for row in (fibre, line, copper):
        assert row.get_absolute_url() in page
    assert 'href="/search/?customer=Lyc%C3%A9e+Flaubert">Everything for Lycée Flaubert</a>' in page


STATUSES = {
    "no longer at Covage": {"status": "completed", "gone_at": timezone.now()},
    "being submitted": {"submitting_since": timezone.now()},
    "being answered": {"status": "pending", "answering": "confirm"},
    "waiting for your answer": {"status": "pending"},
    "ready": {},
    "draft": {"missing_count": 2},
}


@pytest.mark.parametrize("status", STATUSES)
def test_a_copper_orders_status_is_the_same_in_search_in_its_list_and_on_its_page(
    people: People, back_office_client: Client, status: str
) -> None:
    order = a_copper_order(people.sales, end_customer_name="Garage", **STATUSES[status])
    for address in ("/search/?customer=Garage", "/extranet/", order.get_absolute_url()):
        page = back_office_client.get(address).content.decode()
        labels = re.findall(r'<span class="state[^"]*">([^<]*)</span>', page)
        assert [label for label in labels if label in STATUSES] == [status], address


def test_someone_elses_copper_draft_is_not_found_and_their_submitted_order_is(
    people: People, sales_client: Client
) -> None:
    a_copper_order(people.other_sales, "DRAFT")
    running = a_copper_order(people.other_sales, "RUNNING", status="running")
    assert "No results among" in _found(sales_client, "DRAFT")
    assert sales_client.get("/search/?q=RUNNING").headers["Location"] == running.get_absolute_url()


def test_someone_without_a_role_finds_no_copper_order(
    people: People, signed_in: Callable[[User], Client]
) -> None:
    a_copper_order(people.sales, "RUNNING", status="running")
    assert "No results among" in _found(signed_in(people.nobody), "RUNNING")


def test_many_copper_orders_lead_to_their_list_filtered_alike(people: People, sales_client: Client) -> None:
    for number in range(21):
        a_copper_order(people.sales, f"O{number:03}", end_customer_name="Boulangerie")
    page = _found(sales_client, "boulangerie")
    assert 'href="/extranet/?q=boulangerie"' in page
    assert page.count('href="/extranet/') == 20 + 3  # both bars at the top, and the way to all


def test_all_of_a_customer_are_shown_together_and_nobody_elses(people: People, sales_client: Client) -> None:
    customer = "Menuiserie Aubertin & Associés"
    rows = [
        an_order(end_customer_name=customer),
        a_copper_order(people.sales, end_customer_name=customer),
        a_line(a_cart(people.sales), customer),
    ]
    other = a_copper_order(people.sales, "OTHER", end_customer_name=f"{customer} 2")
    page = sales_client.get("/search/", {"customer": customer}).content.decode()
    for row in rows:
        assert row.get_absolute_url() in page
    assert other.get_absolute_url() not in page
    assert "<h1>Everything for Menuiserie Aubertin &amp; Associés</h1>" in page


def test_many_orders_of_a_customer_lead_to_the_lists_of_that_customer(
    people: People, sales_client: Client
) -> None:
    for number in range(21):
        an_order(f"CMD_X_{number:08d}", end_customer_name="Garage")
        a_copper_order(people.sales, f"O{number:03}", end_customer_name="Garage")
    page = sales_client.get("/search/?customer=Garage").content.decode()
    for path in ("/orders/", "/extranet/"):
        assert f'href="{path}?end_customer_name=Garage"' in page
        listed = sales_client.get(f"{path}?end_customer_name=Garage")
        assert len(listed.context["page"].rows) == 21


def test_both_order_pages_lead_to_all_of_their_customer(people: People, sales_client: Client) -> None:
    fibre = an_order(end_customer_name="Lycée Flaubert")
    copper = a_copper_order(people.sales, status="completed", end_customer_name="Lycée Flaubert")
    for row in (fibre, copper):
        page = sales_client.get(row.get_absolute_url()).content.decode()
        assert 'href="/search/?customer=Lyc%C3%A9e%20Flaubert"' in page

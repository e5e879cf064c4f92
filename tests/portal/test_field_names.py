"""Covage's names of fields and states are beside ours for those who chose to see them, and on no other page."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from tests.conftest import People, switch_on_field_names
from tests.portal.world import a_cart, a_copper_order, a_line
from tests.tracking.vendor_documents import detail, history, listed
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Order

URL = "/accounts/preferences/"
SignIn = Callable[[User], Client]
Address = Callable[[User], str]


def _cart_form(owner: User) -> str:
    return f"{a_cart(owner).get_absolute_url()}edit/"


def _line_form(owner: User) -> str:
    return a_line(a_cart(owner)).get_absolute_url()


def _ordered_line(owner: User) -> str:
    cart = a_cart(owner, state="in_progress")
    return a_line(cart, state="in_progress", draft={"enni": "CN012345"}).get_absolute_url()


def _order(owner: User | None = None) -> str:
    at = timezone.now()
    store.ingest_page([listed(state="in_progress")], at)
    raw = detail(state="in_progress", end_customer_name="Boulangerie")
    store.ingest_reading(Reading("CMD_X_00000001", at, raw, history("held_adv_validation"), []))
    return Order.objects.get().get_absolute_url()


def _copper_form(owner: User) -> str:
    return a_copper_order(owner).get_absolute_url()


def _copper_order(owner: User) -> str:
    columns = {"upstream": {"owner.name": "Untel"}, "checked_at": timezone.now()}
    return a_copper_order(owner, status="running", **columns).get_absolute_url()


PAGES: list[tuple[Address, set[str]]] = [
    (_cart_form, {"external_id", "project_id"}),
    (_line_form, {"enni", "end_customer_name", "city"}),
    (_ordered_line, {"enni"}),
    (_order, {"end_customer_name", "held_adv_validation"}),
    (_copper_form, {"owner.name", "product.code"}),
    (_copper_order, {"owner.name", "processing_date"}),
]
every_page = pytest.mark.parametrize(
    ("address", "names"), PAGES, ids=[address.__name__ for address, _names in PAGES]
)


def _shown(client: Client, url: str) -> set[str]:
    """Covage's names that a page shows, wherever they are."""
    response = client.get(url)
    assert response.status_code == 200
    return set(re.findall(r">\s*([a-z0-9]+(?:[_.][a-z0-9]+)*)\s*</code>", response.content.decode()))


@every_page
def test_nobody_sees_or_hears_them_without_having_chosen_to(
    people: People, sales_client: Client, address: Address, names: set[str]
) -> None:
    assert _shown(sales_client, address(people.sales)) == set()


@every_page
def test_a_user_who_switched_them_on_sees_them(
    people: People, sales_client: Client, address: Address, names: set[str]
) -> None:
    url = address(people.sales)
    sales_client.post(URL, {"shows_field_names": "true"})
    assert _shown(sales_client, url) >= names


def test_a_part_that_is_read_again_shows_them_too(people: People, sales_client: Client) -> None:
    switch_on_field_names(people.sales)
    url = f"{_order()}?fresh=1"
    page = sales_client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert '<code class="vendor-name">end_customer_name</code>' in page


def test_the_form_of_a_termination_shows_them(people: People, back_office_client: Client) -> None:
    _order()
    url = Order.objects.get().get_absolute_url() + "terminate/"
    Order.objects.update(state="active")
    assert _shown(back_office_client, url) == set()
    switch_on_field_names(people.back_office)
    assert _shown(back_office_client, url) >= {"request_effective_date", "message", "reason"}


def test_the_choice_is_kept_when_somebody_signs_in_again(
    people: People, sales_client: Client, signed_in: SignIn
) -> None:
    sales_client.post(URL, {"shows_field_names": "true"})
    sales_client.logout()
    assert _shown(signed_in(people.sales), _order()) >= {"end_customer_name"}


def test_the_choice_is_one_persons(people: People, sales_client: Client, back_office_client: Client) -> None:
    sales_client.post(URL, {"shows_field_names": "true"})
    assert _shown(back_office_client, _order()) == set()


def test_they_are_switched_off_again(people: People, sales_client: Client) -> None:
    switch_on_field_names(people.sales)
    sales_client.post(URL, {"shows_field_names": "false"})
    assert _shown(sales_client, _order()) == set()


@pytest.mark.parametrize(("is_on", "pressed"), [(False, "false"), (True, "true")])
def test_the_menu_says_which_it_is(people: People, sales_client: Client, is_on: bool, pressed: str) -> None:
    if is_on:
        switch_on_field_names(people.sales)
    page = unescape(sales_client.get("/").content.decode())
    assert '<span role="group" aria-label="Show Covage\'s field names">' in page
    assert f'name="shows_field_names" value="{pressed}" aria-pressed="true"' in page


def test_somebody_not_signed_in_is_not_offered_the_choice(db: None, client: Client) -> None:
    assert "shows_field_names" not in client.get("/accounts/login/").content.decode()

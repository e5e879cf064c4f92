"""A new line: it exists as soon as its first fields are sent, whatever they contain."""

import uuid

import pytest
from django.test import Client

from accounts.models import User
from sessions_app.confirmation import actions
from sessions_app.models import Cart, Line
from tests.conftest import People
from tests.sessions_app.cart_factory import reviewed
from tests.sessions_app.page_helpers import HUGE, draft, ready_line, text_of, url


def payload(**changes: str) -> dict[str, str]:
    form = {
        "key": str(uuid.uuid4()),
        "product_offering_id": "2173",
        "product_offering_qualification_item_id": "d5a4a9aa-ba2c-4f53-95c7-0c1ce6f6e7fa",
        "end_customer_name": "Martin",
        "external_id": "",
    }
    return form | changes


def test_it_asks_for_the_offer_and_the_customer_only(cart: Cart, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("line-new", cart.pk)))
    assert 'name="product_offering_id"' in page
    assert 'name="end_customer_name"' in page
    assert 'name="enni"' not in page
    assert "needed to create" in page


def test_the_line_is_in_the_cart_and_its_page_opens(cart: Cart, sales_client: Client) -> None:
    response = sales_client.post(url("line-new", cart.pk), payload())
    line = Line.objects.get(cart=cart)
    assert response.headers["Location"] == url("line", line.pk)
    assert (line.end_customer_name, line.product_offering_id) == ("Martin", "2173")
    assert line.draft["related_contact_information"] == [{"end_customer_name": "Martin"}]


def test_a_line_may_begin_with_nothing_at_all(cart: Cart, sales_client: Client) -> None:
    assert sales_client.post(url("line-new", cart.pk), {"key": str(uuid.uuid4())}).status_code == 302
    assert Line.objects.get(cart=cart).missing_count


def test_the_same_form_sent_twice_makes_one_line(cart: Cart, sales_client: Client) -> None:
    form = payload()
    first, second = (sales_client.post(url("line-new", cart.pk), form) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert Line.objects.count() == 1


def test_the_form_gone_back_to_and_changed_makes_another_line(cart: Cart, sales_client: Client) -> None:
    form = payload()
    for name in ("Martin", "Dupont"):
        sales_client.post(url("line-new", cart.pk), form | {"end_customer_name": name})
    assert set(Line.objects.values_list("end_customer_name", flat=True)) == {"Martin", "Dupont"}


def test_the_key_of_a_line_elsewhere_makes_a_line_here(
    people: People, cart: Cart, sales_client: Client
) -> None:
    theirs = ready_line(draft(people.other_sales), people.other_sales)
    sales_client.post(url("line-new", cart.pk), payload(key=str(theirs.pk)))
    assert Line.objects.get(cart=cart).pk != theirs.pk


@pytest.mark.parametrize(
    "odd",
    [
        {"end_customer_name": "a\0b"},
        {"end_customer_name": HUGE},
        {"product_offering_id": HUGE},
        {"key": "none"},
        {"key": "a\0b"},
        {"related_contact_information-999999-city": "Lyon"},
        {"related_contact_information--1-city": "Lyon"},
        {"related_contact_information-\u0661-city": "Lyon"},
        {"related_contact_information": "[]"},
        {"related_contact_information.0.city": "Lyon"},
        {"option_ids": " ".join(map(str, range(20_000)))},
        {"enni": HUGE},
        {"scheduled_delivery_date": "0001-01-01"},
        {"vlan_reference": "\u0661\u0662"},
    ],
    ids=lambda odd: " ".join(f"{name}={text[:5]!r}" for name, text in odd.items()),
)
def test_odd_input_still_makes_a_line_whose_page_opens(
    cart: Cart, sales_client: Client, odd: dict[str, str]
) -> None:
    response = sales_client.post(url("line-new", cart.pk), payload(**odd))
    assert sales_client.get(response.headers["Location"]).status_code == 200
    assert len(Line.objects.get(cart=cart).draft.get("related_contact_information", [])) <= 1


def test_text_too_long_is_kept_to_be_shortened(cart: Cart, sales_client: Client) -> None:
    sales_client.post(url("line-new", cart.pk), payload(customer_order_name="x" * 300))
    line = Line.objects.get()
    assert line.typed == {"customer_order_name": "x" * 300}
    assert "This field holds up to 250 characters" in text_of(sales_client.get(url("line", line.pk)))


def test_a_cart_that_is_no_draft_accepts_none(
    cart: Cart, line: Line, sales: User, sales_client: Client
) -> None:
    actions.confirm_cart(cart.pk, sales, reviewed(cart))
    for response in (
        sales_client.get(url("line-new", cart.pk)),
        sales_client.post(url("line-new", cart.pk), payload()),
    ):
        assert response.headers["Location"] == url("cart", cart.pk)
    assert Line.objects.count() == 1


def test_what_was_typed_while_signed_out_comes_back(people: People, cart: Cart, client: Client) -> None:
    new, form = url("line-new", cart.pk), payload(end_customer_name="Ünal & fils")
    client.post(new, form)
    client.post("/accounts/login/", {"login": "sales", "password": "open sesame 123", "next": new})
    page = text_of(client.get(new))
    assert 'value="Ünal &amp; fils"' in page
    assert form["key"] in page

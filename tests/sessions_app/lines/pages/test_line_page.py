"""A line's page: its form, and its values and history once it can't be changed."""

import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from sessions_app import fields
from sessions_app.models import Cart, Line
from tests.sessions_app.cart_factory import edit, site
from tests.sessions_app.page_helpers import (
    SITE,
    item,
    shown,
    text_of,
    url,
)


def test_every_field_of_the_edition_is_in_the_form(line: Line, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("line", line.pk)))
    for field in fields.line_fields():
        assert f'name="{field.name}"' in page or field.name == SITE
    for field in fields.site_contact_fields():
        assert f'name="{SITE}-0-{field.name}"' in page


def test_a_ready_line_says_so(line: Line, sales_client: Client) -> None:
    assert "This line is ready" in text_of(sales_client.get(url("line", line.pk)))


def test_what_is_missing_is_listed_with_a_link_to_its_field(
    line: Line, sales: User, sales_client: Client
) -> None:
    edit(line, sales, enni=None, related_contact_information__0__city=None)
    page = text_of(sales_client.get(url("line", line.pk)))
    assert "2 things to fix before confirming" in page
    assert '<a href="#id_enni">' in page
    assert f'<a href="#id_{SITE}-0-city">' in page


@pytest.mark.parametrize(
    ("sites", "count"),
    [("2", 2), ("0", 1), ("-3", 1), ("999", 20), ("9" * 5000, 1), ("²", 1), ("\0", 1), ("", 1)],
)
def test_as_many_sites_are_shown_as_requested_within_reason(
    line: Line, sales_client: Client, sites: str, count: int
) -> None:
    page = text_of(sales_client.get(url("line", line.pk), {"sites": sites}))
    assert page.count('class="site"') == count


def test_what_a_quotation_locks_is_read_only(cart: Cart, line: Line, sales_client: Client) -> None:
    shown(cart, items=[item(line, quote_item_id=str(uuid.uuid4()))])
    page = text_of(sales_client.get(url("line", line.pk)))
    for name in fields.QUOTED | fields.ONLY_AT_CREATION:
        (tag,) = [
            part.partition(">")[0]
            for part in page.split("<input ")
            if f'name="{name}"' in part.partition(">")[0]
        ]
        assert "readonly" in tag


def test_the_page_costs_no_more_with_ten_sites(
    line: Line, sales: User, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    edit(line, sales, **{path.replace(".", "__"): v for n in range(10) for path, v in site(n).items()})
    with django_assert_max_num_queries(20):
        sales_client.get(url("line", line.pk))


# Read only


def test_a_line_that_can_not_be_changed_shows_its_values_and_history(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    change = {
        "change_date": "2026-11-20T10:00:00+01:00",
        "state": "held_adv_validation",
        "change_reason": "Address",
    }
    document = item(
        line, state="held_adv_validation", order_reference="PO_DC17_1", state_change=[change], novelty="blue"
    )
    shown(cart, items=[document], state="in_progress")
    page = text_of(sales_client.get(url("line", line.pk)))
    for text in ("PO_DC17_1", "held for ADV validation", "Address", "Boulangerie Martin", "Novelty", "blue"):
        assert text in page
    assert "<form" not in page.partition("<main")[2]


@pytest.mark.parametrize("odd", [7, "text", {"a": 1}, [1, None, []], [{"state": None}]])
def test_states_in_another_shape_are_no_fault(
    cart: Cart, line: Line, sales_client: Client, odd: object
) -> None:
    shown(cart, items=[item(line, state="acknowledged", state_change=odd)], state="completed")
    assert sales_client.get(url("line", line.pk)).status_code == 200


def test_why_covage_rejected_it_is_shown_with_the_field_it_names(
    cart: Cart, line: Line, sales_client: Client
) -> None:
    error = {"property_path": "enni", "message": "Unknown door", "code": "E1"}
    shown(cart, items=[item(line, state="rejected_creation", termination_error=[error])], state="rejected")
    page = text_of(sales_client.get(url("line", line.pk)))
    assert "Why Covage rejected it" in page
    assert "Unknown door" in page


def test_the_back_office_reads_a_draft_without_a_form(line: Line, back_office_client: Client) -> None:
    page = text_of(back_office_client.get(url("line", line.pk)))
    assert "Boulangerie Martin" in page
    assert 'name="enni"' not in page

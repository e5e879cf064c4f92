"""What the fields of a copper order suggest."""

from typing import Any

import pytest
from django.utils import timezone

from extranet.drafts import choices
from extranet.fields import CONTACT, FIELDS
from extranet.models import Contact, CopperOrder, Product
from tests.extranet.products import known_contact, read_products

pytestmark = pytest.mark.django_db


def values(found: list[choices.Choice]) -> list[str]:
    return [choice.value for choice in found]


def order_of(product: str, **columns: Any) -> CopperOrder:
    return CopperOrder(draft={"type": "activate", "product.code": product}, **columns)


def door(alias: str, **columns: Any) -> CopperOrder:
    """An ENNI service of ours, in service unless said otherwise."""
    columns = {"service": "enni", "type": "activate", "status": "completed", **columns}
    return CopperOrder.objects.create(service_alias=alias, **columns)


def test_products_are_offered_by_name_but_for_those_that_covage_orders_itself_or_that_are_gone() -> None:
    read_products()
    Product.objects.filter(code="AM01").update(gone_at=timezone.now())
    assert choices.static_lists()["products"] == [("SD01", "SDSL-4M · SDSL-4M line")]


def test_only_doors_that_are_in_service_are_offered() -> None:
    door("S2", operator_order_name="Paris", product_name="ENNI-1G")
    door("S3", status="running")
    door("S4", gone_at=timezone.now())
    door("S5", service="collect")
    door("")
    assert choices.static_lists()["doors"] == [("S2", "Paris · ENNI-1G")]


def test_the_kinds_of_references_that_orders_hold_are_offered_after_the_usual_one() -> None:
    CopperOrder.objects.create(upstream={"endpoints": [{"endpoint_ref": "1", "endpoint_ref_type": "nra"}]})
    CopperOrder.objects.create(upstream={"reference_endpoint.endpoint_ref_type": "building"})
    CopperOrder.objects.create(upstream={"endpoints": [], "comment": "none"})
    assert values(choices.static_lists()["endpoint_types"]) == ["line number", "building", "nra"]


def test_contacts_are_offered_by_name_and_email_or_phone() -> None:
    known_contact("1")
    known_contact("2", email="", phone_number="0123456789")
    known_contact("3", email="")
    Contact.objects.create(name="Not yet at Covage")
    found = sorted(choices.contacts())
    assert found == [
        ("1", "Léa Fournier · lea@operateur.example"),
        ("2", "Léa Fournier · 01 23 45 67 89"),
        ("3", "Léa Fournier"),
    ]


def test_every_list_that_a_field_suggests_from_is_there() -> None:
    lists = choices.static_lists() | choices.lists_of(order_of("SD01"), {})
    declared = [*FIELDS, *(inner for field in FIELDS for inner in field.items)]
    assert {field.suggests for field in declared if field.suggests} == lists.keys()


def test_contacts_are_suggested_by_what_is_typed_in_their_field() -> None:
    known_contact("1")
    known_contact("2", last_name="Castaing")
    lists = choices.lists_of(order_of(""), {CONTACT: "lea fourn"})
    assert lists["contacts"] == [("1", "Léa Fournier · lea@operateur.example")]
    assert choices.lists_of(order_of(""), {CONTACT: ""})["contacts"] == []


def test_an_option_offers_what_the_product_names_for_it_else_what_is_documented() -> None:
    read_products()
    lists = choices.lists_of(order_of("SD01"), {})
    assert values(lists["grt"]) == ["4h_bhbd", "4h_24_7", "8h"]
    assert values(lists["contract_term"]) == ["12_months"]
    assert values(lists["internal_cabling"]) == ["0-5m", "5-60m", "60m+"]
    assert values(choices.lists_of(order_of("XX99"), {})["grt"]) == ["4h_bhbd", "4h_24_7"]


def test_the_communes_that_agree_with_what_is_typed_are_offered() -> None:
    lists = choices.lists_of(order_of(""), {"address.city": "Mont-Saint-Aignan"})
    assert values(lists["insee_codes"]) == ["76451"]
    assert "postcodes" not in lists
    assert choices.lists_of(order_of(""), {})["cities"] == []


def test_the_lists_cost_a_query_each(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        choices.static_lists()

"""The declared fields against the vendor's own tables: every field once, with the requirement that they give it."""

from collections.abc import Iterator

import pytest

from drafts.fields import Field, Kind, Need
from sessions_app import fields
from sessions_app.fields import LATER, LINE_FIELDS, SITE_CONTACT_FIELDS
from tests.sandbox.documents import example

LINE_NEEDS = {
    "end_customer_name": Need.NEVER,
    "external_id": Need.NEVER,
    "option_ids": Need.NEVER,
    "note": Need.NEVER,
    "technical_note": Need.NEVER,
    "product_offering_id": Need.CREATION,
    "product_offering_qualification_item_id": Need.CREATION,
    "project_id": Need.NEVER,
    "quote_item_id": Need.NEVER,
    "delivery_mode": Need.NEVER,
    "enni": Need.CONFIRMATION,
    "enni2": Need.NEVER,
    "vlan_reference": Need.NEVER,
    "customer_order_name": Need.NEVER,
    "business_code": Need.NEVER,
    "billing_site_ref": Need.NEVER,
    "related_contact_information": Need.CONFIRMATION,
    "siret_known": Need.NEVER,
    "additional_vlan_reference": Need.NEVER,
    "offer_family": Need.NEVER,
    "offer_technology": Need.NEVER,
    "specific_request": Need.NEVER,
    "access_instructions": Need.NEVER,
    "scheduled_delivery_date": Need.NEVER,
    "cpe_network_number": Need.NEVER,
    "cpe_serial_number": Need.NEVER,
}
SITE_NEEDS = {
    "end_customer_name": Need.CONFIRMATION,
    "siret": Need.NEVER,
    "contact1_email_address": Need.CONFIRMATION,
    "contact1_firstname": Need.CONFIRMATION,
    "contact1_lastname": Need.CONFIRMATION,
    "contact1_phone_number": Need.CONFIRMATION,
    "contact2_email_address": Need.NEVER,
    "contact2_firstname": Need.NEVER,
    "contact2_lastname": Need.NEVER,
    "contact2_phone_number": Need.NEVER,
    "city": Need.CONFIRMATION,
    "postcode": Need.CONFIRMATION,
    "street_name": Need.CONFIRMATION,
    "street_number": Need.CONFIRMATION,
    "street_number_extension": Need.NEVER,
    "insee_code": Need.CONFIRMATION,
    "building_name": Need.NEVER,
    "level_number": Need.NEVER,
    "latitude": Need.NEVER,
    "longitude": Need.NEVER,
}
NOT_IN_THE_EARLIER_EDITION = {
    "enni2",
    "billing_site_ref",
    "siret_known",
    "additional_vlan_reference",
    "offer_family",
    "offer_technology",
    "specific_request",
    "access_instructions",
    "scheduled_delivery_date",
    "cpe_network_number",
    "cpe_serial_number",
}


@pytest.mark.parametrize("edition", sorted(LATER))
def test_each_of_the_26_fields_of_a_line_is_declared_once_with_its_requirement(edition: str) -> None:
    declared = fields.line_fields(edition)
    assert len(declared) == 26
    assert {field.name: field.need for field in declared} == LINE_NEEDS


@pytest.mark.parametrize("edition", sorted(LATER))
def test_each_of_the_20_fields_of_a_site_contact_is_declared_once_with_its_requirement(edition: str) -> None:
    declared = fields.site_contact_fields(edition)
    assert len(declared) == 20
    assert {field.name: field.need for field in declared} == SITE_NEEDS


def test_the_earlier_edition_has_its_own_fields() -> None:
    assert {
        field.name for field in fields.line_fields("earlier")
    } == LINE_NEEDS.keys() - NOT_IN_THE_EARLIER_EDITION
    earlier = {field.name: field.need for field in fields.site_contact_fields("earlier")}
    gone = {name for name in SITE_NEEDS if name.endswith(("firstname", "lastname"))}
    assert earlier.keys() == (SITE_NEEDS.keys() - gone) | {"contact1_name", "contact2_name"}
    assert (earlier["contact1_name"], earlier["contact2_name"]) == (Need.CONFIRMATION, Need.NEVER)


def test_the_examples_of_the_documentation_hold_no_field_that_is_not_declared() -> None:
    assert example("create-line-request").keys() == LINE_NEEDS.keys()
    (contact,) = example("create-line-request-contacts")["related_contact_information"]
    assert contact.keys() == SITE_NEEDS.keys()


def test_a_quotation_locks_five_fields_and_the_creation_two() -> None:
    assert {
        "end_customer_name",
        "product_offering_id",
        "product_offering_qualification_item_id",
        "customer_order_name",
        "business_code",
    } == fields.QUOTED
    assert {"offer_family", "offer_technology"} == fields.ONLY_AT_CREATION


def _all() -> Iterator[Field]:
    yield from (*fields.CART_FIELDS, *LINE_FIELDS, *SITE_CONTACT_FIELDS)


@pytest.mark.parametrize("field", list(_all()), ids=lambda field: field.name)
def test_every_field_has_a_label_and_a_group(field: Field) -> None:
    assert str(field.label)
    assert field.group in {*fields.GROUPS, "cart"}


def test_the_groups_hold_every_field_once() -> None:
    grouped = [field.name for _group, _title, among in fields.LINE.in_groups(LINE_FIELDS) for field in among]
    assert sorted(grouped) == sorted(LINE_NEEDS)


@pytest.mark.parametrize(
    ("path", "label"),
    [
        ("enni", "ENNI (collection door)"),
        ("related_contact_information.0.city", "City"),
        ("related_contact_information.1.city", "City (site 2)"),
        ("external_id", "Your reference"),
        ("never_heard_of", "Never heard of"),
        ("related_contact_information.0.never_heard_of", "Related contact information › 1 › never heard of"),
    ],
)
def test_a_path_is_named_as_a_person_would(path: str, label: str) -> None:
    assert fields.LINE.label_of(path) == label


def test_a_path_that_leads_to_no_field_of_ours_is_grouped_with_the_notes() -> None:
    assert fields.LINE.group_of("never_heard_of") == "notes"
    assert fields.LINE.group_of("related_contact_information.0.city") == "site"
    assert fields.CART.field_at("project_id") is not None


@pytest.mark.parametrize(
    ("document", "is_dia"),
    [
        ({"offer_family": "DIA"}, True),
        ({"offer_family": "dia-pro"}, True),
        ({"product_offering_id": "DIA_100"}, True),
        ({"offer_family": "BPE", "product_offering_id": "2173"}, False),
        ({"offer_family": None}, False),
        ({}, False),
    ],
)
def test_a_dia_offer_is_known_by_its_family_or_its_name(document: dict[str, object], is_dia: bool) -> None:
    assert fields.is_dia(document) is is_dia


def test_a_line_of_the_vendor_is_held_in_our_types_and_what_is_unknown_is_kept() -> None:
    line = fields.LINE.read(
        {
            "vlan_reference": "12",
            "option_ids": [7021],
            "brand_new": {"a": 1},
            fields.CONTACTS: [{"latitude": "48.5"}],
        }
    )
    assert line == {
        "vlan_reference": 12,
        "option_ids": ["7021"],
        "brand_new": {"a": 1},
        fields.CONTACTS: [{"latitude": 48.5}],
    }


def test_site_contacts_are_the_only_items() -> None:
    assert [field.name for field in LINE_FIELDS if field.kind is Kind.ITEMS] == [fields.CONTACTS]

"""What a line still lacks for its confirmation, in each edition."""

from datetime import date, timedelta
from typing import Any

import pytest

from drafts.fields import Need
from sessions_app import fields
from sessions_app.lines import readiness
from sessions_app.lines.readiness import missing
from tests.sessions_app.cart_factory import ready_draft, site

SIRET = "related_contact_information.0.siret"
WHOLE_IN_EARLIER = {
    "contact1_firstname": None,
    "contact1_lastname": None,
    "contact1_name": "Jeanne Martin",
    "siret": "73282932000074",
    "latitude": 49.47,
    "longitude": 1.09,
}


def _paths(edition: str = "current", *, upstream: dict[str, Any] | None = None, **values: Any) -> list[str]:
    """The paths that a ready line with these values (by path) lacks."""
    return [item.path for item in missing(ready_draft(**values), upstream=upstream, edition=edition)]


def _earlier(**values: Any) -> dict[str, Any]:
    """What makes a line ready in the earlier edition, by path."""
    return {"offer_family": None, "offer_technology": None, **site(**WHOLE_IN_EARLIER), **values}


@pytest.mark.parametrize("edition", ["current", "tables"])
def test_a_line_with_all_that_the_vendor_wants_lacks_nothing(edition: str) -> None:
    assert _paths(edition) == []


def test_an_empty_line_lacks_exactly_what_is_required_in_the_order_of_the_form() -> None:
    lacking = [item.path for item in missing({}, edition="current")]
    required = ["product_offering_id", "product_offering_qualification_item_id"]
    on_site = [
        *("end_customer_name", "street_number", "street_name", "postcode", "city", "insee_code"),
        *("contact1_firstname", "contact1_lastname", "contact1_phone_number", "contact1_email_address"),
    ]
    contacts = [f"related_contact_information.0.{name}" for name in on_site]
    assert lacking == [*required, *contacts, "enni"]


@pytest.mark.parametrize("name", [f.name for f in fields.SITE_CONTACT_FIELDS if f.need is not Need.NEVER])
def test_each_required_field_of_each_site_is_listed_as_missing(name: str) -> None:
    path = f"related_contact_information.1.{name}"
    if name == "contact1_name":
        assert _paths("earlier", **_earlier(), **site(1, **WHOLE_IN_EARLIER) | {path: None}) == [path]
    else:
        assert _paths(**site(1) | {path: None}) == [path]


def test_what_creation_requires_is_worded_differently_from_what_confirmation_does() -> None:
    said = {item.path: item.message for item in missing({}, edition="current")}
    assert said["product_offering_id"] == "Covage needs this even for a draft."
    assert said["enni"] == "Covage needs this to confirm."
    assert readiness.is_creatable({"product_offering_id": "1", "product_offering_qualification_item_id": "2"})
    assert not readiness.is_creatable({"product_offering_id": "1"})


# Editions


def test_the_earlier_edition_wants_siret_and_coordinates_and_one_name_but_no_enni() -> None:
    assert _paths("earlier", **_earlier(enni=None)) == []
    without = {
        f"related_contact_information.0.{n}": None
        for n in ("siret", "latitude", "longitude", "contact1_name")
    }
    assert sorted(_paths("earlier", **_earlier(**without))) == sorted(without)


def test_a_siret_is_wanted_in_words_that_fit_the_edition() -> None:
    said = {
        item.path: item.message
        for item in missing(ready_draft(**_earlier() | {SIRET: None}), edition="earlier")
    }
    assert said[SIRET] == "Covage needs this to confirm."
    said = {item.path: item.message for item in missing(ready_draft(siret_known=True), edition="current")}
    assert said[SIRET] == "Enter the SIRET, since you said it's known."


def test_in_the_earlier_edition_a_last_name_serves_as_the_name() -> None:
    values = _earlier() | {"related_contact_information.0.contact1_name": None}
    values["related_contact_information.0.contact1_lastname"] = "Martin"
    assert _paths("earlier", **values) == []


def test_in_the_current_edition_one_name_is_not_split_by_guess() -> None:
    names = {f"related_contact_information.0.contact1_{n}": None for n in ("firstname", "lastname")}
    lacking = _paths(**names | {"related_contact_information.0.contact1_name": "Jeanne Martin"})
    assert lacking == list(names)


@pytest.mark.parametrize(("known", "lacking"), [(True, [SIRET]), (False, []), (None, [])])
def test_the_siret_is_wanted_if_it_is_said_to_be_known(known: bool | None, lacking: list[str]) -> None:
    assert _paths(siret_known=known) == lacking
    assert _paths(siret_known=known, **{SIRET: "73282932000074"}) == []


# Option 7021


@pytest.mark.parametrize("edition", ["current", "tables"])
def test_option_7021_asks_for_both_numbers_of_the_cpe(edition: str) -> None:
    assert _paths(edition, option_ids=["2210", "7021"]) == ["cpe_network_number", "cpe_serial_number"]
    assert _paths(edition, option_ids=["7021"], cpe_network_number="N") == ["cpe_serial_number"]
    assert _paths(edition, option_ids=["7021"], cpe_network_number="N", cpe_serial_number="S") == []


def test_without_option_7021_neither_number_of_the_cpe_is_allowed() -> None:
    assert _paths(cpe_network_number="N", cpe_serial_number="S") == [
        "cpe_network_number",
        "cpe_serial_number",
    ]
    assert _paths(option_ids=["2210"], cpe_serial_number="S") == ["cpe_serial_number"]


def test_the_earlier_edition_knows_no_cpe_fields() -> None:
    assert _paths("earlier", **_earlier(option_ids=["7021"])) == []


# DIA


def test_a_dia_offer_takes_no_enni() -> None:
    assert _paths(offer_family="DIA", enni=None) == []
    assert _paths(offer_family="DIA") == ["enni"]
    assert _paths(product_offering_id="DIA_100", enni=None) == []


def test_a_dia_offer_keeps_the_enni_that_the_vendor_worked_out() -> None:
    assert _paths(offer_family="DIA", enni="CN912345", upstream={"enni": "CN912345"}) == []
    assert _paths(offer_family="DIA", enni="CN000001", upstream={"enni": "CN912345"}) == ["enni"]


# Places and typed values


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ({"city": "Lyon"}, "city"),
        ({"postcode": "69007"}, "postcode"),
        ({"insee_code": "76130"}, "insee_code"),
    ],
)
def test_a_city_a_postcode_and_an_insee_code_that_disagree_are_reported(
    place: dict[str, str], path: str
) -> None:
    assert _paths(**site(**place)) == [f"related_contact_information.0.{path}"]


def test_the_place_of_every_site_is_looked_at() -> None:
    assert _paths(**site(1, city="Lyon")) == ["related_contact_information.1.city"]


def test_what_was_typed_and_is_no_value_is_listed_with_what_is_wrong_about_it() -> None:
    typed = {"vlan_reference": "5000", SIRET: "123"}
    said = {item.path: item.message for item in missing(ready_draft(), typed=typed, edition="current")}
    assert said.keys() == typed.keys()
    assert said["vlan_reference"] == "A VLAN is a whole number from 1 to 4094; you entered 5000."
    assert "14 digits" in said[SIRET]


def test_of_several_things_to_say_at_a_field_the_first_is_said_once() -> None:
    items = missing(
        ready_draft(enni=None), typed={"enni": "x", "city": "?", "vlan_reference": "0"}, edition="current"
    )
    assert [item.path for item in items] == ["enni", "vlan_reference"]


def test_what_was_typed_and_has_become_valid_since_is_not_listed() -> None:
    assert missing(ready_draft(), typed={"vlan_reference": "12"}, edition="current") == []


def test_every_thing_to_mend_has_a_label_and_an_anchor() -> None:
    (item,) = missing(ready_draft(**site(1, city=None)), edition="current")
    assert item.label == "City (site 2)"
    assert item.anchor == "#id_related_contact_information-1-city"


# The vendor's side


@pytest.mark.parametrize(("days", "expired"), [(1, False), (0, True), (-1, True)])
def test_a_draft_expires_on_its_last_day(days: int, expired: bool) -> None:
    said = readiness.expiry(date.today() + timedelta(days=days), date.today())
    assert bool(said) is expired
    assert readiness.expiry(None, date.today()) is None

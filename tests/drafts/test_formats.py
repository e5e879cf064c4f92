"""The formats: what they accept, what they make of it, and what they say otherwise."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from drafts import formats

ALL = [
    formats.siret,
    formats.phone,
    formats.email,
    formats.postcode,
    formats.insee_code,
    formats.vlan,
    formats.vlan_list,
    formats.latitude,
    formats.longitude,
    formats.enni_reference,
    formats.option_id,
]
# What people type into such fields, mixed: enough of it passes to try the second application too.
LIKELY_TEXT = st.text(alphabet="0123456789 +-.,;@()/aAbB2é\u00a0\n", max_size=20)


def _refusal(rule: Callable[[Any], Any], value: object) -> str:
    with pytest.raises(ValidationError) as refused:
        rule(value)
    (message,) = refused.value.messages
    return message


@pytest.mark.parametrize("rule", ALL, ids=lambda rule: rule.__name__)
@given(value=st.text() | LIKELY_TEXT)
def test_any_text_is_either_accepted_or_refused_in_a_sentence(rule: Callable[[str], Any], value: str) -> None:
    try:
        taken = rule(value)
    except ValidationError as refused:
        (message,) = refused.messages
        assert message.endswith((".", "?"))
    else:
        assert rule(str(taken)) == taken


@pytest.mark.parametrize("rule", [rule for rule in ALL if rule is not formats.enni_reference])
def test_a_blank_is_refused(rule: Callable[[str], Any]) -> None:
    assert _refusal(rule, "  ")


def test_a_long_wrong_value_is_shown_shortened() -> None:
    assert len(_refusal(formats.postcode, "7" * 5000)) < 200


@pytest.mark.parametrize("typed", ["73282932000074", "732 829 320 00074", " 732829320 00074 "])
def test_a_siret_is_accepted_with_or_without_spaces(typed: str) -> None:
    assert formats.siret(typed) == "73282932000074"


def test_the_documented_sample_siret_is_accepted() -> None:
    assert formats.siret("00000000000000") == "00000000000000"


def test_a_siret_of_la_poste_is_accepted_although_its_check_digit_follows_another_rule() -> None:
    assert formats.siret("35600000049837") == "35600000049837"


def test_a_siret_is_refused_for_its_check_digit_its_length_or_its_letters() -> None:
    assert _refusal(formats.siret, "73282932000079") == (
        "SIRET 73282932000079 has a wrong digit: its check digit doesn't match."
    )
    assert _refusal(formats.siret, "732829320") == "A SIRET has 14 digits; 732829320 has 9."
    assert _refusal(formats.siret, "unknown") == "A SIRET is 14 digits; you entered “unknown”."


@pytest.mark.parametrize(
    "typed", ["01 23 45 67", "0023456789", "3639", "+33 1 23", "0123456789 / 0623456789"]
)
def test_a_number_that_rings_nowhere_is_refused(typed: str) -> None:
    assert _refusal(formats.phone, typed) == (
        f"“{typed}” isn't a phone number: enter ten digits, or start with + and the country code."
    )


@pytest.mark.parametrize("typed", ["ask for John 0123456789", "0123456789 ext. 5", "0800 FLOWER"])
def test_words_around_a_phone_number_are_refused_not_dropped(typed: str) -> None:
    assert _refusal(formats.phone, typed).endswith(f"you entered “{typed}”.")


def test_an_email_address_is_trimmed_and_keeps_its_capitals() -> None:
    assert formats.email(" John.Doe@unknown.com ") == "John.Doe@unknown.com"
    assert _refusal(formats.email, "John Doe") == (
        "An email address looks like name@example.com; you entered “John Doe”."
    )


@pytest.mark.parametrize(("typed", "code"), [("76130", "76130"), (" 76 130 ", "76130"), ("01000", "01000")])
def test_a_postcode_is_five_digits(typed: str, code: str) -> None:
    assert formats.postcode(typed) == code


def test_a_postcode_is_refused_with_what_is_wrong() -> None:
    assert _refusal(formats.postcode, "1000") == "A postcode has 5 digits; 1000 has 4. Did you mean 01000?"
    assert (
        _refusal(formats.postcode, "7613a") == "A postcode is 5 digits, such as 76130; you entered “7613a”."
    )
    assert _refusal(formats.postcode, "00100") == "A postcode is between 01000 and 98999; you entered 00100."
    assert _refusal(formats.postcode, "99000") == "A postcode is between 01000 and 98999; you entered 99000."


@pytest.mark.parametrize(("typed", "code"), [("76451", "76451"), ("2a004", "2A004"), (" 2B 033", "2B033")])
def test_an_insee_code_is_five_characters_in_capitals(typed: str, code: str) -> None:
    assert formats.insee_code(typed) == code


@pytest.mark.parametrize("typed", ["7645", "764511", "2C004", "A2004", "76-451"])
def test_anything_else_is_no_insee_code(typed: str) -> None:
    assert _refusal(formats.insee_code, typed) == (
        f"An INSEE code is 5 digits, such as 76451, or begins with 2A or 2B; you entered “{typed}”."
    )


@pytest.mark.parametrize(("given_value", "number"), [("1257", 1257), (1257, 1257), (" 1 ", 1), (4094, 4094)])
def test_a_vlan_is_a_number_from_1_to_4094_typed_or_counted(given_value: str | int, number: int) -> None:
    assert formats.vlan(given_value) == number


@pytest.mark.parametrize("given_value", [0, 4095, 5000, -1, "12.5", "ten", True, "9" * 50])
def test_any_other_vlan_is_refused_with_its_value(given_value: str | int) -> None:
    assert _refusal(formats.vlan, given_value) == (
        f"A VLAN is a whole number from 1 to 4094; you entered {given_value}."
    )


@pytest.mark.parametrize(
    ("typed", "listed"),
    [("1258", "1258"), ("1258, 1259", "1258,1259"), ("1259 1258;7", "1259,1258,7"), ("5, 5,", "5")],
)
def test_additional_vlans_are_listed_with_commas_each_once_in_their_order(typed: str, listed: str) -> None:
    assert formats.vlan_list(typed) == listed


def test_the_additional_vlan_that_is_wrong_is_named() -> None:
    assert _refusal(formats.vlan_list, "12, 5000, 7") == (
        "VLANs are whole numbers from 1 to 4094, separated by commas; “5000” isn't one."
    )
    assert "“100-110”" in _refusal(formats.vlan_list, "100-110")


@pytest.mark.parametrize("typed", ["49.4744077", "49,4744077", " 49.4744077 "])
def test_a_coordinate_is_decimal_with_a_point_or_a_french_comma(typed: str) -> None:
    assert formats.latitude(typed) == 49.4744077
    assert formats.longitude(typed) == 49.4744077


def test_a_coordinate_may_be_negative_as_far_as_the_earth_goes() -> None:
    assert formats.latitude("-90") == -90
    assert formats.longitude("\u2212180") == -180


@pytest.mark.parametrize("typed", ["90.01", "-91", "49° 28'", "49.47, 1.09", "nan", "inf", "1e1", "1_0"])
def test_what_is_no_latitude_is_refused(typed: str) -> None:
    assert _refusal(formats.latitude, typed) == (
        f"A latitude is a decimal number from -90 to 90, such as 49.4744; you entered “{typed}”."
    )


def test_what_is_no_longitude_is_refused() -> None:
    assert _refusal(formats.longitude, "180.5") == (
        "A longitude is a decimal number from -180 to 180, such as 1.0914; you entered “180.5”."
    )


def test_swapped_coordinates_of_metropolitan_france_are_noticed() -> None:
    with pytest.raises(ValidationError, match="look swapped.*latitude 1.091455, longitude 49.4744077"):
        formats.coordinates(1.091455, 49.4744077)


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [(49.4744077, 1.091455), (4.9, -52.3), (-12.8, 45.2), (-20.9, 55.5), (16.2, -61.5), (46.8, -56.2)],
)
def test_coordinates_in_france_and_overseas_are_left_alone(latitude: float, longitude: float) -> None:
    formats.coordinates(latitude, longitude)


def test_a_collection_door_is_free_text_in_capitals() -> None:
    assert formats.enni_reference(" cn012345 ") == "CN012345"
    assert formats.enni_reference("az001234") == "AZ001234"


def test_an_option_is_digits() -> None:
    assert formats.option_id(" 7021 ") == "7021"
    assert (
        _refusal(formats.option_id, "CPE")
        == "An option is given by its number, such as 7021; you entered “CPE”."
    )

"""Telephone numbers: each has one form in which it is stored, one in which it is shown, and one that is dialled.

A French number is stored in the ten digits of ARCEP's numbering plan (0ZABPQMCDU), overseas too, as in each example of
Covage's documentation; any other in E.164.
"""

import re

import phonenumbers

from drafts.numbers.pasted import compact, whole

FRANCE = "33"
_SEPARATORS = re.compile(r"[\s.()/\-\u2010-\u2015\u2212]")
_SIGNS = re.compile(r"\+?[0-9.()/\-\u2010-\u2015\u2212]+")
_TRUNK = re.compile(r"\(0\)")
_COUNTRY = "33|590|594|596|262"
_INTERNATIONAL = re.compile(rf"(?:\+|00)?({_COUNTRY})0?([1-9][0-9]{{8}})")
_NATIONAL = re.compile(r"0?([1-9][0-9]{8})")
_SAINT_PIERRE = re.compile(r"(?:\+|00)?508([45][0-9]{5})")
_STORED = re.compile(r"0[1-9][0-9]{8}|\+[1-9][0-9]{6,14}")

# The country code of the numbers that begin so, after the 0: ARCEP's numbering plan (decision 2018-0881).
_OVERSEAS = {
    "590": "590", "690": "590", "691": "590",  # Guadeloupe, Saint-Barthélemy, Saint-Martin
    "594": "594", "694": "594",  # Guyane
    "596": "596", "696": "596", "697": "596",  # Martinique
    "262": "262", "263": "262", "692": "262", "693": "262",  # La Réunion
    "269": "262", "639": "262",  # Mayotte
}  # fmt: skip
_FICTION = "63998"  # metropolitan mobiles that ARCEP keeps for works of fiction, within Mayotte's
_SHARED = ("7", "9")  # of these, ranges of four digits and more belong to overseas plans
_REGIONS = ("GP", "MQ", "RE", "YT", "GF")


def is_spelt_like_one(text: str) -> bool:
    """Whether a text has only the signs with which numbers are written."""
    return bool(_SIGNS.fullmatch(whole(compact(text))))


def parse(text: str) -> str:
    """Return the stored form of a number, however it is spelt; "" for what is no number."""
    if not is_spelt_like_one(text):
        return ""
    typed = _TRUNK.sub("", whole(compact(text)))
    digits = _SEPARATORS.sub("", typed)
    return french(digits) or _foreign(digits)


def french(digits: str) -> str:
    """Return the ten digits of a French number without separators; "" for any other."""
    if found := _SAINT_PIERRE.fullmatch(digits):
        return f"0508{found[1]}"
    if found := _NATIONAL.fullmatch(digits):
        return f"0{found[1]}"
    found = _INTERNATIONAL.fullmatch(digits)
    if found and found[1] in (FRANCE, _country_code(found[2])):
        return f"0{found[2]}"
    return ""


def shown(number: str) -> str:
    """Return a number as it is read: "05 96 50 12 34", "+32 2 555 12 12"; what is no number as it is."""
    stored = parse(number)
    if not stored:
        return number
    if stored.startswith("0"):
        return " ".join(stored[index : index + 2] for index in range(0, 10, 2))
    parsed = phonenumbers.parse(stored)
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def dialled(number: str) -> str:
    """Return a number as it can be dialled from everywhere, "+596596501234"; "" for what is no number."""
    stored = parse(number)
    if not stored.startswith("0"):
        return stored
    if stored.startswith("0508"):
        return f"+508{stored[4:]}"
    return f"+{_country_code(stored[1:])}{stored[1:]}"


def is_same(one: str, other: str) -> bool:
    """Whether two stored forms, of which one may be from an earlier version, are the same number."""
    return bool(_STORED.fullmatch(one) and _STORED.fullmatch(other)) and parse(one) == parse(other) != ""


def _country_code(significant: str) -> str:
    """Return the country code of a French number, given without its 0."""
    if significant.startswith(_SHARED):
        overseas = (phonenumbers.parse(f"0{significant}", region) for region in _REGIONS)
        valid = (number for number in overseas if phonenumbers.is_valid_number(number))
        return str(next((number.country_code for number in valid), FRANCE))
    if significant.startswith(_FICTION):
        return FRANCE
    return _OVERSEAS.get(significant[:3], FRANCE)


def _foreign(digits: str) -> str:
    """Return a number with another country's code in E.164; "" for what is none."""
    try:
        number = phonenumbers.parse(digits, "FR")
    except phonenumbers.NumberParseException:
        return ""
    is_french = str(number.country_code) in _COUNTRY.split("|")
    if is_french or not digits.startswith(("+", "00")) or not phonenumbers.is_valid_number(number):
        return ""
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

"""The formats of values: each takes what a person typed or a file holds and returns the canonical value.

Each raises Django's `ValidationError` with one sentence that says what the value is and what was expected.
Whether a value may be blank is for the caller to say; a blank that gets here is a wrong value.
"""

import re

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from stdnum import exceptions as stdnum_exceptions
from stdnum.fr import siret as stdnum_siret

from drafts.numbers import phones
from drafts.numbers.pasted import compact, padded, visible, whole, without_invisible

LOWEST_VLAN, HIGHEST_VLAN = 1, 4094
SHOWN_LENGTH = 60  # characters
SIRET_LENGTH, POSTCODE_LENGTH, INSEE_LENGTH = 14, 5, 5  # digits

_WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
_DECIMAL = re.compile(r"[+-]?[0-9]{1,9}(?:\.[0-9]{0,20})?")
_INSEE_CODE = re.compile(r"(?:[0-9]{2}|2[AB])[0-9]{3}")


def siret(value: str) -> str:
    """Return a SIRET's 14 digits. The documented sample, fourteen zeros, is one; so are La Poste's own."""
    digits = padded(compact(value), SIRET_LENGTH)
    try:
        return stdnum_siret.validate(digits)
    except stdnum_exceptions.InvalidChecksum:
        raise _wrong(_("SIRET %(value)s has a wrong digit: its check digit doesn't match."), value) from None
    except stdnum_exceptions.InvalidLength:
        length = len(stdnum_siret.compact(digits))
        raise _wrong(_("A SIRET has 14 digits; %(value)s has %(digits)d."), value, digits=length) from None
    except stdnum_exceptions.ValidationError:
        raise _wrong(_("A SIRET is 14 digits; you entered “%(value)s”."), value) from None


def phone(value: str) -> str:
    """Return a phone number: the ten digits of a French one, overseas too, "+32…" for any other."""
    if not phones.is_spelt_like_one(value):
        raise _wrong(
            _("A phone number has only digits, with a + before a country code; you entered “%(value)s”."),
            value,
        )
    number = phones.parse(value)
    if not number:
        raise _wrong(
            _("“%(value)s” isn't a phone number: enter ten digits, or start with + and the country code."),
            value,
        )
    return number


def email(value: str) -> str:
    """Return an email address as typed, without blanks around it or invisible characters in it."""
    address = visible(value)
    try:
        validate_email(address)
    except ValidationError:
        raise _wrong(
            _("An email address looks like name@example.com; you entered “%(value)s”."), value
        ) from None
    return address


def postcode(value: str) -> str:
    """Return a French postcode's five digits, from 01000 to 98999."""
    digits = padded(compact(value), POSTCODE_LENGTH)
    if re.fullmatch(r"[1-9][0-9]{3}", digits):
        raise _wrong(
            _("A postcode has 5 digits; %(value)s has 4. Did you mean 0%(digits)s?"), value, digits=digits
        )
    if not re.fullmatch(r"[0-9]{5}", digits):
        raise _wrong(_("A postcode is 5 digits, such as 76130; you entered “%(value)s”."), value)
    if not "01000" <= digits <= "98999":
        raise _wrong(_("A postcode is between 01000 and 98999; you entered %(value)s."), value)
    return digits


def insee_code(value: str) -> str:
    """Return an INSEE code's five characters: digits, or 2A or 2B and three digits in Corsica."""
    code = padded(compact(value), INSEE_LENGTH).upper()
    if not _INSEE_CODE.fullmatch(code):
        raise _wrong(
            _("An INSEE code is 5 digits, such as 76451, or begins with 2A or 2B; you entered “%(value)s”."),
            value,
        )
    return code


def vlan(value: str | int) -> int:
    """Return a VLAN as a number, from 1 to 4094."""
    number = _vlan_number(str(value))
    if number is None:
        raise _wrong(_("A VLAN is a whole number from 1 to 4094; you entered %(value)s."), str(value))
    return number


@without_invisible
def vlan_list(value: str) -> str:
    """Return one or more VLANs, typed with commas, semicolons or blanks between them, as "1258,1259"."""
    parts = re.split(r"[\s,;]+", value.strip(" \t\r\n,;"))
    numbers = [_vlan_number(part) for part in parts]
    if None in numbers:
        raise _wrong(
            _("VLANs are whole numbers from 1 to 4094, separated by commas; “%(value)s” isn't one."),
            parts[numbers.index(None)],
        )
    return ",".join(str(number) for number in dict.fromkeys(numbers))


def _vlan_number(text: str) -> int | None:
    """Return the VLAN that a text is, or None."""
    digits = whole(compact(text))
    number = int(digits) if _WHOLE_NUMBER.fullmatch(digits) else 0
    return number if LOWEST_VLAN <= number <= HIGHEST_VLAN else None


def latitude(value: str) -> float:
    """Return a latitude in decimal degrees, from -90 to 90."""
    degrees = _decimal(value)
    if degrees is None or abs(degrees) > 90:
        raise _wrong(
            _("A latitude is a decimal number from -90 to 90, such as 49.4744; you entered “%(value)s”."),
            value,
        )
    return degrees


def longitude(value: str) -> float:
    """Return a longitude in decimal degrees, from -180 to 180."""
    degrees = _decimal(value)
    if degrees is None or abs(degrees) > 180:
        raise _wrong(
            _("A longitude is a decimal number from -180 to 180, such as 1.0914; you entered “%(value)s”."),
            value,
        )
    return degrees


def coordinates(latitude: float, longitude: float) -> None:
    """Raise `ValidationError` when the two are in metropolitan France only the other way round."""
    if -5.5 <= latitude <= 10 and 41 <= longitude <= 51.5:
        raise ValidationError(
            _(
                "Latitude and longitude look swapped: metropolitan France lies between latitudes 41 and "
                "51.5; you entered latitude %(latitude)s, longitude %(longitude)s."
            ),
            code="swapped",
            params={"latitude": latitude, "longitude": longitude},
        )


def _decimal(value: str) -> float | None:
    """Return the number that a text is, with a point or a comma, or None."""
    text = compact(value).replace(",", ".").replace("\u2212", "-")
    return float(text) if _DECIMAL.fullmatch(text) else None


def enni_reference(value: str) -> str:
    """Return a collection door's reference in capitals and without blanks; its form is free otherwise."""
    return compact(value).upper()


def option_id(value: str) -> str:
    """Return an option's identifier, which is digits."""
    digits = whole(compact(value))
    if not re.fullmatch(r"[0-9]+", digits):
        raise _wrong(_("An option is given by its number, such as 7021; you entered “%(value)s”."), value)
    return digits


def _wrong(sentence: str, value: str, **params: object) -> ValidationError:
    """Return the error with the value shown in its sentence, shortened when it is long."""
    shown = visible(value)
    if len(shown) > SHOWN_LENGTH:
        shown = f"{shown[:SHOWN_LENGTH]}…"
    return ValidationError(sentence, code="invalid", params={"value": shown, **params})

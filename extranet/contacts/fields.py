"""The fields of the people whom Covage calls, and whether two documents describe the same person."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from drafts import formats
from drafts.fields import Field, FieldSet, Need
from drafts.numbers import phones
from lists.search import normalised


def _phone(name: str, label: Any) -> Field:
    return Field(name, label, "person", rule=formats.phone, reads=phones.shown, max_length=40)


# What the Contacts API shows (extranet-orders.txt, contacts field). No page says which of it is needed.
PERSON = FieldSet(
    (
        Field("first_name", _("First name"), "person", need=Need.CREATION),
        Field("last_name", _("Last name"), "person", need=Need.CREATION),
        _phone("phone_number", _("Phone")),
        _phone("cell_phone_number", _("Mobile phone")),
        Field("email", _("Email"), "person", need=Need.CREATION, rule=formats.email),
    ),
    {"person": _("Contact")},
)


def is_same_person(document: Mapping[str, Any], values: Mapping[str, Any]) -> bool:
    """Whether every field in a vendor's document equals ours, however it is spelt."""
    shown = [field for field in PERSON.fields if field.name in document]
    return bool(shown) and all(
        _plain(field, document[field.name]) == _plain(field, values.get(field.name)) for field in shown
    )


def _plain(field: Field, value: Any) -> str:
    text = "" if value is None else str(value)
    with suppress(ValidationError):
        text = str(field.parse(text) or "")
    return normalised(text)

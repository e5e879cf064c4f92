"""The editions of the vendor's API: how each spells what Carnet knows under one name.

Everything inside Carnet uses the spelling of the `current` edition. Reading takes every spelling of every
edition; writing uses the configured one (docs/vendor-readings.md, 1, 2, 3, 6 and 8). Keys that are not named
here pass through untouched, both ways.

| canonical            | current              | tables                  | earlier                        |
|----------------------|----------------------|-------------------------|--------------------------------|
| enni2                | enni2                | enni_2                  | enni2                          |
| cpe_network_number   | cpe_network_number   | cpe_networking_number   | cpe_network_number             |
| temporary_reference  | temporary_reference  | temporary_reference     | reference_id                   |
| contact1_firstname   | contact1_firstname   | contact1_firstname      | joined in contact1_name        |
| contact1_lastname    | contact1_lastname    | contact1_lastname       | joined in contact1_name        |
| contact1_name        | as it is             | as it is                | contact1_name                  |

and the same for `contact2_…`.
"""

import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Literal, get_args

Edition = Literal["current", "tables", "earlier"]
Document = dict[str, Any]

EDITIONS: tuple[Edition, ...] = get_args(Edition)

SPELLINGS: Mapping[Edition, Mapping[str, str]] = {
    "current": {},
    "tables": {"enni2": "enni_2", "cpe_network_number": "cpe_networking_number"},
    "earlier": {"temporary_reference": "reference_id"},
}
CANONICAL: Mapping[str, str] = {
    spelled: canonical for spellings in SPELLINGS.values() for canonical, spelled in spellings.items()
}
NESTED = ("product_order_item", "related_contact_information")
CONTACTS = ("contact1", "contact2")

_WHOLE_NUMBER = re.compile(r"[+-]?[0-9]{1,18}(\.0+)?")


def read(document: Mapping[str, Any]) -> Document:
    """Return the vendor's document under canonical names, as a new dict.

    Where a document has two spellings of one field, the one that says something counts, the canonical first.
    `vlan_reference` becomes an int, or None when it isn't a number.
    """
    canonical: Document = {}
    for key, value in document.items():
        name = CANONICAL.get(key, key)
        if name not in canonical or _says_more(key == name, value, canonical[name]):
            canonical[name] = value
    if "vlan_reference" in canonical:
        canonical["vlan_reference"] = _whole_number(canonical["vlan_reference"])
    return _with_nested(canonical, read)


def write(document: Mapping[str, Any], edition: Edition) -> Document:
    """Return a canonical document as the edition spells it, as a new dict. A VLAN is sent as a number."""
    spellings = SPELLINGS[edition]
    named = _with_joined_names(document) if edition == "earlier" else document
    wire = {spellings.get(key, key): value for key, value in named.items()}
    if "vlan_reference" in wire:
        wire["vlan_reference"] = _vlan_to_send(wire["vlan_reference"])
    return _with_nested(wire, lambda part: write(part, edition))


def edition_named(name: str) -> Edition:
    """Return the edition of that name. Raises ValueError when there is none."""
    for edition in EDITIONS:
        if edition == name:
            return edition
    raise ValueError(f"The edition must be one of {', '.join(EDITIONS)}, not {name!r}.")


def canonical_name(name: str) -> str:
    """Return the canonical name of a field that any edition may have named."""
    return CANONICAL.get(name, name)


def _says_more(is_canonical: bool, value: Any, known: Any) -> bool:
    if value in (None, ""):
        return False
    return is_canonical or known in (None, "")


def _whole_number(value: object) -> int | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str) and _WHOLE_NUMBER.fullmatch(value.strip()):
        return int(value.strip().partition(".")[0])
    return value if isinstance(value, int) else None


def _vlan_to_send(value: object) -> object:
    """A number where there is one; anything else goes out as it is, for the vendor to refuse by name."""
    if value == "":
        return None
    number = _whole_number(value)
    return value if number is None else number


def _with_joined_names(document: Mapping[str, Any]) -> Document:
    """The earlier edition has one name for a contact: first and last name joined, unless it is there."""
    joined = dict(document)
    for contact in CONTACTS:
        pair = [f"{contact}_firstname", f"{contact}_lastname"]
        if not any(part in joined for part in pair):
            continue
        parts = [joined.pop(part, None) for part in pair]
        if not joined.get(f"{contact}_name"):
            joined[f"{contact}_name"] = " ".join(str(part) for part in parts if part)
    return joined


def _with_nested(document: Document, convert: Callable[[Mapping[str, Any]], Document]) -> Document:
    return {
        key: _each(value, convert) if key in NESTED else deepcopy(value) for key, value in document.items()
    }


def _each(value: Any, convert: Callable[[Mapping[str, Any]], Document]) -> Any:
    if isinstance(value, Mapping):
        return convert(value)
    if isinstance(value, list):
        return [_each(item, convert) for item in value]
    return deepcopy(value)

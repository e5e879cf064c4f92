"""The vendor's documents of orders by our field names, and ours as the vendor expects them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from drafts.merge import at, flatten, is_blank, overlay
from extranet.fields import ENDPOINTS, FIELDS, ORDER

Document = dict[str, Any]


def read(raw: Mapping[str, Any]) -> Document:
    """The vendor's document by our field names, without what is missing in it or has no field.

    Empty endpoints are left out: no draft keeps them, and the others would get other numbers.
    """
    found = {field.name: at(raw, field.name) for field in FIELDS}
    document = ORDER.read({name: value for name, value in found.items() if value is not None})
    if ENDPOINTS in document:
        document[ENDPOINTS] = [end for end in document[ENDPOINTS] if flatten(end)]
    return document


def merge_partial(raw: Mapping[str, Any], part: Mapping[str, Any]) -> Document:
    """`raw`, updated by a partial document, as in a list: what that leaves out stays."""
    document: Document = dict(raw)
    for name, value in part.items():
        earlier = document.get(name)
        if isinstance(value, Mapping) and isinstance(earlier, Mapping):
            document[name] = merge_partial(earlier, value)
        else:
            document |= overlay({name: earlier}, {name: value})
    return document


def with_changes(raw: Mapping[str, Any], changes: Mapping[str, Any]) -> Document:
    """The vendor's whole document with our changes by field name; what is blank in them is removed.

    Everything else in it stays as it came, known or not (docs/vendor-readings.md, 26).
    """
    document: Document = deepcopy(dict(raw))
    for name, value in changes.items():
        _put(document, name.split("."), value)
    return document


def _put(document: Document, parts: list[str], value: Any) -> None:
    """Set a value at its place, or remove it if it is blank, together with objects left empty."""
    first, *rest = parts
    if rest:
        present = document.get(first)
        if is_blank(value) and not isinstance(present, dict):
            return  # What is there instead of an object is not what was emptied.
        within = present if isinstance(present, dict) else {}
        _put(within, rest, value)
        value = within
    if is_blank(value):
        document.pop(first, None)
    else:
        document[first] = value


# The option that a field of ours belongs to.
_OPTION_OF = {
    field.name: field.name.rpartition(".")[0] for field in FIELDS if field.name.startswith("options.")
}
# What the vendor itself sets on an order (extranet-orders.txt, "Creating an order").
_THEIRS = frozenset({"model", "order_uuid", "alias", "operator_uuid", "status", "origin", "product"})


def as_new(raw: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    """The document to create a draft from: our values, and what else is in `raw`, the draft that it replaces.

    What Covage wrote into an option that isn't wanted is left out: the product may not have that option.
    """
    kept = {name: value for name, value in raw.items() if name not in _THEIRS and not name.endswith("_date")}
    wanted = {option for name, option in _OPTION_OF.items() if not is_blank(values.get(name))}
    unwanted = {*_OPTION_OF.values()} - wanted
    return with_changes(kept, dict.fromkeys((*read(kept), *unwanted)) | dict(values))

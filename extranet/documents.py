"""The vendor's documents of orders by our names, and ours as the vendor takes them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from drafts.merge import at, flatten, is_blank, overlay
from extranet.fields import ENDPOINTS, FIELDS, ORDER

Document = dict[str, Any]


def read(told: Mapping[str, Any]) -> Document:
    """The vendor's document by our names; what it doesn't have, and what no field names, is not in it.

    Endpoints that hold nothing are left out: no draft keeps such ones, and the others would bear other numbers.
    """
    found = {field.name: at(told, field.name) for field in FIELDS}
    document = ORDER.read({name: value for name, value in found.items() if value is not None})
    if ENDPOINTS in document:
        document[ENDPOINTS] = [end for end in document[ENDPOINTS] if flatten(end)]
    return document


def laid_over(told: Mapping[str, Any], part: Mapping[str, Any]) -> Document:
    """`told`, brought up to date by a document that may leave anything out, as a list's may: that erases nothing."""
    document: Document = dict(told)
    for name, value in part.items():
        earlier = document.get(name)
        if isinstance(value, Mapping) and isinstance(earlier, Mapping):
            document[name] = laid_over(earlier, value)
        else:
            document |= overlay({name: earlier}, {name: value})
    return document


def written(told: Mapping[str, Any], changes: Mapping[str, Any]) -> Document:
    """The vendor's whole document as `told`, with our changes by name; what is blank in them is taken out.

    Everything else in it stays as it came, whether anybody knows it or not (docs/vendor-readings.md, 26).
    """
    document: Document = deepcopy(dict(told))
    for name, value in changes.items():
        _put(document, name.split("."), value)
    return document


def _put(document: Document, parts: list[str], value: Any) -> None:
    """Set a value at its place, or take it out when it is blank, with the objects that hold nothing any more."""
    first, *rest = parts
    if rest:
        held = document.get(first)
        if is_blank(value) and not isinstance(held, dict):
            return  # What stands there instead of an object is not what was emptied.
        within = held if isinstance(held, dict) else {}
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
# What the vendor gives an order itself (extranet-orders.txt, "Creating an order").
_THEIRS = frozenset({"model", "order_uuid", "alias", "operator_uuid", "status", "origin", "product"})


def as_new(told: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    """The document to create a draft from: our values, and what else stands in `told`, the draft that it replaces.

    What Covage wrote into an option that isn't wanted is left to them: its product may not have it.
    """
    kept = {name: value for name, value in told.items() if name not in _THEIRS and not name.endswith("_date")}
    wanted = {option for name, option in _OPTION_OF.items() if not is_blank(values.get(name))}
    unwanted = {*_OPTION_OF.values()} - wanted
    return written(kept, dict.fromkeys((*read(kept), *unwanted)) | dict(values))

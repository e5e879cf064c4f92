"""Which fields apply to an order: by its type, what is to be activated, and its product."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from drafts.fields import Field
from drafts.merge import at, is_blank
from extranet.fields import CONTACT, ENDPOINTS, FIELDS, SERVICE, TAKES_ENNI
from extranet.states import LINE_BUILDING, ActivationType, Type

Raw = Mapping[str, Any]

# Never typed: an order's type is set when it is started, and a termination's service too.
_GIVEN = frozenset({"type", *SERVICE})
# Where in the building a line ends.
_INDOORS = frozenset({"address.building", "address.stairs", "address.floor", "address.door"})
_OF_A_TERMINATION = frozenset(
    {"operator_order_ref", "operator_order_name", CONTACT, "batch_alias", "comment"}
)


def applicable_fields(draft: Raw, product: Raw, mentioned: Collection[str] = ()) -> list[Field]:
    """The fields that apply to an order, and any other that has a value or is `mentioned` by name.

    `product` is the vendor's document of the product, {} if it isn't known.
    """
    return [
        field
        for field in FIELDS
        if is_applicable(field.name, draft, product) or _has_value(field, draft) or field.name in mentioned
    ]


def is_applicable(name: str, draft: Raw, product: Raw) -> bool:
    """Whether an order of this type, activation type and product has the field of this name."""
    activation_type = draft.get("activation_type")
    if name in _GIVEN:
        return False
    if draft.get("type") == Type.TERMINATE:
        return name in _OF_A_TERMINATION
    if name == ENDPOINTS or name.startswith("activation_info."):
        return activation_type == ActivationType.ACTIVATE
    if name.startswith("reference_endpoint."):
        return activation_type in LINE_BUILDING
    if name.startswith("address."):
        # A line created beside one that the customer has is in the same building: Covage fills in the rest.
        return bool(activation_type) and (activation_type != ActivationType.CREATE or name in _INDOORS)
    if name.startswith("enni."):
        return family_of(product) in TAKES_ENNI or _has_unknown_family(draft, product)
    if name.startswith("options."):
        return _is_offered(name.split(".")[1], product)
    return _suits_owner_type(name, draft.get("owner.type"))


def _has_unknown_family(draft: Raw, product: Raw) -> bool:
    """Whether a product is chosen whose family is unknown: it may be any."""
    return bool(draft.get("product.code")) and not family_of(product)


def family_of(product: Raw) -> str:
    """The code of a product's family; "" if its document has none."""
    return str(at(product, "line.family.code") or "")


def choices_in(product: Raw, option: str) -> list[str]:
    """The values that a product's document lists for an option, in its order."""
    offered = at(product, f"options.{option}")
    entries = offered.values() if isinstance(offered, Mapping) else ()
    lists = [value for value in entries if isinstance(value, list)]
    return [str(value) for values in lists for value in values]


def months_of_term(raw: Raw, product: Raw) -> int | None:
    """An order's contract term in months: by its option, or else by its product's default.

    The extranet's page on options: a value such as `36_months`, a default on all products.
    """
    chosen, offered = (at(document, "options.contract_term") for document in (raw, product))
    is_chosen = isinstance(chosen, Mapping) and chosen.get("enabled") is True
    values = [chosen.get("value")] if is_chosen else []
    values += [term.get("default_value") for term in (chosen, offered) if isinstance(term, Mapping)]
    term_months = (re.match(r"([0-9]{1,3})_month", str(value)) for value in values if value)
    return next((int(found[1]) for found in term_months if found), None)


def _is_offered(option: str, product: Raw) -> bool:
    """Whether a product has an option; one whose options are unknown may have any."""
    offered = product.get("options")
    return not isinstance(offered, Mapping) or option in offered


def _suits_owner_type(name: str, kind: Any) -> bool:
    if name in ("owner.first_name", "owner.last_name"):
        return bool(kind == "individual")
    if name == "owner.siret":
        return bool(kind == "registrated")
    return not (name == "owner.name" and kind == "individual")


def names_a_service(draft: Raw) -> bool:
    """Whether a termination names the service it ends."""
    return any(draft.get(name) for name in SERVICE)


def is_given(name: str, draft: Raw) -> bool:
    """Whether a field is never typed: a termination's product and customer are those of its service."""
    is_of_the_service = name == "product.code" or name.startswith("owner.")
    return name in _GIVEN or (is_of_the_service and draft.get("type") == Type.TERMINATE)


def _has_value(field: Field, draft: Raw) -> bool:
    return not is_given(field.name, draft) and not is_blank(draft.get(field.name))

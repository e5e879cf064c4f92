"""What an order calls for: by its type, what is to be activated, and its product."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from drafts.fields import Field
from drafts.merge import at, is_blank
from extranet.fields import CONTACT, ENDPOINTS, FIELDS, SERVICE, TAKES_ENNI
from extranet.states import LINE_BUILDING, ActivationType, Type

Raw = Mapping[str, Any]

# Never filled in by hand: an order is begun as the one or the other, and a termination for its service.
_GIVEN = frozenset({"type", *SERVICE})
# Where in the house a line ends.
_INDOORS = frozenset({"address.building", "address.stairs", "address.floor", "address.door"})
_OF_A_TERMINATION = frozenset(
    {"operator_order_ref", "operator_order_name", CONTACT, "batch_alias", "comment"}
)


def called_for(draft: Raw, product: Raw, spoken_of: Collection[str] = ()) -> list[Field]:
    """The fields that an order asks a person for, and any other that holds a value or is `spoken_of` by name.

    `product` is the vendor's document of the product, {} when it isn't known.
    """
    return [
        field
        for field in FIELDS
        if is_applicable(field.name, draft, product) or _is_held(field, draft) or field.name in spoken_of
    ]


def is_applicable(name: str, draft: Raw, product: Raw) -> bool:
    """Whether an order of this type, activation type and product takes the field of this name."""
    how = draft.get("activation_type")
    if name in _GIVEN:
        return False
    if draft.get("type") == Type.TERMINATE:
        return name in _OF_A_TERMINATION
    if name == ENDPOINTS or name.startswith("activation_info."):
        return how == ActivationType.ACTIVATE
    if name.startswith("reference_endpoint."):
        return how in LINE_BUILDING
    if name.startswith("address."):
        # A line created beside one that the customer has is in the same house: Covage fills in the rest.
        return bool(how) and (how != ActivationType.CREATE or name in _INDOORS)
    if name.startswith("enni."):
        return family_of(product) in TAKES_ENNI or _is_of_no_known_family(draft, product)
    if name.startswith("options."):
        return _is_offered(name.split(".")[1], product)
    return _suits_the_owner(name, draft.get("owner.type"))


def _is_of_no_known_family(draft: Raw, product: Raw) -> bool:
    """Whether a product is chosen of which nobody tells the family: it may be any."""
    return bool(draft.get("product.code")) and not family_of(product)


def family_of(product: Raw) -> str:
    """The code of a product's family; "" when its document doesn't tell."""
    return str(at(product, "line.family.code") or "")


def choices_in(product: Raw, option: str) -> list[str]:
    """The values that a product's document names for an option, in its order."""
    told = at(product, f"options.{option}")
    lists = [value for value in told.values() if isinstance(value, list)] if isinstance(told, Mapping) else []
    return [str(value) for values in lists for value in values]


def months_of_term(told: Raw, product: Raw) -> int | None:
    """For how many months an order binds: by its option, or by the default that its product has without one.

    extranet-orders.txt's neighbour on options: a value such as `36_months`, a default on all products.
    """
    chosen, offered = (at(document, "options.contract_term") for document in (told, product))
    is_chosen = isinstance(chosen, Mapping) and chosen.get("enabled") is True
    values = [chosen.get("value")] if is_chosen else []
    values += [term.get("default_value") for term in (chosen, offered) if isinstance(term, Mapping)]
    term_months = (re.match(r"([0-9]{1,3})_month", str(value)) for value in values if value)
    return next((int(found[1]) for found in term_months if found), None)


def _is_offered(option: str, product: Raw) -> bool:
    """Whether a product takes an option; one that doesn't tell its options takes any."""
    offered = product.get("options")
    return not isinstance(offered, Mapping) or option in offered


def _suits_the_owner(name: str, kind: Any) -> bool:
    if name in ("owner.first_name", "owner.last_name"):
        return bool(kind == "individual")
    if name == "owner.siret":
        return bool(kind == "registrated")
    return not (name == "owner.name" and kind == "individual")


def names_a_service(draft: Raw) -> bool:
    """Whether a termination says which service it ends."""
    return any(draft.get(name) for name in SERVICE)


def is_given(name: str, draft: Raw) -> bool:
    """Whether nobody fills it in: of a service that ends, its product and customer are known."""
    is_of_the_service = name == "product.code" or name.startswith("owner.")
    return name in _GIVEN or (is_of_the_service and draft.get("type") == Type.TERMINATE)


def _is_held(field: Field, draft: Raw) -> bool:
    return not is_given(field.name, draft) and not is_blank(draft.get(field.name))

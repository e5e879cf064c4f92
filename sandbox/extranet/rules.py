"""What an order may hold, and what it must hold to be submitted.

Creation and PUT check the format of what is there; submission requires what is missing. Fields in errors are
named by their path: `contacts.operator.contact_uuid`, `endpoints.0.endpoint_ref`.
"""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from sandbox.extranet.order import ACTIVATION_TYPES, CopperOrder
from sandbox.extranet.products import CHOICES, ENNI, NEEDS_ENNI, ORDERABLE, family_of, with_defaults
from sandbox.extranet.refusals import REQUIRED, Errors, invalid, refuse

# What a PUT may change; of these, what it leaves out is deleted.
MODIFIABLE = (
    "owner", "comment", "contacts", "options", "operator_order_ref", "operator_order_name", "enni", "batch_alias",
)  # fmt: skip
_TEXTS = (
    "eligibility_ref",
    "operator_order_ref",
    "operator_order_name",
    "comment",
    "batch_alias",
    "activation_type",
)
_OBJECTS = ("options", "contacts", "activation_info", "owner", "reference_endpoint", "address", "enni")
_FIXED = (
    "activation_type",
    "eligibility_ref",
    "activation_info",
    "endpoints",
    "reference_endpoint",
    "address",
)
_LINE_NUMBER = re.compile(r"0[1-9][0-9]{8}")
NOBODYS_LINE = "0199009999"  # the one telephone number that is no line's
_BATCH = re.compile(r"B[0-9]{6}_[0-9]{5}")

Document = dict[str, Any]


def read_activation(document: Mapping[str, Any], contacts: Collection[str]) -> Document:
    """Return the fields of an activation order to be created; raises Refusal 400."""
    values = _present(document, (*_FIXED, *MODIFIABLE))
    errors = _form_errors(values, contacts)
    product = document.get("product")
    code = product.get("code") if isinstance(product, dict) else None
    errors |= _product_errors(code) | _activation_type_errors(values.get("activation_type"))
    refuse(errors)
    return {"product": ORDERABLE[str(code)]} | _with_defaults(values, str(code))


def read_termination(document: Mapping[str, Any], contacts: Collection[str]) -> Document:
    """Return the fields of a termination order to be created, without its service; raises Refusal 400."""
    values = _present(document, tuple(name for name in MODIFIABLE if name not in ("options", "enni")))
    refuse(_form_errors(values, contacts))
    return values


def read_changes(document: object, order: CopperOrder, contacts: Collection[str]) -> Document:
    """Return what a PUT changes, None for what it removes; raises Refusal 400.

    The endpoints can be changed where they are what is to be activated; the page leaves that open.
    """
    if not isinstance(document, dict):
        raise invalid({"": ["Send a JSON object."]})
    updatable = (
        (*MODIFIABLE, "endpoints") if order.fields.get("activation_type") == "activate" else MODIFIABLE
    )
    values = _present(document, updatable)
    refuse(_form_errors(values, contacts))
    return dict.fromkeys(updatable) | _with_defaults(values, order.product_code)


def missing(order: CopperOrder) -> Errors:
    """Return what keeps the order from being submitted, by field."""
    absent = [path for path in _required(order) if not _at(order.fields, path)]
    return {path: [REQUIRED] for path in absent}


def _required(order: CopperOrder) -> list[str]:
    required = ["contacts.operator.contact_uuid"]
    if order.terminates:
        return required
    required.append("owner")
    if order.builds_a_line:
        required.append("reference_endpoint.endpoint_ref")
    else:
        required += ["endpoints", "activation_info.mandate_id"]
    if family_of(order.product_code) == NEEDS_ENNI:
        required += ["enni.enni_service_ref", "enni.enni_vlan"]
    if _at(order.fields, "options.portability.enabled"):
        required.append("options.portability.prefix_code")
    return required


def _at(document: object, path: str) -> object:
    """The value at this path, None where any part of the path is missing."""
    for name in path.split("."):
        document = document.get(name) if isinstance(document, dict) else None
    return document


def _present(document: Mapping[str, Any], names: tuple[str, ...]) -> Document:
    return {name: document[name] for name in names if document.get(name) is not None}


def _with_defaults(values: Document, product_code: str) -> Document:
    if "options" not in values:
        return values
    return values | {"options": with_defaults(product_code, values["options"])}


def _product_errors(code: object) -> Errors:
    if not code:
        return {"product.code": [REQUIRED]}
    if not isinstance(code, str) or code not in ORDERABLE:
        return {"product.code": [f"There is no product {code}."]}
    if family_of(code) == ENNI:
        return {"product.code": ["An ENNI service is ordered with Covage, not here."]}
    return {}


def _activation_type_errors(activation_type: object) -> Errors:
    if activation_type in ACTIVATION_TYPES:
        return {}
    message = f"“{activation_type}” is not a valid choice." if activation_type else REQUIRED
    return {"activation_type": [message]}


def _form_errors(values: Document, contacts: Collection[str]) -> Errors:
    """What is wrong with the values that are there."""
    errors: Errors = {
        name: ["Not a valid string."] for name in _TEXTS if not isinstance(values.get(name, ""), str)
    }
    errors |= {
        name: ["Expected an object."] for name in _OBJECTS if not isinstance(values.get(name, {}), dict)
    }
    for name, check in _CHECKS.items():
        if name in values and name not in errors:
            errors |= check(values[name])
    return errors | (_contact_errors(values, contacts) if "contacts" not in errors else {})


def _contact_errors(values: Document, contacts: Collection[str]) -> Errors:
    path = "contacts.operator.contact_uuid"
    contact_uuid = _at(values, path)
    if not contact_uuid or contact_uuid in contacts:
        return {}
    return {path: [f"There is no contact {contact_uuid}."]}


def _endpoints_errors(endpoints: object) -> Errors:
    if not isinstance(endpoints, list):
        return {"endpoints": ["Expected a list."]}
    errors: Errors = {}
    for place, endpoint in enumerate(endpoints):
        errors |= _endpoint_errors(endpoint, f"endpoints.{place}")
    return errors


def _endpoint_errors(endpoint: object, path: str = "reference_endpoint") -> Errors:
    """A line is known by any French telephone number but one; other kinds of endpoint are all known."""
    if not isinstance(endpoint, dict):
        return {path: ["Expected an object."]}
    reference, kind = endpoint.get("endpoint_ref"), endpoint.get("endpoint_ref_type")
    errors = {
        f"{path}.{name}": [REQUIRED]
        for name, value in (("endpoint_ref", reference), ("endpoint_ref_type", kind))
        if not value or not isinstance(value, str)
    }
    is_known = _LINE_NUMBER.fullmatch(str(reference)) and reference != NOBODYS_LINE
    if not errors and kind == "line_number" and not is_known:
        errors[f"{path}.endpoint_ref"] = [f"There is no line {reference}."]
    return errors


def _enni_errors(enni: Document) -> Errors:
    vlan = enni.get("enni_vlan")
    if vlan in (None, ""):
        return {}
    digits = str(vlan)
    if re.fullmatch(r"[0-9]{1,4}", digits) and 1 <= int(digits) <= 4094:
        return {}
    return {"enni.enni_vlan": ["Ensure this value is between 1 and 4094."]}


def _options_errors(options: Document) -> Errors:
    errors: Errors = {}
    for code, option in options.items():
        if code not in CHOICES:
            errors[f"options.{code}"] = [f"There is no option {code}."]
        elif not isinstance(option, dict):
            errors[f"options.{code}"] = ["Expected an object."]
        else:
            errors |= _choice_errors(code, option)
    return errors


def _choice_errors(code: str, option: Document) -> Errors:
    return {
        f"options.{code}.{name}": [f"“{option[name]}” is not a valid choice."]
        for name, values in CHOICES[code].items()
        if option.get(name) and option[name] not in values
    }


def _batch_errors(batch_alias: str) -> Errors:
    if not batch_alias or _BATCH.fullmatch(batch_alias):
        return {}
    return {"batch_alias": [f"There is no batch {batch_alias}."]}


_CHECKS: Mapping[str, Callable[[Any], Errors]] = {
    "endpoints": _endpoints_errors,
    "reference_endpoint": _endpoint_errors,
    "enni": _enni_errors,
    "options": _options_errors,
    "batch_alias": _batch_errors,
}

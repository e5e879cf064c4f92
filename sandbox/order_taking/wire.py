"""Names on the wire: which fields there are, of what kind, and how each edition of the API spells them.

Inside the stand-in every field has the name that the documentation's examples use.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.clock import shown
from sandbox.order_taking.model import Line, Session

LINE_KINDS: Mapping[str, str] = {
    "end_customer_name": "string",
    "external_id": "string",
    "option_ids": "strings",
    "note": "string",
    "technical_note": "string",
    "product_offering_id": "string",
    "product_offering_qualification_item_id": "string",
    "project_id": "string",
    "quote_item_id": "string",
    "delivery_mode": "string",
    "enni": "string",
    "enni2": "string",
    "vlan_reference": "integer",
    "customer_order_name": "string",
    "business_code": "string",
    "billing_site_ref": "string",
    "related_contact_information": "contacts",
    "siret_known": "boolean",
    "additional_vlan_reference": "string",
    "offer_family": "string",
    "offer_technology": "string",
    "specific_request": "string",
    "access_instructions": "string",
    "scheduled_delivery_date": "date",
    "cpe_network_number": "string",
    "cpe_serial_number": "string",
}
CONTACT_KINDS: Mapping[str, str] = {
    "end_customer_name": "string",
    "siret": "string",
    "contact1_email_address": "string",
    "contact1_name": "string",
    "contact1_firstname": "string",
    "contact1_lastname": "string",
    "contact1_phone_number": "string",
    "contact2_email_address": "string",
    "contact2_name": "string",
    "contact2_firstname": "string",
    "contact2_lastname": "string",
    "contact2_phone_number": "string",
    "city": "string",
    "postcode": "string",
    "street_name": "string",
    "street_number": "string",
    "street_number_extension": "string",
    "insee_code": "string",
    "building_name": "string",
    "level_number": "string",
    "latitude": "number",
    "longitude": "number",
}
SESSION_KINDS: Mapping[str, str] = {"external_id": "string", "project_id": "string"}
_EMPTY: Mapping[str, Any] = {"string": "", "strings": [], "contacts": [], "boolean": False}

NOT_IN_UPDATES = frozenset({"offer_family", "offer_technology"})
# In no response example, only in "the full detail of the line" (docs/vendor-readings.md, 18).
ONLY_IN_DETAIL = frozenset(
    {
        "siret_known",
        "additional_vlan_reference",
        "specific_request",
        "access_instructions",
        "scheduled_delivery_date",
    }
)
_SITE = ("city", "postcode", "street_name", "street_number", "insee_code")


@dataclass(frozen=True)
class Edition:
    """One edition of the order-taking API.

    `spelling` maps a field's name here to its name on the wire, `unknown_*` names what the edition doesn't
    know: ignored in requests, absent from answers. The rest is what confirmation requires.
    """

    name: str
    contact_required: tuple[str, ...]
    enni_required: bool = True
    spelling: Mapping[str, str] = field(default_factory=dict)
    unknown_line_fields: frozenset[str] = frozenset()
    unknown_contact_fields: frozenset[str] = frozenset()

    def spelt(self, name: str) -> str:
        return self.spelling.get(name, name)

    def line_kinds(self) -> dict[str, str]:
        return {name: kind for name, kind in LINE_KINDS.items() if name not in self.unknown_line_fields}

    def contact_kinds(self) -> dict[str, str]:
        return {name: kind for name, kind in CONTACT_KINDS.items() if name not in self.unknown_contact_fields}

    def knows(self, name: str) -> bool:
        return name not in self.unknown_line_fields


_ONE_NAME = frozenset({"contact1_name", "contact2_name"})
_TWO_NAMES = frozenset({"contact1_firstname", "contact1_lastname", "contact2_firstname", "contact2_lastname"})
_CONTACT_REQUIRED = (
    "end_customer_name",
    "contact1_email_address",
    "contact1_firstname",
    "contact1_lastname",
    "contact1_phone_number",
    *_SITE,
)
EDITIONS: Mapping[str, Edition] = {
    "current": Edition("current", _CONTACT_REQUIRED, unknown_contact_fields=_ONE_NAME),
    "tables": Edition(
        "tables",
        _CONTACT_REQUIRED,
        spelling={"enni2": "enni_2", "cpe_network_number": "cpe_networking_number"},
        unknown_contact_fields=_ONE_NAME,
    ),
    "earlier": Edition(
        "earlier",
        (
            "end_customer_name",
            "siret",
            "contact1_email_address",
            "contact1_name",
            "contact1_phone_number",
            *_SITE,
            "latitude",
            "longitude",
        ),
        enni_required=False,
        spelling={"temporary_reference": "reference_id"},
        unknown_line_fields=ONLY_IN_DETAIL
        | NOT_IN_UPDATES
        | {"enni2", "billing_site_ref", "cpe_network_number", "cpe_serial_number"}
        | {"product_order_id", "building_ref"},
        unknown_contact_fields=_TWO_NAMES,
    ),
}


def emptied(kinds: Mapping[str, str]) -> dict[str, Any]:
    """Every field of these kinds at its empty value."""
    return {name: _EMPTY.get(kind) for name, kind in kinds.items()}


def session_document(session: Session) -> dict[str, Any]:
    """A session as the creation and the list show it: the eight fields, with its state."""
    return {
        "external_id": session.external_id,
        "project_id": session.project_id,
        "id": session.id,
        "creation_date": shown(session.creation_date),
        "cancellation_date": shown(session.cancellation_date),
        "completion_date": shown(session.completion_date),
        "order_date": shown(session.order_date),
        "state": session.state,
    }


def session_detail(session: Session, lines: Iterable[Line], edition: Edition) -> dict[str, Any]:
    """A session as detail, PATCH, confirm and line DELETE show it: four fields, no state."""
    return {
        "external_id": session.external_id,
        "project_id": session.project_id,
        "id": session.id,
        "product_order_item": [line_document(line, edition) for line in lines],
    }


def line_document(line: Line, edition: Edition) -> dict[str, Any]:
    """A line as PATCH, confirm and the session's detail show it."""
    return _shown_line(line, edition, without=ONLY_IN_DETAIL | NOT_IN_UPDATES)


def created_line_document(line: Line, edition: Edition) -> dict[str, Any]:
    """A line as its creation answers it."""
    return _shown_line(line, edition, without=ONLY_IN_DETAIL)


def line_detail(line: Line, edition: Edition) -> dict[str, Any]:
    """A line in full."""
    return _shown_line(line, edition, without=frozenset())


def _shown_line(line: Line, edition: Edition, without: frozenset[str]) -> dict[str, Any]:
    document = {
        **line.fields,
        "id": line.id,
        "product_order_id": line.session_id,
        "cancellation_date": shown(line.cancellation_date),
        "cancellation_reason": line.cancellation_reason,
        "completion_date": shown(line.completion_date),
        "order_date": shown(line.order_date),
        "state": line.state,
        "state_change": line.state_change,
        "termination_error": line.termination_error,
        "order_reference": line.order_reference,
        "temporary_reference": line.order_reference,
        "building_ref": line.building_ref,
    }
    return {
        edition.spelt(name): value
        for name, value in document.items()
        if name not in without and edition.knows(name)
    }


def line_summary(line: Line, edition: Edition) -> dict[str, Any]:
    """A line as the list shows it: the fourteen documented fields."""
    values = line.fields
    document = {
        "id": line.id,
        "product_order_id": line.session_id,
        "end_customer_name": values["end_customer_name"],
        "external_id": values["external_id"],
        "product_offering_id": values["product_offering_id"],
        "product_offering_qualification_item_id": values["product_offering_qualification_item_id"],
        "state": line.state,
        "order_reference": line.order_reference,
        "temporary_reference": line.order_reference,
        "customer_order_name": values["customer_order_name"],
        "creation_date": shown(line.creation_date),
        "order_date": shown(line.order_date),
        "expiration_date": shown(line.expiration_date),
        "scheduled_delivery_date": values.get("scheduled_delivery_date"),
    }
    return {edition.spelt(name): value for name, value in document.items()}

"""What confirming a session requires of its lines.

A refusal has the shape `{"product_order_item": [{field: [messages]}, {}, …]}`, one entry a line in the
session's order, `{}` for a line that is fine.
"""

import hashlib
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sandbox.clock import shown
from sandbox.exchange import Refusal
from sandbox.order_taking.model import Line, Session, Store
from sandbox.order_taking.wire import Edition

CPE_OPTION = "7021"
_REQUIRED = "This field is required."
_MUST_BE_EMPTY = f"This field must be empty without option {CPE_OPTION}."

Errors = dict[str, Any]


def confirm(store: Store, session: Session, edition: Edition, now: datetime) -> None:
    """Turn a draft session into orders; raises Refusal (409 or 400) and then has changed nothing."""
    if not session.is_draft:
        raise Refusal(409, {"detail": f"Order session {session.id} is {session.state}, not created."})
    lines = store.lines_of(session)
    if not lines:
        raise Refusal(400, {"product_order_item": ["The order session has no order line."]})
    errors = [line_errors(line, edition, now) for line in lines]
    if any(errors):
        raise Refusal(400, {"product_order_item": errors})
    session.state, session.order_date = "in_progress", now
    for line in lines:
        _order(line, now)
    store.moving.add(session.id)


def _order(line: Line, now: datetime) -> None:
    if is_dia(line):
        line.fields = line.fields | {"enni": computed_enni(line)}
    line.order_date = now
    line.enter("in_progress", now)


def is_dia(line: Line) -> bool:
    """Whether the line orders a DIA offer, whose ENNI the vendor chooses itself."""
    names = (line.fields.get("offer_family", ""), line.fields["product_offering_id"])
    return any(name.upper().startswith("DIA") for name in names)


def computed_enni(line: Line) -> str:
    number = int(hashlib.sha256(line.id.encode()).hexdigest(), 16) % 100_000
    return f"CN9{number:05d}"


def line_errors(line: Line, edition: Edition, now: datetime) -> Errors:
    """Return everything that keeps this line from being confirmed, by field as the edition spells it."""
    values = line.fields
    errors: Errors = _cpe_errors(values) if edition.knows("cpe_serial_number") else {}
    if edition.enni_required and not values["enni"] and not is_dia(line):
        errors["enni"] = [_REQUIRED]
    if values["vlan_reference"] is not None and not 1 <= values["vlan_reference"] <= 4094:
        errors["vlan_reference"] = ["Ensure this value is between 1 and 4094."]
    if now > line.expiration_date:
        errors["expiration_date"] = [f"This draft expired on {shown(line.expiration_date)}."]
    errors |= _contacts_errors(values, edition)
    return {edition.spelt(name): messages for name, messages in errors.items()}


def _cpe_errors(values: Mapping[str, Any]) -> Errors:
    """The option and the two CPE fields go together (docs/vendor-readings.md, 4)."""
    wanted = CPE_OPTION in values["option_ids"]
    message = _REQUIRED if wanted else _MUST_BE_EMPTY
    fields = ("cpe_network_number", "cpe_serial_number")
    return {name: [message] for name in fields if bool(values[name]) != wanted}


def _contacts_errors(values: Mapping[str, Any], edition: Edition) -> Errors:
    contacts = values["related_contact_information"]
    if not contacts:
        return {"related_contact_information": [_REQUIRED]}
    siret_known = bool(values.get("siret_known"))
    errors = [_contact_errors(contact, edition, siret_known) for contact in contacts]
    return {"related_contact_information": errors} if any(errors) else {}


def _contact_errors(contact: Mapping[str, Any], edition: Edition, siret_known: bool) -> Errors:
    required = {*edition.contact_required, *(["siret"] if siret_known else [])}
    errors: Errors = {
        edition.spelt(name): [_REQUIRED]
        for name in edition.contact_kinds()
        if name in required and contact[name] in ("", None)
    }
    if contact["siret"] and not re.fullmatch(r"[0-9]{14}", contact["siret"]):
        errors["siret"] = ["A SIRET has 14 digits."]
    return errors

"""The operator's contacts, one of whom every order names."""

from collections.abc import Mapping
from typing import Any

from sandbox.extranet.identifiers import new_id
from sandbox.extranet.refusals import REQUIRED, Errors, refuse, refused

FIRST = "bp5nkkcx"  # the one of the page's example
FIELDS = ("first_name", "last_name", "phone_number", "cell_phone_number", "email")
_REQUIRED = ("first_name", "last_name", "email")
Document = dict[str, Any]
_AT_THE_START = (
    (FIRST, "Camille", "Rambaud", "0199000011", "0639980011", "c.rambaud@operateur.example"),
    ("k2nlerox", "Nicolas", "Leroux", "0199000012", "", "n.leroux@operateur.example"),
    ("93reo2i3", "Inès", "Castaing", "0199000013", "0639980013", "i.castaing@operateur.example"),
)


class Contacts:
    """Contacts by their uuid."""

    def __init__(self) -> None:
        self.all: dict[str, Document] = {}
        self.clear()

    def clear(self) -> None:
        """Back to those of the start."""
        self.all = {
            row[0]: _document(row[0], dict(zip(FIELDS, row[1:], strict=True))) for row in _AT_THE_START
        }

    def get(self, contact_uuid: str) -> Document:
        """The contact; raises Refusal 404."""
        if contact_uuid not in self.all:
            raise refused(404, f"No contact {contact_uuid}.")
        return self.all[contact_uuid]

    def put(self, contact_uuid: str, document: object) -> Document:
        """Let the contact be as this document says, whatever it was; raises Refusal 400."""
        self.all[contact_uuid] = _document(contact_uuid, _read(document))
        return self.all[contact_uuid]

    def create(self, document: object) -> Document:
        return self.put(new_id(), document)


def _document(contact_uuid: str, values: Mapping[str, str]) -> Document:
    return {"contact_uuid": contact_uuid, **{name: values.get(name, "") for name in FIELDS}}


def _read(document: object) -> dict[str, str]:
    values = document if isinstance(document, dict) else {}
    values = {name: values.get(name) or "" for name in FIELDS}
    errors: Errors = {name: [REQUIRED] for name in _REQUIRED if not values[name]}
    errors |= {name: ["Not a valid string."] for name in FIELDS if not isinstance(values[name], str)}
    refuse(errors)
    return values

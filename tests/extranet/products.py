"""Products of the extranet, one of each kind with fields or options of its own."""

from typing import Any

from django.utils import timezone

from extranet import ingest
from extranet.models import Contact

GRT = {"grt": {"default_value": "4h_bhbd", "value": ["4h_bhbd", "4h_24_7", "8h"]}}
OFFERED: dict[str, tuple[str, str, dict[str, Any]]] = {
    "SD01": ("S", "SDSL-4M", GRT | {"contract_term": {"value": ["12_months"]}}),
    "AM01": ("A", "ADSL-Max", GRT | {"portability": {}, "unlisted_number": {}}),
    "NA01": ("N", "ENNI-1G", {}),
}


def product(code: str) -> dict[str, Any]:
    """A product as the vendor's document shows it."""
    family, name, options = OFFERED[code]
    line = {"code": code[:2], "name": name, "family": {"code": family, "name": family}}
    return {"code": code, "name": name, "description": f"{name} line", "line": line, "options": options}


def read_products() -> None:
    """Ingest the list of products."""
    ingest.ingest_products([product(code) for code in OFFERED], timezone.now())


def known_contact(contact_uuid: str = "bp5nkkcx", **person: str) -> Contact:
    """A contact as a sync ingests it, once."""
    if known := Contact.objects.filter(upstream_id=contact_uuid).first():
        return known
    raw = {"first_name": "Léa", "last_name": "Fournier", "email": "lea@operateur.example"} | person
    contact = Contact(upstream_id=contact_uuid)
    contact.merge_raw({"contact_uuid": contact_uuid, **raw}, timezone.now())
    contact.save()
    return contact

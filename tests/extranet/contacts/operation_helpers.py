"""Léa, a contact: created here, sent to the vendor, and synced."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from covage import Extranet
from extranet import sync
from extranet.contacts import actions as contacts_actions
from extranet.models import Contact
from outbox import clients, delivery
from outbox.models import Operation
from sync import runs
from tests.sandbox_process import SandboxProcess

POSTING = {"method": "POST", "path": "/api/contacts/$"}
PUTTING = {"method": "PUT", "path": "/api/contacts/"}
DELETING = {"method": "DELETE", "path": "/api/contacts/"}
LEA = {
    "first_name": "Léa",
    "last_name": "Fournier",
    "phone_number": "0199000077",
    "email": "lea.fournier@operateur.example",
}


def cause_fault(sandbox: SandboxProcess, fault: dict[str, Any], where: dict[str, Any] = POSTING) -> None:
    sandbox.faults([{**where, "times": 1, **fault}])


def send(contact: Contact, client: Extranet | None = None) -> Contact:
    """Send what is pending of a contact, once. Returns it as it is then."""
    Operation.objects.unfinished().update(due_at=timezone.now(), held_until=timezone.now())
    delivery.deliver(contact.pk, client or clients.interactive_extranet())
    return again(contact)


def send_all(contact: Contact) -> Contact:
    for _ in range(6):
        contact = send(contact)
        if not Operation.objects.unfinished().filter(subject_id=contact.pk).exists():
            break
    return contact


def again(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def newest(contact: Contact) -> Operation:
    return Operation.objects.filter(subject_id=contact.pk).latest("id")


def upstream(sandbox: SandboxProcess, last_name: str = "Fournier") -> list[dict[str, Any]]:
    """Those of this name whom the vendor has."""
    listed = sandbox.extranet("GET", "contacts/").json()
    found = listed if isinstance(listed, list) else listed["objects"]
    return [raw for raw in found if raw["last_name"] == last_name]


def sync_contacts() -> None:
    runs.run("extranet-catalogue", sync.sync_products)


def made(by: User) -> Contact:
    return send(contacts_actions.create_contact(by, LEA))

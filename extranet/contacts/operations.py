"""The outbox operations of a contact: save it at the vendor, created once only, and delete it there.

The vendor takes no key of ours. After a lost answer the contact is looked up in the list: one that was not there
before, and that equals in every field what was sent, is ours.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from covage import Extranet
from drafts import refusals
from drafts.ingest import if_equal, values_in
from extranet import documents
from extranet.contacts.fields import PERSON, is_same_person
from extranet.ingest import SAVE_CONTACT, recount
from extranet.models import Contact, CopperOrder
from outbox.deletion import Deletion
from outbox.handlers import Handler
from outbox.models import Operation
from outbox.queue import NewOperation, enqueue
from sync.listing import reading_a_list

Document = dict[str, Any]

DELETE_CONTACT = "delete-contact"


def enqueue_contact(kind: str, contact: Contact, actor: Any) -> None:
    """Enqueue an operation on a contact, in the caller's transaction."""
    enqueue(NewOperation(kind, contact.pk, contact.pk, str(contact), contact.get_absolute_url()), actor)


def recount_drafts(contact: Contact) -> None:
    """Count again what is missing in the drafts that name a contact, once it came or went."""
    recount(CopperOrder.objects.filter(contact_uuid=contact.upstream_id or None))


class SaveContact:
    """Create a contact, or replace the vendor's whole document of it by ours."""

    def describe(self, operation: Operation) -> str:
        return _("create or change the contact")

    def prepare(self, operation: Operation, client: Extranet) -> Document | None:
        contact = _contact(operation)
        if contact.deleted_at:
            return None
        if not contact.upstream_id:
            known = [Contact.id_in(raw) for raw in _listed(client)]
            return {"create": dict(contact.draft), "known": known}
        at = timezone.now()
        contact = _merge_raw(operation, client.contact(contact.upstream_id), at)
        changes = contact.changes_to_send()
        return {"change": changes} if changes else None

    def send(self, operation: Operation, client: Extranet) -> Document:
        sent, contact = operation.sent or {}, _contact(operation)
        if "create" in sent:
            return client.create_contact(documents.with_changes({}, sent["create"]))
        whole = documents.with_changes(contact.upstream, sent["change"])
        return client.replace_contact(contact.contact_uuid, whole)

    def verify(self, operation: Operation, client: Extranet) -> Document | None:
        sent, contact = operation.sent or {}, _contact(operation)
        if "create" in sent:
            return _created(contact, sent, client)
        raw = client.contact(contact.contact_uuid)
        shown = dict.fromkeys(sent["change"]) | PERSON.read(raw)
        return raw if if_equal(shown, sent["change"]) else None

    def apply(self, operation: Operation, answer: Document) -> None:
        if "create" in (operation.sent or {}):
            # A sync may have ingested it as somebody else's a moment ago.
            Contact.objects.filter(upstream_id=Contact.id_in(answer), is_ours=False).delete()
        contact = _merge_raw(operation, answer, timezone.now(), sent=values_in(operation.sent))
        contact.refusals = []
        contact.save(update_fields=["refusals"])

    def refused(self, operation: Operation) -> None:
        contact = _locked(operation)
        if operation.failure == "NotFound" and contact.upstream_id:
            contact.gone_at = timezone.now()
        contact.refusals = refusals.of(operation.errors, contact.draft)
        contact.save()
        recount_drafts(contact)


class DeleteContact(Deletion[Extranet]):
    """Delete a contact."""

    def describe(self, operation: Operation) -> str:
        return _("delete the contact")

    def prepare(self, operation: Operation, client: Extranet) -> Document | None:
        contact = _contact(operation)
        return {"delete": contact.upstream_id} if contact.upstream_id else None

    def delete(self, sent: Document, client: Extranet) -> None:
        client.delete_contact(sent["delete"])

    def is_there(self, sent: Document, client: Extranet) -> bool:
        client.contact(sent["delete"])
        return True

    def apply(self, operation: Operation, answer: Document) -> None:
        Contact.objects.filter(pk=operation.target_id).update(gone_at=timezone.now())

    def refused(self, operation: Operation) -> None:
        """Covage still has it, so it comes back."""
        contact = _locked(operation)
        contact.deleted_at = None
        contact.save(update_fields=["deleted_at"])
        recount_drafts(contact)


HANDLERS: dict[str, Handler[Extranet]] = {SAVE_CONTACT: SaveContact(), DELETE_CONTACT: DeleteContact()}


def _contact(operation: Operation) -> Contact:
    return Contact.objects.get(pk=operation.target_id)


def _locked(operation: Operation) -> Contact:
    return Contact.objects.select_for_update().get(pk=operation.target_id)


@transaction.atomic
def _merge_raw(operation: Operation, raw: Document, at: datetime, *, sent: Document | None = None) -> Contact:
    """Merge the vendor's document of a contact. Returns the contact as it is then."""
    contact = _locked(operation)
    contact.upstream_id = contact.upstream_id or Contact.id_in(raw)
    contact.merge_raw(raw, at, sent=sent)
    contact.save()
    return contact


def _created(contact: Contact, sent: Document, client: Extranet) -> Document | None:
    """The contact that equals what was sent, wasn't there before, and is not another one created here."""
    others = Contact.objects.filter(is_ours=True, upstream_id__isnull=False).exclude(pk=contact.pk)
    known = {*sent["known"], *others.values_list("upstream_id", flat=True)}
    fresh = (raw for raw in _listed(client) if Contact.id_in(raw) not in known)
    return next((raw for raw in fresh if is_same_person(raw, sent["create"])), None)


def _listed(client: Extranet) -> list[Document]:
    """The vendor's contacts. Raises BadAnswer on a 404, which says nothing about the list."""
    with reading_a_list():
        return [raw for raw in client.contacts() if raw.get("contact_uuid")]

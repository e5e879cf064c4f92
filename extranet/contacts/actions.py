"""What people do to contacts. Each is one transaction: the change, its event, and its operation in the outbox."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from drafts import actions
from drafts.history import record
from extranet.contacts.operations import DELETE_CONTACT, enqueue_contact, recount_drafts
from extranet.ingest import SAVE_CONTACT
from extranet.models import Contact
from outbox import queue
from outbox.models import Operation

if TYPE_CHECKING:
    from accounts.models import User

Values = Mapping[str, Any]


class NotThere(Exception):
    """The contact was deleted, here or at Covage."""


@transaction.atomic
def create_contact(by: "User", values: Values, *, key: uuid.UUID | None = None) -> Contact:
    """Create a contact, to be sent to the vendor. With `key`, the same key again returns the contact it made."""
    contact = Contact(pk=key or uuid.uuid4(), is_ours=True)
    contact.edit(values, {})
    if not actions.insert(contact):
        return Contact.objects.get(pk=contact.pk)
    record("created", contact.pk, actor=by, label=str(contact))
    enqueue_contact(SAVE_CONTACT, contact, by)
    return contact


@transaction.atomic
def edit_contact(key: uuid.UUID, by: "User", values: Values) -> Contact:
    """Save what was typed, by field. What Covage doesn't have yet is enqueued, again if need be. Raises NotThere."""
    contact = _locked(key)
    changes = contact.edit(values, {})
    # What was refused is sent again, and Covage says again what is wrong with it.
    contact.refusals = []
    contact.reflect()
    contact.save()
    if changes:
        record("edited", contact.pk, actor=by, label=str(contact), changes=changes)
    # Even what equals the vendor's last document is enqueued: something else may be on its way there.
    if changes or contact.unsent or not contact.upstream_id:
        enqueue_contact(SAVE_CONTACT, contact, by)
    return contact


@transaction.atomic
def delete_contact(key: uuid.UUID, by: "User") -> None:
    """Delete a contact, here at once and upstream if it is there. Raises NotThere."""
    contact = _locked(key)
    contact.deleted_at = timezone.now()
    contact.save(update_fields=["deleted_at"])
    record("deleted", contact.pk, actor=by, label=str(contact))
    queue.withdraw_waiting(contact.pk)
    enqueue_contact(DELETE_CONTACT, contact, by)
    recount_drafts(contact)


@transaction.atomic
def withdraw(operation: Operation, by: "User") -> bool:
    """Withdraw an operation before anything was sent. What was typed stays. Returns whether it was possible."""
    contact = Contact.objects.select_for_update().get(pk=operation.target_id)
    if not queue.withdraw(operation):
        return False
    if operation.kind == DELETE_CONTACT:
        contact.deleted_at = None
        contact.save(update_fields=["deleted_at"])
        recount_drafts(contact)
    record("withdrawn", contact.pk, actor=by, label=operation.label)
    return True


def _locked(key: uuid.UUID) -> Contact:
    contact = Contact.objects.select_for_update().get(pk=key)
    if not contact.is_there:
        raise NotThere
    return contact

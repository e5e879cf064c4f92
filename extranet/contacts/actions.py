"""What people do to contacts. Each is one transaction: the change, its event, and what is owed to the vendor."""

import uuid
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from drafts import actions
from drafts.history import record
from extranet.contacts.operations import DELETE_CONTACT, owe, recount_drafts
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
    """A new contact, owed to the vendor. With `key`, the same key again answers the contact that it made."""
    contact = Contact(pk=key or uuid.uuid4(), is_ours=True)
    contact.edit(values, {})
    if not actions.insert(contact):
        return Contact.objects.get(pk=contact.pk)
    record("created", contact.pk, actor=by, label=str(contact))
    owe(SAVE_CONTACT, contact, by)
    return contact


@transaction.atomic
def edit_contact(key: uuid.UUID, by: "User", values: Values) -> Contact:
    """Take what a person typed, by field. What Covage hasn't got of it is owed, again if need be. Raises NotThere."""
    contact = _locked(key)
    changes = contact.edit(values, {})
    # What was refused is sent anew, and Covage says anew what is wrong with it.
    contact.refusals = []
    contact.reflect()
    contact.save()
    if changes:
        record("edited", contact.pk, actor=by, label=str(contact), changes=changes)
    # Even what is as the vendor last showed it is owed: something else may be on its way there.
    if changes or contact.unsent or not contact.upstream_id:
        owe(SAVE_CONTACT, contact, by)
    return contact


@transaction.atomic
def delete_contact(key: uuid.UUID, by: "User") -> None:
    """Take a contact away, here at once and upstream when it is there. Raises NotThere."""
    contact = _locked(key)
    contact.deleted_at = timezone.now()
    contact.save(update_fields=["deleted_at"])
    record("deleted", contact.pk, actor=by, label=str(contact))
    queue.withdraw_waiting(contact.pk)
    owe(DELETE_CONTACT, contact, by)
    recount_drafts(contact)


@transaction.atomic
def withdraw(operation: Operation, by: "User") -> bool:
    """Take back what was owed before anything of it was sent. What was typed stays as it is."""
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

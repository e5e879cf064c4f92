"""A contact is deleted at Covage once, and orders that name one that is gone lack it."""

import pytest

from accounts.models import User
from extranet import sync
from extranet.contacts import actions as contacts_actions
from extranet.contacts.operations import DELETE_CONTACT
from extranet.drafts import actions
from extranet.models import Contact, CopperOrder
from outbox.models import Operation
from sync import runs
from tests.extranet.contacts.operation_helpers import (
    DELETING,
    LEA,
    again,
    cause_fault,
    made,
    newest,
    send,
    send_all,
    sync_contacts,
    upstream,
)
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

State = Operation.State


# The contact


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_deletion_whose_answer_is_lost_is_done(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    contact = made(sales)
    contacts_actions.delete_contact(contact.pk, sales)
    cause_fault(sandbox, MISHAPS[mishap], DELETING)
    contact = send_all(send(contact))

    assert upstream(sandbox) == []
    assert contact.gone_at
    sync_contacts()
    assert contact not in Contact.objects.there()


def test_one_that_is_gone_already_is_as_good_as_deleted(sandbox: SandboxProcess, sales: User) -> None:
    contact = made(sales)
    sandbox.extranet("DELETE", f"contacts/{contact.contact_uuid}/")
    contacts_actions.delete_contact(contact.pk, sales)
    send(contact)
    assert newest(contact).state == State.SUCCEEDED


def test_one_deleted_before_it_was_sent_never_reaches_covage(sandbox: SandboxProcess, sales: User) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    contacts_actions.delete_contact(contact.pk, sales)
    send_all(contact)
    assert upstream(sandbox) == []
    assert not Operation.objects.unfinished().exists()


def test_one_deleted_while_nobody_knows_whether_it_arrived_goes_there_too(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    cause_fault(sandbox, {"fault": "drop_after"})
    send(contact)
    contacts_actions.delete_contact(contact.pk, sales)
    send_all(contact)
    assert upstream(sandbox) == []


def test_a_refused_deletion_brings_the_contact_back(sandbox: SandboxProcess, sales: User) -> None:
    contact = made(sales)
    contacts_actions.delete_contact(contact.pk, sales)
    cause_fault(sandbox, {"fault": "error", "status": 400}, DELETING)
    contact = send(contact)

    assert newest(contact).state == State.REFUSED
    assert contact in Contact.objects.pickable()


def test_a_deletion_can_be_withdrawn_until_it_is_sent(sandbox: SandboxProcess, sales: User) -> None:
    contact = made(sales)
    contacts_actions.delete_contact(contact.pk, sales)
    assert contacts_actions.withdraw(Operation.objects.get(kind=DELETE_CONTACT), sales)
    assert again(contact).is_there
    assert not contacts_actions.withdraw(Operation.objects.get(kind=DELETE_CONTACT), sales)


# Orders that name it


def _naming(contact: Contact, sales: User) -> CopperOrder:
    """A draft that names a contact."""
    return actions.create_order(sales, {"contacts.operator.contact_uuid": contact.contact_uuid})


def test_drafts_that_name_a_deleted_contact_lack_one(sandbox: SandboxProcess, sales: User) -> None:
    sync_contacts()
    contact = made(sales)
    order = _naming(contact, sales)
    contacts_actions.delete_contact(contact.pk, sales)
    after = CopperOrder.objects.get(pk=order.pk).missing_count
    assert after == order.missing_count + 1

    contacts_actions.withdraw(Operation.objects.get(kind=DELETE_CONTACT), sales)
    assert CopperOrder.objects.get(pk=order.pk).missing_count == order.missing_count


def test_orders_name_their_contact_in_a_column(copper_sandbox: SandboxProcess) -> None:
    runs.run("extranet", sync.sync_extranet)
    named = {order.contact_uuid for order in CopperOrder.objects.exclude(contact_uuid="")}
    assert named
    assert CopperOrder.objects.naming(named).exists()
    assert not CopperOrder.objects.naming(named).filter(status="completed").exists()


def test_drafts_that_name_a_contact_whom_covage_has_no_more_lack_one(
    sandbox: SandboxProcess, sales: User
) -> None:
    sync_contacts()
    contact = made(sales)
    order = _naming(contact, sales)
    sandbox.extranet("DELETE", f"contacts/{contact.contact_uuid}/")
    send(contacts_actions.edit_contact(contact.pk, sales, {"first_name": "Léo"}))
    assert CopperOrder.objects.get(pk=order.pk).missing_count == order.missing_count + 1

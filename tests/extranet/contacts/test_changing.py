"""A contact that Covage has is changed there once, and follows what changed elsewhere."""

import pytest
from django.utils import timezone

from accounts.models import User
from drafts.models import Event
from extranet.contacts import actions as contacts_actions
from extranet.ingest import SAVE_CONTACT, ingest_contacts
from outbox import clients
from outbox.models import Operation
from tests.extranet.contacts.operation_helpers import (
    LEA,
    PUTTING,
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


# Changed here


def test_a_change_goes_out_whole_and_leaves_the_rest_as_it_is(sandbox: SandboxProcess, sales: User) -> None:
    contact = made(sales)
    send(
        contacts_actions.edit_contact(
            contact.pk, sales, {"phone_number": None, "cell_phone_number": "0639980077"}
        )
    )

    (raw,) = upstream(sandbox)
    assert (raw["phone_number"], raw["cell_phone_number"]) == ("", "0639980077")
    assert (raw["first_name"], raw["email"]) == ("Léa", LEA["email"])
    changed = Event.objects.get(subject_id=contact.pk, verb="edited")
    assert changed.changes["cell_phone_number"] == [None, "0639980077"]


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_whose_answer_is_lost_arrives(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    contact = made(sales)
    contacts_actions.edit_contact(contact.pk, sales, {"first_name": "Lia"})
    cause_fault(sandbox, MISHAPS[mishap], PUTTING)
    contact = send_all(send(contact))

    assert [raw["first_name"] for raw in upstream(sandbox)] == ["Lia"]
    assert (contact.name, contact.unsent) == ("Lia Fournier", [])


def test_a_change_of_one_that_is_gone_is_refused_and_kept(sandbox: SandboxProcess, sales: User) -> None:
    contact = made(sales)
    sandbox.extranet("DELETE", f"contacts/{contact.contact_uuid}/")
    contact = send(contacts_actions.edit_contact(contact.pk, sales, {"first_name": "Lia"}))

    assert newest(contact).failure == "NotFound"
    assert not contact.is_there
    assert contact.draft["first_name"] == "Lia"
    with pytest.raises(contacts_actions.NotThere):
        contacts_actions.edit_contact(contact.pk, sales, {"first_name": "Léa"})


def test_a_withdrawn_change_stays_here_and_goes_with_the_next(sandbox: SandboxProcess, sales: User) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    assert contacts_actions.withdraw(Operation.objects.get(kind=SAVE_CONTACT), sales)
    contact = send(contacts_actions.edit_contact(contact.pk, sales, {}))
    assert len(upstream(sandbox)) == 1
    assert contact.contact_uuid


# Changed elsewhere


def test_what_changed_elsewhere_is_ingested(sandbox: SandboxProcess, sales: User) -> None:
    contact = made(sales)
    sandbox.extranet("PUT", f"contacts/{contact.contact_uuid}/", LEA | {"phone_number": "0199000079"})
    sync_contacts()

    contact = again(contact)
    assert contact.draft["phone_number"] == "0199000079"
    assert Event.objects.filter(subject_id=contact.pk, verb="changed-upstream").exists()


def test_our_change_being_sent_wins_over_theirs_and_the_rest_of_theirs_is_kept(
    sandbox: SandboxProcess, sales: User
) -> None:
    contact = made(sales)
    contacts_actions.edit_contact(contact.pk, sales, {"phone_number": "0199000078"})
    theirs = LEA | {"phone_number": "0199000079", "first_name": "Lia"}
    sandbox.extranet("PUT", f"contacts/{contact.contact_uuid}/", theirs)
    sync_contacts()
    assert again(contact).draft["phone_number"] == "0199000078"

    contact = send(contact)
    (raw,) = upstream(sandbox)
    assert (raw["phone_number"], raw["first_name"]) == ("0199000078", "Lia")
    assert (contact.conflicts, contact.unsent) == ({}, [])


def test_a_list_read_before_a_contact_was_created_does_not_remove_it(
    sandbox: SandboxProcess, sales: User
) -> None:
    at, before = timezone.now(), clients.extranet().contacts()
    contact = made(sales)
    assert ingest_contacts(before, at)[1] == 0
    assert again(contact).is_there


def test_one_that_is_in_the_list_no_longer_is_gone_and_may_come_back(
    sandbox: SandboxProcess, sales: User
) -> None:
    contact = made(sales)
    listed = clients.extranet().contacts()
    assert ingest_contacts([], timezone.now())[1] == 1
    assert not again(contact).is_there

    ingest_contacts(listed, timezone.now())
    assert again(contact).is_there


def test_reading_the_same_list_again_writes_nothing(sandbox: SandboxProcess, sales: User) -> None:
    listed = clients.extranet().contacts()
    assert ingest_contacts(listed, timezone.now()) == (3, 0)
    assert ingest_contacts(listed, timezone.now()) == (0, 0)

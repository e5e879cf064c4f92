"""A contact is here before Covage knows it, and is created there once, whatever becomes of the answers."""

from typing import Any

import pytest

from accounts.models import User
from extranet.contacts import actions as contacts_actions
from extranet.contacts.fields import is_same_person
from extranet.models import Contact
from outbox import clients
from outbox.models import Operation
from tests.extranet.contacts.operation_helpers import (
    LEA,
    cause_fault,
    made,
    newest,
    send,
    send_all,
    sync_contacts,
    upstream,
)
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess, eventually

pytestmark = pytest.mark.django_db

State = Operation.State


def test_a_contact_is_here_before_covage_knows_it(sandbox: SandboxProcess, sales: User) -> None:
    contact = contacts_actions.create_contact(sales, LEA)

    assert (contact.name, contact.contact_uuid) == ("Léa Fournier", "")
    assert contact in Contact.objects.there()
    assert contact not in Contact.objects.pickable()
    assert upstream(sandbox) == []


def test_what_was_typed_arrives_and_orders_can_name_it(sandbox: SandboxProcess, sales: User) -> None:
    contact = made(sales)

    (raw,) = upstream(sandbox)
    assert {name: raw[name] for name in LEA} == LEA
    assert contact.contact_uuid == raw["contact_uuid"]
    assert contact in Contact.objects.pickable()
    assert contact.unsent == []


def test_the_same_key_makes_one_contact(sandbox: SandboxProcess, sales: User) -> None:
    first = contacts_actions.create_contact(sales, LEA)
    assert contacts_actions.create_contact(sales, LEA, key=first.pk) == first
    send(first)
    assert len(upstream(sandbox)) == 1


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_contact_whose_answer_is_lost_is_created_once(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    cause_fault(sandbox, MISHAPS[mishap])
    send(contact)
    assert newest(contact).state == State.UNKNOWN

    contact = send_all(contact)
    (raw,) = upstream(sandbox)
    assert contact.contact_uuid == raw["contact_uuid"]
    sync_contacts()
    assert Contact.objects.filter(name="Léa Fournier").count() == 1


def test_while_they_are_down_nothing_is_lost(sandbox: SandboxProcess, sales: User) -> None:
    sandbox.down()
    contact = send(contacts_actions.create_contact(sales, LEA))
    assert (newest(contact).state, newest(contact).failure) == (State.WAITING, "Unreachable")
    contact = contacts_actions.edit_contact(contact.pk, sales, {"phone_number": "0199000078"})

    sandbox.down(False)
    contact = send_all(contact)
    (raw,) = upstream(sandbox)
    assert (raw["phone_number"], raw["email"]) == ("0199000078", LEA["email"])


def test_one_with_the_same_content_that_was_there_before_is_not_matched_to_ours(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    theirs = sandbox.extranet("POST", "contacts/", LEA).json()["contact_uuid"]
    contact = contacts_actions.create_contact(sales, LEA)
    cause_fault(sandbox, {"fault": "drop_before"})
    contact = send_all(send(contact))

    assert len(upstream(sandbox)) == 2
    assert contact.contact_uuid not in ("", theirs)


def test_a_new_one_with_other_content_is_not_matched_to_ours(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    cause_fault(sandbox, {"fault": "drop_before"})
    send(contact)
    other = sandbox.extranet("POST", "contacts/", LEA | {"first_name": "Paul"}).json()["contact_uuid"]

    contact = send_all(contact)
    assert contact.contact_uuid not in ("", other)
    assert sorted(raw["first_name"] for raw in upstream(sandbox)) == ["Léa", "Paul"]


def test_two_of_equal_content_that_are_both_lost_become_two(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    first, second = contacts_actions.create_contact(sales, LEA), contacts_actions.create_contact(sales, LEA)
    for contact in (first, second):
        cause_fault(sandbox, {"fault": "drop_after"})
        send(contact)

    first, second = send_all(first), send_all(second)
    assert {first.contact_uuid, second.contact_uuid} == {raw["contact_uuid"] for raw in upstream(sandbox)}
    assert first.contact_uuid != second.contact_uuid


def test_a_sync_before_the_look_up_shows_no_second_one(sandbox: SandboxProcess, sales: User) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    cause_fault(sandbox, {"fault": "drop_after"})
    send(contact)
    sync_contacts()
    assert Contact.objects.filter(name="Léa Fournier").count() == 1

    assert send(contact).contact_uuid
    sync_contacts()
    assert Contact.objects.filter(name="Léa Fournier").count() == 1


def test_one_ingested_as_somebody_else_s_gives_way_to_the_one_created_here(
    sandbox: SandboxProcess, sales: User
) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    cause_fault(sandbox, {"fault": "drop_after"})
    send(contact)
    Contact.objects.create(upstream_id=upstream(sandbox)[0]["contact_uuid"], draft=LEA)

    assert send(contact).contact_uuid == upstream(sandbox)[0]["contact_uuid"]
    assert Contact.objects.filter(upstream_id=upstream(sandbox)[0]["contact_uuid"]).get() == contact


def test_an_answer_that_comes_late_is_waited_for(sandbox: SandboxProcess, sales: User) -> None:
    contact = contacts_actions.create_contact(sales, LEA)
    cause_fault(sandbox, {"fault": "hold"})
    send(contact, clients.extranet().with_timeout(1))
    assert newest(contact).state == State.UNKNOWN
    sandbox.faults([])
    assert eventually(lambda: len(upstream(sandbox)) == 1)

    assert send(contact).contact_uuid == upstream(sandbox)[0]["contact_uuid"]


def test_a_refusal_keeps_what_was_typed_and_is_shown_at_its_field(
    sandbox: SandboxProcess, sales: User
) -> None:
    contact = send(contacts_actions.create_contact(sales, {**LEA, "email": ""}))

    operation = newest(contact)
    assert (operation.state, operation.failure) == (State.REFUSED, "Invalid")
    assert operation.request_uuid
    assert [item.path for item in contact.missing()] == ["email"]
    assert contact.draft["last_name"] == "Fournier"

    contact = send(contacts_actions.edit_contact(contact.pk, sales, {"email": LEA["email"]}))
    assert contact.missing() == []
    assert len(upstream(sandbox)) == 1
    assert not Operation.objects.troubled().exists()


@pytest.mark.parametrize(
    ("document", "is_ours"),
    [
        (LEA, True),
        ({**LEA, "phone_number": "+33 1 99 00 00 77", "first_name": "LEA ", "cell_phone_number": None}, True),
        ({"last_name": "Fournier"}, True),
        ({**LEA, "phone_number": ""}, False),
        ({**LEA, "cell_phone_number": "0639980077"}, False),
        ({"contact_uuid": "x"}, False),
    ],
)
def test_a_contact_is_recognised_however_its_texts_are_spelt(
    document: dict[str, Any], *, is_ours: bool
) -> None:
    assert is_same_person(document, LEA) == is_ours

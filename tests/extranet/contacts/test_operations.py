"""A contact is here before Covage knows it, reaches them once whatever becomes of the answers, and follows them."""

from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from accounts.models import User
from covage import Extranet
from drafts.models import Event
from extranet import sync
from extranet.contacts import actions as contacts_actions
from extranet.contacts.fields import is_same_person
from extranet.contacts.operations import DELETE_CONTACT
from extranet.drafts import actions
from extranet.ingest import SAVE_CONTACT, ingest_contacts
from extranet.models import Contact, CopperOrder
from outbox import clients, delivery
from outbox.models import Operation
from sync import runs
from tests.conftest import People
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess, eventually

pytestmark = pytest.mark.django_db

State = Operation.State
POSTING = {"method": "POST", "path": "/api/contacts/$"}
PUTTING = {"method": "PUT", "path": "/api/contacts/"}
DELETING = {"method": "DELETE", "path": "/api/contacts/"}
LEA = {
    "first_name": "Léa",
    "last_name": "Fournier",
    "phone_number": "0199000077",
    "email": "lea.fournier@operateur.example",
}


@pytest.fixture
def by(people: People) -> User:
    return people.sales


@pytest.fixture
def believed_at_once(settings: Settings) -> None:
    """That something is absent upstream is believed without waiting."""
    settings.OUTBOX_SETTLE_SECONDS = 0


def _meets(sandbox: SandboxProcess, fault: dict[str, Any], where: dict[str, Any] = POSTING) -> None:
    sandbox.faults([{**where, "times": 1, **fault}])


def _send(contact: Contact, client: Extranet | None = None) -> Contact:
    """Send what is pending of a contact, once. Returns it as it is then."""
    Operation.objects.unfinished().update(due_at=timezone.now(), held_until=timezone.now())
    delivery.deliver(contact.pk, client or clients.interactive_extranet())
    return _again(contact)


def _send_all(contact: Contact) -> Contact:
    for _ in range(6):
        contact = _send(contact)
        if not Operation.objects.unfinished().filter(subject_id=contact.pk).exists():
            break
    return contact


def _again(contact: Contact) -> Contact:
    return Contact.objects.get(pk=contact.pk)


def _newest(contact: Contact) -> Operation:
    return Operation.objects.filter(subject_id=contact.pk).latest("id")


def _upstream(sandbox: SandboxProcess, last_name: str = "Fournier") -> list[dict[str, Any]]:
    """Those of this name whom the vendor has."""
    listed = sandbox.extranet("GET", "contacts/").json()
    found = listed if isinstance(listed, list) else listed["objects"]
    return [raw for raw in found if raw["last_name"] == last_name]


def _sync() -> None:
    runs.run("extranet-catalogue", sync.sync_products)


def _made(by: User) -> Contact:
    return _send(contacts_actions.create_contact(by, LEA))


def test_a_contact_is_here_before_covage_knows_it(sandbox: SandboxProcess, by: User) -> None:
    contact = contacts_actions.create_contact(by, LEA)

    assert (contact.name, contact.contact_uuid) == ("Léa Fournier", "")
    assert contact in Contact.objects.there()
    assert contact not in Contact.objects.pickable()
    assert _upstream(sandbox) == []


def test_what_was_typed_arrives_and_orders_can_name_it(sandbox: SandboxProcess, by: User) -> None:
    contact = _made(by)

    (raw,) = _upstream(sandbox)
    assert {name: raw[name] for name in LEA} == LEA
    assert contact.contact_uuid == raw["contact_uuid"]
    assert contact in Contact.objects.pickable()
    assert contact.unsent == []


def test_the_same_key_makes_one_contact(sandbox: SandboxProcess, by: User) -> None:
    first = contacts_actions.create_contact(by, LEA)
    assert contacts_actions.create_contact(by, LEA, key=first.pk) == first
    _send(first)
    assert len(_upstream(sandbox)) == 1


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_contact_whose_answer_is_lost_is_created_once(
    sandbox: SandboxProcess, by: User, believed_at_once: None, mishap: str
) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    _meets(sandbox, MISHAPS[mishap])
    _send(contact)
    assert _newest(contact).state == State.UNKNOWN

    contact = _send_all(contact)
    (raw,) = _upstream(sandbox)
    assert contact.contact_uuid == raw["contact_uuid"]
    _sync()
    assert Contact.objects.filter(name="Léa Fournier").count() == 1


def test_while_they_are_down_nothing_is_lost(sandbox: SandboxProcess, by: User) -> None:
    sandbox.down()
    contact = _send(contacts_actions.create_contact(by, LEA))
    assert (_newest(contact).state, _newest(contact).failure) == (State.WAITING, "Unreachable")
    contact = contacts_actions.edit_contact(contact.pk, by, {"phone_number": "0199000078"})

    sandbox.down(False)
    contact = _send_all(contact)
    (raw,) = _upstream(sandbox)
    assert (raw["phone_number"], raw["email"]) == ("0199000078", LEA["email"])


def test_one_with_the_same_content_that_was_there_before_is_not_matched_to_ours(
    sandbox: SandboxProcess, by: User, believed_at_once: None
) -> None:
    theirs = sandbox.extranet("POST", "contacts/", LEA).json()["contact_uuid"]
    contact = contacts_actions.create_contact(by, LEA)
    _meets(sandbox, {"fault": "drop_before"})
    contact = _send_all(_send(contact))

    assert len(_upstream(sandbox)) == 2
    assert contact.contact_uuid not in ("", theirs)


def test_a_new_one_with_other_content_is_not_matched_to_ours(
    sandbox: SandboxProcess, by: User, believed_at_once: None
) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    _meets(sandbox, {"fault": "drop_before"})
    _send(contact)
    other = sandbox.extranet("POST", "contacts/", LEA | {"first_name": "Paul"}).json()["contact_uuid"]

    contact = _send_all(contact)
    assert contact.contact_uuid not in ("", other)
    assert sorted(raw["first_name"] for raw in _upstream(sandbox)) == ["Léa", "Paul"]


def test_two_of_equal_content_that_are_both_lost_become_two(
    sandbox: SandboxProcess, by: User, believed_at_once: None
) -> None:
    first, second = contacts_actions.create_contact(by, LEA), contacts_actions.create_contact(by, LEA)
    for contact in (first, second):
        _meets(sandbox, {"fault": "drop_after"})
        _send(contact)

    first, second = _send_all(first), _send_all(second)
    assert {first.contact_uuid, second.contact_uuid} == {raw["contact_uuid"] for raw in _upstream(sandbox)}
    assert first.contact_uuid != second.contact_uuid


def test_a_sync_before_the_look_up_shows_no_second_one(sandbox: SandboxProcess, by: User) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    _meets(sandbox, {"fault": "drop_after"})
    _send(contact)
    _sync()
    assert Contact.objects.filter(name="Léa Fournier").count() == 1

    assert _send(contact).contact_uuid
    _sync()
    assert Contact.objects.filter(name="Léa Fournier").count() == 1


def test_one_ingested_as_somebody_else_s_gives_way_to_the_one_created_here(
    sandbox: SandboxProcess, by: User
) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    _meets(sandbox, {"fault": "drop_after"})
    _send(contact)
    Contact.objects.create(upstream_id=_upstream(sandbox)[0]["contact_uuid"], draft=LEA)

    assert _send(contact).contact_uuid == _upstream(sandbox)[0]["contact_uuid"]
    assert Contact.objects.filter(upstream_id=_upstream(sandbox)[0]["contact_uuid"]).get() == contact


def test_an_answer_that_comes_late_is_waited_for(sandbox: SandboxProcess, by: User) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    _meets(sandbox, {"fault": "hold"})
    _send(contact, clients.extranet().with_timeout(1))
    assert _newest(contact).state == State.UNKNOWN
    sandbox.faults([])
    assert eventually(lambda: len(_upstream(sandbox)) == 1)

    assert _send(contact).contact_uuid == _upstream(sandbox)[0]["contact_uuid"]


def test_a_refusal_keeps_what_was_typed_and_is_shown_at_its_field(sandbox: SandboxProcess, by: User) -> None:
    contact = _send(contacts_actions.create_contact(by, {**LEA, "email": ""}))

    operation = _newest(contact)
    assert (operation.state, operation.failure) == (State.REFUSED, "Invalid")
    assert operation.request_uuid
    assert [item.path for item in contact.missing()] == ["email"]
    assert contact.draft["last_name"] == "Fournier"

    contact = _send(contacts_actions.edit_contact(contact.pk, by, {"email": LEA["email"]}))
    assert contact.missing() == []
    assert len(_upstream(sandbox)) == 1
    assert not Operation.objects.troubled().exists()


def test_a_change_goes_out_whole_and_leaves_the_rest_as_it_is(sandbox: SandboxProcess, by: User) -> None:
    contact = _made(by)
    _send(
        contacts_actions.edit_contact(
            contact.pk, by, {"phone_number": None, "cell_phone_number": "0639980077"}
        )
    )

    (raw,) = _upstream(sandbox)
    assert (raw["phone_number"], raw["cell_phone_number"]) == ("", "0639980077")
    assert (raw["first_name"], raw["email"]) == ("Léa", LEA["email"])
    changed = Event.objects.get(subject_id=contact.pk, verb="edited")
    assert changed.changes["cell_phone_number"] == [None, "0639980077"]


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_whose_answer_is_lost_arrives(
    sandbox: SandboxProcess, by: User, believed_at_once: None, mishap: str
) -> None:
    contact = _made(by)
    contacts_actions.edit_contact(contact.pk, by, {"first_name": "Lia"})
    _meets(sandbox, MISHAPS[mishap], PUTTING)
    contact = _send_all(_send(contact))

    assert [raw["first_name"] for raw in _upstream(sandbox)] == ["Lia"]
    assert (contact.name, contact.unsent) == ("Lia Fournier", [])


def test_what_changed_elsewhere_is_ingested(sandbox: SandboxProcess, by: User) -> None:
    contact = _made(by)
    sandbox.extranet("PUT", f"contacts/{contact.contact_uuid}/", LEA | {"phone_number": "0199000079"})
    _sync()

    contact = _again(contact)
    assert contact.draft["phone_number"] == "0199000079"
    assert Event.objects.filter(subject_id=contact.pk, verb="changed-upstream").exists()


def test_our_change_being_sent_wins_over_theirs_and_the_rest_of_theirs_is_kept(
    sandbox: SandboxProcess, by: User
) -> None:
    contact = _made(by)
    contacts_actions.edit_contact(contact.pk, by, {"phone_number": "0199000078"})
    theirs = LEA | {"phone_number": "0199000079", "first_name": "Lia"}
    sandbox.extranet("PUT", f"contacts/{contact.contact_uuid}/", theirs)
    _sync()
    assert _again(contact).draft["phone_number"] == "0199000078"

    contact = _send(contact)
    (raw,) = _upstream(sandbox)
    assert (raw["phone_number"], raw["first_name"]) == ("0199000078", "Lia")
    assert (contact.conflicts, contact.unsent) == ({}, [])


def test_a_list_read_before_a_contact_was_created_does_not_remove_it(
    sandbox: SandboxProcess, by: User
) -> None:
    at, before = timezone.now(), clients.extranet().contacts()
    contact = _made(by)
    assert ingest_contacts(before, at)[1] == 0
    assert _again(contact).is_there


def test_one_that_is_in_the_list_no_longer_is_gone_and_may_come_back(
    sandbox: SandboxProcess, by: User
) -> None:
    contact = _made(by)
    listed = clients.extranet().contacts()
    assert ingest_contacts([], timezone.now())[1] == 1
    assert not _again(contact).is_there

    ingest_contacts(listed, timezone.now())
    assert _again(contact).is_there


def test_reading_the_same_list_again_writes_nothing(sandbox: SandboxProcess, by: User) -> None:
    listed = clients.extranet().contacts()
    assert ingest_contacts(listed, timezone.now()) == (3, 0)
    assert ingest_contacts(listed, timezone.now()) == (0, 0)


def test_a_change_of_one_that_is_gone_is_refused_and_kept(sandbox: SandboxProcess, by: User) -> None:
    contact = _made(by)
    sandbox.extranet("DELETE", f"contacts/{contact.contact_uuid}/")
    contact = _send(contacts_actions.edit_contact(contact.pk, by, {"first_name": "Lia"}))

    assert _newest(contact).failure == "NotFound"
    assert not contact.is_there
    assert contact.draft["first_name"] == "Lia"
    with pytest.raises(contacts_actions.NotThere):
        contacts_actions.edit_contact(contact.pk, by, {"first_name": "Léa"})


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_deletion_whose_answer_is_lost_is_done(
    sandbox: SandboxProcess, by: User, believed_at_once: None, mishap: str
) -> None:
    contact = _made(by)
    contacts_actions.delete_contact(contact.pk, by)
    _meets(sandbox, MISHAPS[mishap], DELETING)
    contact = _send_all(_send(contact))

    assert _upstream(sandbox) == []
    assert contact.gone_at
    _sync()
    assert contact not in Contact.objects.there()


def test_one_that_is_gone_already_is_as_good_as_deleted(sandbox: SandboxProcess, by: User) -> None:
    contact = _made(by)
    sandbox.extranet("DELETE", f"contacts/{contact.contact_uuid}/")
    contacts_actions.delete_contact(contact.pk, by)
    _send(contact)
    assert _newest(contact).state == State.SUCCEEDED


def test_one_deleted_before_it_was_sent_never_reaches_covage(sandbox: SandboxProcess, by: User) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    contacts_actions.delete_contact(contact.pk, by)
    _send_all(contact)
    assert _upstream(sandbox) == []
    assert not Operation.objects.unfinished().exists()


def test_one_deleted_while_nobody_knows_whether_it_arrived_goes_there_too(
    sandbox: SandboxProcess, by: User, believed_at_once: None
) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    _meets(sandbox, {"fault": "drop_after"})
    _send(contact)
    contacts_actions.delete_contact(contact.pk, by)
    _send_all(contact)
    assert _upstream(sandbox) == []


def test_a_refused_deletion_brings_the_contact_back(sandbox: SandboxProcess, by: User) -> None:
    contact = _made(by)
    contacts_actions.delete_contact(contact.pk, by)
    _meets(sandbox, {"fault": "error", "status": 400}, DELETING)
    contact = _send(contact)

    assert _newest(contact).state == State.REFUSED
    assert contact in Contact.objects.pickable()


def test_a_deletion_can_be_withdrawn_until_it_is_sent(sandbox: SandboxProcess, by: User) -> None:
    contact = _made(by)
    contacts_actions.delete_contact(contact.pk, by)
    assert contacts_actions.withdraw(Operation.objects.get(kind=DELETE_CONTACT), by)
    assert _again(contact).is_there
    assert not contacts_actions.withdraw(Operation.objects.get(kind=DELETE_CONTACT), by)


def test_a_withdrawn_change_stays_here_and_goes_with_the_next(sandbox: SandboxProcess, by: User) -> None:
    contact = contacts_actions.create_contact(by, LEA)
    assert contacts_actions.withdraw(Operation.objects.get(kind=SAVE_CONTACT), by)
    contact = _send(contacts_actions.edit_contact(contact.pk, by, {}))
    assert len(_upstream(sandbox)) == 1
    assert contact.contact_uuid


def _naming(contact: Contact, by: User) -> CopperOrder:
    """A draft that names a contact."""
    return actions.create_order(by, {"contacts.operator.contact_uuid": contact.contact_uuid})


def test_drafts_that_name_a_deleted_contact_lack_one(sandbox: SandboxProcess, by: User) -> None:
    _sync()
    contact = _made(by)
    order = _naming(contact, by)
    contacts_actions.delete_contact(contact.pk, by)
    after = CopperOrder.objects.get(pk=order.pk).missing_count
    assert after == order.missing_count + 1

    contacts_actions.withdraw(Operation.objects.get(kind=DELETE_CONTACT), by)
    assert CopperOrder.objects.get(pk=order.pk).missing_count == order.missing_count


def test_orders_name_their_contact_in_a_column(copper_sandbox: SandboxProcess) -> None:
    runs.run("extranet", sync.sync_extranet)
    named = {order.contact_uuid for order in CopperOrder.objects.exclude(contact_uuid="")}
    assert named
    assert CopperOrder.objects.naming(named).exists()
    assert not CopperOrder.objects.naming(named).filter(status="completed").exists()


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


def test_drafts_that_name_a_contact_whom_covage_has_no_more_lack_one(
    sandbox: SandboxProcess, by: User
) -> None:
    _sync()
    contact = _made(by)
    order = _naming(contact, by)
    sandbox.extranet("DELETE", f"contacts/{contact.contact_uuid}/")
    _send(contacts_actions.edit_contact(contact.pk, by, {"first_name": "Léo"}))
    assert CopperOrder.objects.get(pk=order.pk).missing_count == order.missing_count + 1

"""The pages of contacts: who is there, a new one, a change, a deletion; nothing typed is lost."""

import json
import uuid
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from extranet.contacts import actions
from extranet.models import Contact, CopperOrder
from outbox import clients, delivery
from outbox.models import Operation
from tests.conftest import People
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db

LIST, NEW = "/extranet/contacts/", "/extranet/contacts/new/"
LEA = {
    "first_name": "Léa",
    "last_name": "Fournier",
    "phone_number": "01 99 00 00 77",
    "cell_phone_number": "",
    "email": "lea.fournier@operateur.example",
}
NOBODY = uuid.UUID("0f1e2d3c-4b5a-4697-8879-6a5b4c3d2e1f")


def _text(response: Any) -> str:
    page: str = unescape(response.content.decode())
    return page


def _known(first_name: str, last_name: str, **more: Any) -> Contact:
    """A contact as a sync brings it."""
    contact = Contact(upstream_id=f"c-{last_name.lower()}")
    document = {"first_name": first_name, "last_name": last_name, "email": "a@operateur.example", **more}
    contact.merge_raw({"contact_uuid": contact.upstream_id, **document}, timezone.now())
    contact.save()
    return contact


def _order(contact: Contact, **columns: Any) -> CopperOrder:
    order = CopperOrder(operator_order_ref=f"REF-{uuid.uuid4().hex[:6]}", **columns)
    order.contact_uuid = contact.contact_uuid
    order.save()
    return order


def _upstream(sandbox: SandboxProcess) -> list[dict[str, Any]]:
    listed = sandbox.extranet("GET", "contacts/").json()
    found = listed if isinstance(listed, list) else listed["objects"]
    return [raw for raw in found if raw["last_name"] == "Fournier"]


def _made(client: Client) -> Contact:
    client.post(NEW, LEA)
    return Contact.objects.get(name="Léa Fournier")


def test_contacts_are_listed_with_how_many_orders_name_each(sales_client: Client) -> None:
    camille, _ines = _known("Camille", "Rambaud", phone_number="0199000011"), _known("Inès", "Castaing")
    for status in ("draft", "running", "completed", "rejected"):
        _order(camille, status=status)

    page = _text(sales_client.get(LIST))
    row = page.partition("Camille Rambaud")[2].partition("</tr>")[0]
    assert '<a href="tel:+33199000011">01 99 00 00 11</a>' in row
    assert '<td class="number">2</td>' in row
    assert page.index("Camille") < page.index("Inès")


def test_the_list_takes_as_many_queries_for_one_contact_as_for_many(sales_client: Client) -> None:
    def query_count() -> int:
        with CaptureQueriesContext(connection) as queries:
            sales_client.get(LIST)
        return len(queries)

    _order(_known("Camille", "Rambaud"))
    query_count()
    for_one = query_count()
    for number in range(5):
        _order(_known("Camille", f"Rambaud{number}"))
    assert query_count() == for_one


@pytest.mark.parametrize("text", ["ines cast", "0199000013", "i.castaing@", "CASTAING"])
def test_a_contact_is_found_by_name_number_and_address(sales_client: Client, text: str) -> None:
    _known("Inès", "Castaing", phone_number="0199000013", email="i.castaing@operateur.example")
    _known("Camille", "Rambaud")
    page = _text(sales_client.get(LIST, {"q": text}))
    assert "Inès Castaing" in page
    assert "Camille Rambaud" not in page


def test_a_search_that_finds_nothing_leads_back_to_all(sales_client: Client) -> None:
    _known("Inès", "Castaing")
    page = _text(sales_client.get(LIST, {"q": "zzz"}))
    assert "No contacts match" in page
    assert f'href="{LIST}"' in page


def test_without_any_the_list_offers_to_add_one(sales_client: Client) -> None:
    assert "No contacts yet" in _text(sales_client.get(LIST))


def test_a_new_contact_is_sent_at_once_and_leads_back_to_where_one_came_from(
    sandbox: SandboxProcess, sales_client: Client
) -> None:
    response = sales_client.get(NEW, {"next": "/extranet/new/"})
    assert '<input type="hidden" name="next" value="/extranet/new/">' in _text(response)

    response = sales_client.post(NEW, {**LEA, "next": "/extranet/new/"})
    assert (response.status_code, response["Location"]) == (302, "/extranet/new/")
    (raw,) = _upstream(sandbox)
    assert raw["phone_number"] == "0199000077"
    assert Contact.objects.pickable().get(upstream_id=raw["contact_uuid"]).name == "Léa Fournier"


def test_no_other_site_is_led_to(sandbox: SandboxProcess, sales_client: Client) -> None:
    response = sales_client.post(NEW, {**LEA, "next": "https://elsewhere.example/"})
    assert response["Location"] == LIST


def test_a_form_that_is_sent_twice_makes_one_contact(sandbox: SandboxProcess, sales_client: Client) -> None:
    for _ in range(2):
        sales_client.post(NEW, {**LEA, "key": "1b4e28ba-2fa1-11d2-883f-0016d3cca427"})
    assert len(_upstream(sandbox)) == 1


def test_what_can_not_be_sent_is_said_at_its_field_with_all_that_was_typed(sales_client: Client) -> None:
    typed = {**LEA, "phone_number": "12", "email": "lea at home", "last_name": ""}
    response = sales_client.post(NEW, typed)
    page = _text(response)

    assert response.status_code == 422
    assert "“12” isn't a phone number" in page
    assert "An email address looks like name@example.com; you entered “lea at home”." in page
    assert "This field is required." in page
    assert 'value="Léa"' in page
    assert 'value="lea at home"' in page
    assert not Contact.objects.exists()


def test_while_covage_is_down_the_contact_is_kept_and_marked(
    sandbox: SandboxProcess, sales_client: Client
) -> None:
    sandbox.down()
    page = _text(sales_client.post(NEW, LEA, follow=True))
    assert "It's saved here and will go to Covage as soon as they respond." in page
    assert "not at Covage yet" in page
    contact = Contact.objects.get()
    assert "Covage can't be reached." in _text(sales_client.get(contact.get_absolute_url()))

    sandbox.down(False)
    Operation.objects.update(due_at=timezone.now(), held_until=timezone.now())
    delivery.deliver(contact.pk, clients.extranet())
    assert len(_upstream(sandbox)) == 1
    assert "not at Covage yet" not in _text(sales_client.get(LIST))


def test_a_refusal_of_covage_brings_the_form_back_as_it_was_typed(
    sandbox: SandboxProcess, sales_client: Client
) -> None:
    contact = Contact.objects.create(
        draft={"first_name": "Léa", "last_name": "Fournier"}, name="Léa Fournier", is_ours=True
    )
    Operation.objects.create(
        kind="save-contact",
        subject_id=contact.pk,
        target_id=contact.pk,
        label="Léa Fournier",
        url=contact.get_absolute_url(),
    )
    delivery.deliver(contact.pk, clients.extranet())

    operation = Operation.objects.get()
    page = _text(sales_client.get(contact.get_absolute_url(), {"next": "/extranet/new/"}))
    assert "Covage refused what was sent." in page
    assert operation.request_uuid
    assert operation.request_uuid in page
    assert 'id="error-id_email"' in page
    assert 'value="Fournier"' in page
    assert '<span class="state state-bad">refused</span>' in _text(sales_client.get(LIST))


def test_a_refused_new_contact_leads_to_its_form(sandbox: SandboxProcess, sales_client: Client) -> None:
    sandbox.faults([{"fault": "error", "status": 400, "method": "POST", "path": "/api/contacts/$"}])
    response = sales_client.post(NEW, {**LEA, "next": "/extranet/new/"}, follow=True)
    page = _text(response)
    contact = Contact.objects.get()
    assert contact.draft["phone_number"] == "0199000077"
    assert "Covage refused this value:" in page
    assert "Not saved yet" not in page

    # Saved once more while they are down: what they had refused is not said of it any more.
    sandbox.down()
    url = contact.get_absolute_url()
    assert "saved here and will go to Covage" in _text(
        sales_client.post(url, {**LEA, "first_name": "Lia"}, follow=True)
    )
    assert "Covage refused this value:" not in _text(sales_client.get(url))


@pytest.mark.parametrize("ended", [{"state": "withdrawn"}, {"state": "refused", "dismissed": True}])
def test_one_that_never_reached_covage_is_marked_and_sent_again_when_it_is_saved(
    sandbox: SandboxProcess, sales_client: Client, people: People, ended: dict[str, Any]
) -> None:
    contact = actions.create_contact(people.sales, {**LEA, "phone_number": "0199000077"})
    Operation.objects.update(**ended, finished_at=timezone.now())
    assert '<span class="state state-info">not at Covage yet</span>' in _text(sales_client.get(LIST))
    said = "Covage doesn't have this contact, so no order can name it."
    assert said in _text(sales_client.get(contact.get_absolute_url()))

    sales_client.post(contact.get_absolute_url(), LEA)
    assert len(_upstream(sandbox)) == 1
    assert "not at Covage yet" not in _text(sales_client.get(LIST))
    assert said not in _text(sales_client.get(contact.get_absolute_url()))


def test_a_change_is_sent_at_once(sandbox: SandboxProcess, sales_client: Client) -> None:
    contact = _made(sales_client)
    url = contact.get_absolute_url()
    assert 'value="01 99 00 00 77"' in _text(sales_client.get(url))

    response = sales_client.post(url, {**LEA, "first_name": "Lia"})
    assert response["Location"] == LIST
    assert [raw["first_name"] for raw in _upstream(sandbox)] == ["Lia"]


def test_what_somebody_else_changed_meanwhile_is_not_undone(
    sandbox: SandboxProcess, sales_client: Client, other_sales_client: Client
) -> None:
    contact = _made(sales_client)
    seen = json.dumps({name: text for name, text in LEA.items() if text} | {"phone_number": "0199000077"})
    other_sales_client.post(contact.get_absolute_url(), {**LEA, "phone_number": "0199000088"})

    typed = {**LEA, "phone_number": "0199000077", "first_name": "Lia", "seen": seen}
    sales_client.post(contact.get_absolute_url(), typed)
    assert [(raw["first_name"], raw["phone_number"]) for raw in _upstream(sandbox)] == [("Lia", "0199000088")]


def test_two_people_at_one_field_are_warned_and_may_keep_theirs(
    sandbox: SandboxProcess, sales_client: Client, other_sales_client: Client
) -> None:
    contact = _made(sales_client)
    url = contact.get_absolute_url()
    other_sales_client.post(url, {**LEA, "first_name": "Lia"})

    seen = json.dumps({"first_name": "Léa", "last_name": "Fournier", "email": LEA["email"]})
    response = sales_client.post(url, {**LEA, "first_name": "Leah", "phone_number": "", "seen": seen})
    assert response.status_code == 422
    page = _text(response)
    assert "Somebody has since changed this to “Lia”." in page
    assert 'value="Leah"' in page

    seen = page.partition('name="seen"')[2].partition('value="')[2].partition('">')[0].partition('" >')[0]
    sales_client.post(url, {**LEA, "first_name": "Leah", "phone_number": "", "seen": seen})
    assert [raw["first_name"] for raw in _upstream(sandbox)] == ["Leah"]


def test_one_that_is_gone_keeps_what_it_held_and_can_be_added_again(
    sandbox: SandboxProcess, sales_client: Client
) -> None:
    contact = _made(sales_client)
    sandbox.extranet("DELETE", f"contacts/{contact.contact_uuid}/")
    sales_client.post(contact.get_absolute_url(), {**LEA, "first_name": "Lia"})

    page = _text(sales_client.get(contact.get_absolute_url()))
    assert "This contact has been deleted" in page
    assert f'action="{NEW}"' in page
    assert 'value="Lia"' in page
    response = sales_client.post(contact.get_absolute_url(), {**LEA, "first_name": "Liane"})
    assert response.status_code == 422
    assert 'value="Liane"' in _text(response)


def test_one_deleted_here_is_no_page_any_more(sandbox: SandboxProcess, back_office_client: Client) -> None:
    contact = _made(back_office_client)
    back_office_client.post(f"{contact.get_absolute_url()}delete/")
    assert back_office_client.get(contact.get_absolute_url()).status_code == 404
    typed = _text(back_office_client.post(contact.get_absolute_url(), {**LEA, "first_name": "Lia"}))
    assert 'value="Lia"' in typed


def test_a_deletion_names_the_drafts_and_asks(
    sandbox: SandboxProcess, back_office_client: Client, people: People
) -> None:
    contact = _made(back_office_client)
    draft = _order(contact, owner=people.sales, operator_order_name="Boulangerie")
    _order(contact, status="running")
    _order(contact, status="completed")

    page = _text(back_office_client.get(f"{contact.get_absolute_url()}delete/"))
    assert "Delete the contact Léa Fournier?" in page
    assert f'<a href="{draft.get_absolute_url()}">Boulangerie</a>' in page
    assert "1 other open order also names it." in page
    assert len(_upstream(sandbox)) == 1


@pytest.mark.parametrize("client_of", ["back_office_client", "administrator_client"])
def test_the_back_office_and_administrators_delete(
    sandbox: SandboxProcess, request: pytest.FixtureRequest, client_of: str
) -> None:
    client: Client = request.getfixturevalue(client_of)
    contact = _made(client)
    assert f"{contact.get_absolute_url()}delete/" in _text(client.get(LIST))
    for _ in range(2):  # a button that was pressed twice
        assert client.post(f"{contact.get_absolute_url()}delete/")["Location"] == LIST
        assert "Contact deleted." in _text(client.get(LIST))
    assert _upstream(sandbox) == []
    assert "Léa Fournier" not in _text(client.get(LIST))


def test_one_that_goes_just_before_the_button_is_pressed_is_reported_as_deleted(
    sandbox: SandboxProcess, back_office_client: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    contact = _made(back_office_client)

    def deleted_meanwhile(*_args: Any, **_more: Any) -> Contact:
        actions.delete_contact(contact.pk, people.administrator)
        return contact

    monkeypatch.setattr("extranet.contacts.views.get_object_or_404", deleted_meanwhile)
    page = _text(back_office_client.post(f"{contact.get_absolute_url()}delete/", follow=True))
    assert "Contact deleted." in page
    assert _upstream(sandbox) == []


def test_the_question_is_not_asked_of_one_that_is_gone_at_covage(
    sandbox: SandboxProcess, back_office_client: Client
) -> None:
    contact = _made(back_office_client)
    Contact.objects.update(gone_at=timezone.now())
    assert back_office_client.get(f"{contact.get_absolute_url()}delete/")["Location"] == LIST


def test_sales_may_not_delete(sandbox: SandboxProcess, sales_client: Client) -> None:
    contact = _made(sales_client)
    assert "delete/" not in _text(sales_client.get(LIST)).partition("<main")[2]
    assert sales_client.post(f"{contact.get_absolute_url()}delete/").status_code == 403
    assert len(_upstream(sandbox)) == 1


@pytest.mark.parametrize("url", [LIST, NEW, f"{LIST}{NOBODY}/", f"{LIST}{NOBODY}/delete/"])
def test_only_who_orders_sees_contacts(signed_in: Any, people: People, client: Client, url: str) -> None:
    assert signed_in(people.nobody).get(url).status_code == 403
    assert client.get(url)["Location"].startswith("/accounts/login/")


def test_a_contact_that_nobody_knows_is_not_found(back_office_client: Client) -> None:
    assert back_office_client.get(f"{LIST}{uuid.uuid4()}/").status_code == 404


def test_a_form_held_over_the_signing_in_comes_back(client: Client, people: People) -> None:
    client.post(NEW, LEA)
    client.force_login(people.sales, backend="django.contrib.auth.backends.ModelBackend")
    page = _text(client.get(NEW))
    assert 'value="Léa"' in page


def test_what_a_contact_is_called_is_text_and_no_markup(sales_client: Client) -> None:
    contact = _known("<b>Zoé</b>", "X")
    for url in (LIST, contact.get_absolute_url()):
        assert "<b>Zoé</b>" not in sales_client.get(url).content.decode()


def test_a_number_that_was_seen_in_another_spelling_was_changed_by_nobody(
    sandbox: SandboxProcess, sales_client: Client
) -> None:
    """E.164: +33 1 99 00 00 77 and 01 99 00 00 77 are one number."""
    contact = _made(sales_client)
    seen = json.dumps({name: text for name, text in LEA.items() if text} | {"phone_number": "+33199000077"})
    typed = {**LEA, "phone_number": "01 99 00 00 88", "seen": seen}
    assert sales_client.post(contact.get_absolute_url(), typed)["Location"] == LIST
    assert [raw["phone_number"] for raw in _upstream(sandbox)] == ["0199000088"]

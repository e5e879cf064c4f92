"""What is pending about copper orders and contacts, on the page of the outbox."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from extranet.contacts import actions as contacts_actions
from extranet.fields import ORDER
from outbox.models import Operation
from tests.conftest import People
from tests.portal.outbox.page_helpers import BUTTONS, act, outbox_page
from tests.portal.world import a_copper_order, copper_operation

State = Operation.State


@pytest.mark.parametrize(
    ("kind", "payload", "words"),
    [
        ("save-copper", {}, "Create or change the copper order"),
        ("delete-copper", {}, "Delete the copper order&#x27;s draft"),
        ("submit-copper", {}, "Submit the copper order"),
        ("answer-copper", {"answer": "confirm"}, "Confirm the copper order"),
        ("answer-copper", {"answer": "cancel"}, "Cancel the copper order"),
    ],
)
def test_what_is_pending_about_a_copper_order_is_named_in_words(
    people: People, sales_client: Client, kind: str, payload: dict[str, str], words: str
) -> None:
    order = a_copper_order(people.sales, end_customer_name="Garage", city="Lyon")
    copper_operation(order, kind, payload=payload)
    page = outbox_page(sales_client)
    assert f"<strong>{words}</strong>" in page
    assert f'<a href="{order.get_absolute_url()}">O261122_1 · Garage · Lyon</a>' in page
    assert page.count("formaction") == 2


def test_sales_see_what_is_pending_about_their_own_and_their_teams_copper_orders(
    people: People, sales_client: Client
) -> None:
    copper_operation(a_copper_order(people.sales, "MINE"))
    copper_operation(a_copper_order(people.other_sales, "TEAMS", team=people.north))
    theirs = copper_operation(a_copper_order(people.other_sales, "THEIRS", status="running"))
    page = outbox_page(sales_client)
    assert "MINE" in page
    assert "TEAMS" in page
    assert "THEIRS" not in page
    for action in BUTTONS:
        assert sales_client.post(f"/outbox/{theirs.pk}/{action}/").status_code == 404


@pytest.mark.parametrize("action", BUTTONS)
def test_the_back_office_reads_others_drafts_and_acts_on_terminations_and_answers(
    people: People, back_office_client: Client, action: str
) -> None:
    activation = a_copper_order(people.other_sales, "ACTIVATION")
    termination = a_copper_order(people.other_sales, "TERMINATION", type="terminate")
    pending = a_copper_order(people.other_sales, "PENDING", status="pending", answering="confirm")
    pages = {
        copper_operation(activation).pk: 403,
        copper_operation(termination).pk: 302,
        copper_operation(pending, "answer-copper", payload={"answer": "confirm"}).pk: 302,
    }
    assert outbox_page(back_office_client).count("formaction") == 4
    answered = {pk: back_office_client.post(f"/outbox/{pk}/{action}/").status_code for pk in pages}
    assert answered == pages


def test_a_withdrawn_submission_leaves_a_draft_and_a_withdrawn_answer_an_order_to_be_answered(
    people: People, sales_client: Client
) -> None:
    draft = a_copper_order(people.sales, "DRAFT", submitting_since=timezone.now())
    pending = a_copper_order(people.sales, "PENDING", status="pending", answering="cancel")
    submission = copper_operation(draft, "submit-copper")
    answer = copper_operation(pending, "answer-copper", payload={"answer": "cancel"})
    assert "the draft stays here" in act(sales_client, submission, "withdraw").content.decode()
    assert "Nothing was requested from Covage." in act(sales_client, answer, "withdraw").content.decode()
    draft.refresh_from_db()
    pending.refresh_from_db()
    assert draft.is_draft
    assert pending.is_pending


def test_a_refused_copper_draft_names_its_field_and_is_fixed_on_its_page(
    people: People, sales_client: Client
) -> None:
    order = a_copper_order(people.sales)
    errors = [{"path": "activation_info.mandate_id", "code": "", "message": "Unknown.", "value": "M1"}]
    copper_operation(order, state=State.REFUSED, failure="Invalid", errors=errors, finished_at=timezone.now())
    page = outbox_page(sales_client)
    assert f"{ORDER.label_of('activation_info.mandate_id')}: Unknown. (M1)" in page
    assert f'<a class="btn btn-sm btn-primary" href="{order.get_absolute_url()}">Fix it</a>' in page


def test_a_deleted_copper_draft_is_listed_without_a_link(people: People, sales_client: Client) -> None:
    order = a_copper_order(people.sales, deleted_at=timezone.now())
    copper_operation(order, "delete-copper")
    page = outbox_page(sales_client)
    assert "(deleted here)" in page
    assert order.get_absolute_url() not in page


def test_what_is_pending_about_a_contact_concerns_who_requested_it(
    people: People, sales_client: Client, other_sales_client: Client, back_office_client: Client
) -> None:
    values = {"first_name": "Camille", "last_name": "Roux", "email": "c.roux@example.test"}
    contact = contacts_actions.create_contact(people.sales, values)
    operation = Operation.objects.get(subject_id=contact.pk)
    for client in (sales_client, back_office_client):
        page = outbox_page(client)
        assert f'<a href="{contact.get_absolute_url()}">Camille Roux</a>' in page
        assert "<strong>Create or change the contact</strong>" in page
    assert "Camille Roux" not in outbox_page(other_sales_client)
    assert other_sales_client.post(f"/outbox/{operation.pk}/withdraw/").status_code == 404
    assert "Nothing was requested from Covage." in act(sales_client, operation, "withdraw").content.decode()


def test_the_page_needs_as_many_queries_for_many_copper_orders_as_for_few(
    people: People, sales_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(20):
        copper_operation(a_copper_order(people.sales, f"O{number}"), actor=people.sales)
    with django_assert_max_num_queries(12):
        outbox_page(sales_client)

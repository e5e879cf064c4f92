"""The page of a copper order: what happened to it and what is being sent, changes since the reader last looked."""

from django.test import Client
from django.utils import timezone

from accounts.models import User
from drafts.history import record
from extranet import ingest
from extranet.drafts import actions
from extranet.fields import CONTACT
from extranet.models import CopperOrder
from notifications.models import Seen, Unread
from outbox.models import Operation
from tests.extranet.order_factory import completed_order, ingested, reviewed
from tests.extranet.orders.submitted import order_of, raw_order
from tests.extranet.page_helpers import draft, outage, page_of
from tests.extranet.products import known_contact
from tests.sandbox_process import SandboxProcess


def test_what_was_typed_and_never_got_there_is_kept_to_be_copied(sales_client: Client, sales: User) -> None:
    outage()
    order = draft(sales)
    made = {"operator_order_ref": order.operator_order_ref, "creation_date": timezone.now().isoformat()}
    ingested(raw_order(status="draft", **made))
    order.refresh_from_db()
    actions.edit_order(order.uuid, sales, {"comment": "Ring twice"}, {"enni.enni_vlan": "five"})
    ingested(raw_order(**made))
    page = page_of(sales_client, order)
    assert "Typed here, never received by Covage" in page
    assert "Ring twice" in page
    assert "five" in page


def test_what_is_pending_or_was_refused_is_shown_with_the_reference_for_support(
    sales_client: Client, sales: User
) -> None:
    outage()
    order = order_of(sales, status="pending")
    actions.answer_order(order.uuid, sales, "confirm")
    assert "See what's waiting to be sent" in page_of(sales_client, order)
    Operation.objects.update(
        state=Operation.State.REFUSED, failure="Conflict", request_uuid="KOSC_7", detail="Not now."
    )
    CopperOrder.objects.update(answering="")
    page = page_of(sales_client, order)
    assert "<strong>Confirm the copper order:</strong>" in page
    assert "KOSC_7" in page
    assert "Covage no longer allows this in its current state." in page
    assert "Not now." not in page


def test_what_is_being_sent_is_shown_once_with_what_delays_it(sales_client: Client, sales: User) -> None:
    outage()
    order = draft(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    Operation.objects.update(failure="Unreachable")
    page = page_of(sales_client, order)
    assert page.count("See what's waiting to be sent") == 1
    assert page.count(Operation.objects.latest("id").failure_sentence.replace("'", "&#x27;")) == 1
    assert "It will go to Covage, once only, as soon as they respond" in page


def test_what_covage_accepted_and_does_not_show_yet_is_not_called_waiting(
    sales_client: Client, sales: User
) -> None:
    outage()
    order = draft(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    Operation.objects.update(state=Operation.State.SUCCEEDED)
    page = page_of(sales_client, order)
    assert "Covage accepted it, but still shows a draft." in page
    assert "It will go to Covage, once only" not in page
    CopperOrder.objects.update(status="pending", submitting_since=None, answering="confirm")
    assert "Covage accepted the answer, but is still waiting for one." in page_of(sales_client, order)


def test_the_history_names_a_contact_that_is_known(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    known_contact()
    record("edited", order.uuid, actor=sales, changes={CONTACT: [None, "bp5nkkcx"], "comment": [None, "x"]})
    assert "<ins>Léa Fournier (bp5nkkcx)</ins>" in page_of(sales_client, order)


def test_what_changed_since_the_reader_last_looked_is_shown_once(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    assert "Changed since you last looked" not in page_of(sales_client, order)
    ingest.ingest_orders([raw_order(status="held", comment="Wait")], timezone.now())
    assert Unread.objects.count() == 1
    page = page_of(sales_client, order)
    assert "Changed since you last looked" in page
    assert "Status: <del>in production</del> → <ins>held at Covage</ins>" in page
    assert Unread.objects.count() == 0
    assert "Changed since you last looked" not in page_of(sales_client, order)


def test_the_history_here_is_shown_in_words(sales_client: Client, sales: User) -> None:
    outage()
    order = draft(sales)
    actions.edit_order(order.uuid, sales, {"comment": "Ring twice"}, {})
    actions.hand_over(order.uuid, sales, owner=sales, team=None)
    CopperOrder.objects.update(status="submitted")
    page = page_of(sales_client, order)
    assert "started the order" in page
    assert "Comment: <del>STRAIGHT</del> → <ins>Ring twice</ins>" in page


def test_looking_is_noted_for_the_reader_alone(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    page_of(sales_client, order)
    assert list(Seen.objects.values_list("user", "subject_id")) == [(sales.pk, order.uuid)]


def test_the_activity_of_a_whole_order_is_shown(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = completed_order(sandbox, sales)
    page = page_of(sales_client, order)
    assert "Covage</strong> accepted the submission" in page
    assert order.service_alias in page

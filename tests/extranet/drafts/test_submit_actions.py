"""Submitting a draft, without a vendor: reviewed, enqueued once, locked, and withdrawn again."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from accounts.models import User
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from extranet.contacts import actions as contacts_actions
from extranet.drafts import actions
from extranet.drafts.operations import SUBMIT_ORDER
from extranet.models import CopperOrder
from tests.extranet.drafts.action_helpers import known_order, unsent_order, verbs
from tests.extranet.order_factory import edit, fresh, newest_operation, pending_kinds, reviewed
from tests.extranet.products import known_contact

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_a_submission_is_enqueued_once_and_locks_the_draft(sales: User) -> None:
    order = unsent_order(sales)
    for _ in range(2):
        actions.submit_order(order.uuid, sales, reviewed(order))
    assert pending_kinds(order) == ["save-copper", "submit-copper"]
    assert fresh(order).is_submitting
    assert verbs(order) == ["created", "submission-asked"]


def test_what_was_not_reviewed_is_not_submitted(sales: User) -> None:
    order = unsent_order(sales)
    mark = reviewed(order)
    edit(order, sales, comment="Changed after the review")
    with pytest.raises(ReviewedOtherwise):
        actions.submit_order(order.uuid, sales, mark)
    assert "submit-copper" not in pending_kinds(order)


def test_a_no_where_nobody_answered_is_no_other_content(sales: User) -> None:
    order = unsent_order(sales)
    mark = reviewed(order)
    edit(order, sales, options__grt__enabled=False)
    assert reviewed(order) == mark


def test_what_lacks_something_is_not_submitted(sales: User) -> None:
    order = unsent_order(sales, contacts__operator__contact_uuid=None)
    with pytest.raises(NotReady):
        actions.submit_order(order.uuid, sales, reviewed(order))


@pytest.mark.parametrize("column", ["deleted_at", "gone_at"])
def test_what_is_no_draft_is_not_submitted(sales: User, column: str) -> None:
    order = unsent_order(sales)
    CopperOrder.objects.update(**{column: timezone.now()})
    with pytest.raises(NotADraft):
        actions.submit_order(order.uuid, sales, reviewed(order))


def test_what_is_submitted_already_stays_as_it_is(sales: User) -> None:
    order = known_order(sales, status="running")
    assert actions.submit_order(order.uuid, sales, "whatever").status == "running"
    assert pending_kinds(order) == []


def test_a_withdrawn_submission_unlocks_the_draft(sales: User) -> None:
    order = unsent_order(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    assert actions.withdraw(newest_operation(order), sales)
    order = fresh(order)
    assert order.is_draft
    actions.submit_order(order.uuid, sales, reviewed(order))
    assert fresh(order).is_submitting


def test_what_went_while_a_draft_was_being_submitted_is_missing_in_it_again(sales: User) -> None:
    known_contact()
    order = unsent_order(sales)
    actions.submit_order(order.uuid, sales, reviewed(order))
    known_contact("another")
    contacts_actions.delete_contact(known_contact().pk, sales)
    assert actions.withdraw(newest_operation(order, SUBMIT_ORDER), sales)
    assert fresh(order).missing_count == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_two_who_submit_at_once_enqueue_it_once(sales: User) -> None:
    order = unsent_order(sales)
    mark, barrier = reviewed(order), threading.Barrier(2)

    def submit() -> None:
        barrier.wait(10)
        actions.submit_order(order.uuid, sales, mark)
        connection.close()

    threads = [threading.Thread(target=submit) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pending_kinds(order).count("submit-copper") == 1

"""Answering an order that waits for it, without a vendor: enqueued once, one way or the other, and withdrawn again."""

import pytest

from accounts.models import User
from extranet.drafts import actions
from extranet.drafts.actions import NotPending
from tests.extranet.drafts.action_helpers import known_order, verbs
from tests.extranet.order_factory import fresh, newest_operation, pending_kinds

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_an_answer_is_enqueued_once_and_not_the_other_one_beside_it(sales: User) -> None:
    order = known_order(sales, status="pending")
    for _ in range(2):
        actions.answer_order(order.uuid, sales, "confirm")
    with pytest.raises(NotPending):
        actions.answer_order(order.uuid, sales, "cancel")
    assert pending_kinds(order) == ["answer-copper"]
    modified = order.raw["modification_date"]
    assert newest_operation(order).payload == {"answer": "confirm", "as_of": modified}
    assert verbs(order) == ["confirm-asked"]


def test_only_confirm_and_cancel_are_answers(sales: User) -> None:
    with pytest.raises(ValueError, match="confirm or cancel"):
        actions.answer_order(known_order(sales, status="pending").uuid, sales, "perhaps")


@pytest.mark.parametrize("status", ["draft", "running", "held", "completed", "unheard_of"])
def test_an_order_that_does_not_wait_accepts_no_answer(sales: User, status: str) -> None:
    with pytest.raises(NotPending):
        actions.answer_order(known_order(sales, status=status).uuid, sales, "confirm")


def test_a_withdrawn_answer_leaves_the_question_open(sales: User) -> None:
    order = known_order(sales, status="pending")
    actions.answer_order(order.uuid, sales, "confirm")
    assert actions.withdraw(newest_operation(order), sales)
    assert fresh(order).is_pending
    assert verbs(order) == ["confirm-asked", "withdrawn"]

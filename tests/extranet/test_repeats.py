"""The same thing done twice at the same moment happens once."""

import uuid

import pytest

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.extranet.order_factory import answer, pending_kinds, pending_order, ready_values, reviewed, send
from tests.sandbox_process import SandboxProcess

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_two_forms_of_one_key_at_once_make_one_order(sales: User, monkeypatch: pytest.MonkeyPatch) -> None:
    key = uuid.uuid4()
    made: list[CopperOrder] = []

    def other_one_first(order: CopperOrder) -> bool:
        if not made:
            made.append(CopperOrder.objects.create(uuid=key, owner=sales))
        return False

    monkeypatch.setattr(CopperOrder, "reflect", other_one_first)
    order = actions.create_order(sales, ready_values(), key=key)
    assert [order] == made
    assert (CopperOrder.objects.count(), Operation.objects.count()) == (1, 0)


def test_a_submission_pressed_twice_reaches_the_vendor_once(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    mark = reviewed(order)
    for _ in range(2):
        actions.submit_order(order.uuid, sales, mark)
        send(order)
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}


def test_an_answer_pressed_twice_reaches_the_vendor_once(sandbox: SandboxProcess, sales: User) -> None:
    order = answer(pending_order(sandbox, sales), sales, "confirm")
    with pytest.raises(actions.NotPending):
        actions.answer_order(order.uuid, sales, "confirm")
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}


def test_what_is_saved_twice_is_enqueued_once(order: CopperOrder, sales: User) -> None:
    for _ in range(2):
        actions.edit_order(order.uuid, sales, {"comment": "New"}, {})
    assert pending_kinds(order) == ["save-copper"]

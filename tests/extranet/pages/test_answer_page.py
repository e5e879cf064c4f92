"""The answer to a pending copper order: one question, then Covage is told once."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from extranet import actions
from extranet.models import CopperOrder
from extranet.sync import EXTRANET, sync_extranet
from mirror import runs
from mirror.models import Operation
from tests.conftest import People
from tests.extranet.orders import elsewhere, fresh, pending_order, taken, upstream, upstream_id
from tests.extranet.pages.ways import outage, url
from tests.sandbox_process import SandboxProcess

BOTH = pytest.mark.parametrize("answer", ["confirm", "cancel"])


@pytest.fixture
def sales(people: People) -> User:
    return people.sales


@pytest.fixture
def order(sandbox: SandboxProcess, sales: User) -> CopperOrder:
    return pending_order(sandbox, sales)


def text(response: Any) -> str:
    page: str = response.content.decode()
    return page


def answers(order: CopperOrder) -> list[str]:
    mine = Operation.objects.filter(subject_id=order.uuid, kind="answer-copper").order_by("id")
    return [operation.payload["answer"] for operation in mine]


def sent(sandbox: SandboxProcess, answer: str) -> int:
    return len([entry for entry in sandbox.log() if entry["path"].endswith(f"/{answer}/")])


@BOTH
def test_one_question_says_what_covage_asks_and_what_the_answer_means(
    order: CopperOrder, sales_client: Client, answer: str
) -> None:
    runs.run(EXTRANET, sync_extranet)
    page = text(sales_client.get(url(answer, order.uuid)))
    assert "Accès sensible" in page
    assert "It can't be taken back." in page
    assert "0143340043" in page
    assert answers(order) == []


@BOTH
def test_where_the_reason_is_not_known_yet_the_question_says_what_to_do(
    order: CopperOrder, sales_client: Client, answer: str
) -> None:
    page = text(sales_client.get(url(answer, order.uuid)))
    assert "Why they ask is not known here yet: wait a minute and open this page again" in page


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("confirm", "running", "Confirmed: Covage goes on with the order."),
        ("cancel", "canceled", "Cancelled: Covage has taken your answer."),
    ],
)
def test_pressed_twice_it_is_told_once_and_says_the_same(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client, answer: str, status: str, said: str
) -> None:
    for _ in range(2):
        page = text(sales_client.post(url(answer, order.uuid), follow=True))
        assert said in page
    assert upstream(sandbox, order)["status"] == status
    assert (answers(order), sent(sandbox, answer)) == ([answer], 1)


@BOTH
def test_during_an_outage_the_answer_is_kept_once(
    order: CopperOrder, sales_client: Client, answer: str
) -> None:
    outage()
    for _ in range(2):
        page = text(sales_client.post(url(answer, order.uuid), follow=True))
        assert "Your answer is kept and goes to Covage, once" in page
    assert answers(order) == [answer]
    response = sales_client.get(url(answer, order.uuid))
    assert response.headers["Location"] == order.get_absolute_url()


def test_the_other_answer_is_not_sent_beside_the_first(order: CopperOrder, sales_client: Client) -> None:
    outage()
    sales_client.post(url("confirm", order.uuid))
    page = text(sales_client.post(url("cancel", order.uuid), follow=True))
    assert "Covage waits for no such answer to this order" in page
    assert answers(order) == ["confirm"]


def test_an_order_answered_elsewhere_meanwhile_is_not_asked_about(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client
) -> None:
    elsewhere(sandbox).answer_order(upstream_id(order), "cancel")
    CopperOrder.objects.update(checked_at=None)
    page = text(sales_client.get(url("confirm", order.uuid), follow=True))
    assert "Covage waits for no such answer to this order" in page
    assert fresh(order).status == "canceled"


def test_an_answer_that_covage_does_not_take_is_said_with_its_reason(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client
) -> None:
    elsewhere(sandbox).answer_order(upstream_id(order), "cancel")
    page = text(sales_client.post(url("confirm", order.uuid), follow=True))
    assert "Covage did not take the answer: see below why." in page
    assert "Covage waits for no answer to this order any more" in page
    assert sent(sandbox, "confirm") == 0


def test_an_answer_taken_back_can_be_given_anew(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    outage()
    actions.answer_order(order.uuid, sales, "cancel")
    actions.withdraw(Operation.objects.get(kind="answer-copper"), sales)
    assert "Confirm the order" in text(sales_client.get(url("confirm", order.uuid)))


@BOTH
@pytest.mark.parametrize(
    ("who", "status"), [("sales", 200), ("back_office", 200), ("administrator", 200), ("other_sales", 403)]
)
def test_the_owner_the_team_and_the_back_office_answer(
    people: People, signed_in: Any, answer: str, who: str, status: int
) -> None:
    outage()
    order = taken({"order_uuid": "o1", "type": "activate", "status": "pending"}, people.sales)
    CopperOrder.objects.update(checked_at=timezone.now())
    assert signed_in(getattr(people, who)).get(url(answer, order.uuid)).status_code == status


@BOTH
def test_an_order_that_waits_for_nothing_is_not_answered(
    sales_client: Client, sales: User, answer: str
) -> None:
    outage()
    order = taken({"order_uuid": "o1", "type": "activate", "status": "running"}, sales)
    page = text(sales_client.post(url(answer, order.uuid), follow=True))
    assert "Covage waits for no such answer to this order" in page
    assert answers(order) == []

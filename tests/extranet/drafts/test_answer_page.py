"""The answer to a pending copper order: one question, then it is sent to Covage once."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from extranet.sync import EXTRANET, sync_extranet
from outbox.models import Operation
from sync import runs
from tests.conftest import People
from tests.extranet.order_factory import (
    elsewhere,
    fresh,
    ingested,
    pending_order,
    refreshed,
    upstream,
    upstream_id,
)
from tests.extranet.page_helpers import outage, url
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import text_of

NOT_SENT = "waiting for that answer on this order, so nothing was sent."
BOTH = pytest.mark.parametrize("answer", ["confirm", "cancel"])


@pytest.fixture
def order(sandbox: SandboxProcess, sales: User) -> CopperOrder:
    return pending_order(sandbox, sales)


def given_answers(order: CopperOrder) -> list[str]:
    mine = Operation.objects.filter(subject_id=order.uuid, kind="answer-copper").order_by("id")
    return [operation.payload["answer"] for operation in mine]


def form(client: Client, order: CopperOrder, answer: str) -> dict[str, str]:
    """What a browser posts of the question's page."""
    page = text_of(client.get(url(answer, order.uuid)))
    return {"key": page.partition('name="key" value="')[2].partition('"')[0]}


def ask_again(sandbox: SandboxProcess, order: CopperOrder) -> None:
    """Let the vendor ask a second question, and read it."""
    sandbox.advance(60)
    sandbox.on_copper(upstream_id(order), "status", {"status": "pending"})
    refreshed(order)


def sent(sandbox: SandboxProcess, answer: str) -> int:
    return len([entry for entry in sandbox.log() if entry["path"].endswith(f"/{answer}/")])


@BOTH
def test_one_question_says_what_covage_asks_and_what_the_answer_means(
    order: CopperOrder, sales_client: Client, answer: str
) -> None:
    runs.run(EXTRANET, sync_extranet)
    page = text_of(sales_client.get(url(answer, order.uuid)))
    assert "Accès sensible" in page
    assert "This can't be undone." in page
    assert "0143340043" in page
    assert given_answers(order) == []


@BOTH
def test_where_the_reason_is_not_known_yet_the_question_says_what_to_do(
    order: CopperOrder, sales_client: Client, answer: str
) -> None:
    page = text_of(sales_client.get(url(answer, order.uuid)))
    assert "given a reason yet: wait a minute and open this page again" in page


@pytest.mark.parametrize(
    ("answer", "status", "said"),
    [
        ("confirm", "running", "Confirmed: Covage is going ahead with the order."),
        ("cancel", "canceled", "Cancelled: Covage has accepted your answer."),
    ],
)
def test_pressed_twice_it_is_sent_once_and_says_the_same(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client, answer: str, status: str, said: str
) -> None:
    pressed = form(sales_client, order, answer)
    for _ in range(2):
        page = text_of(sales_client.post(url(answer, order.uuid), pressed, follow=True))
        assert said in page
    assert upstream(sandbox, order)["status"] == status
    assert (given_answers(order), sent(sandbox, answer)) == ([answer], 1)


@BOTH
def test_during_an_outage_the_answer_is_kept_once(
    order: CopperOrder, sales_client: Client, answer: str
) -> None:
    outage()
    pressed = form(sales_client, order, answer)
    for _ in range(2):
        page = text_of(sales_client.post(url(answer, order.uuid), pressed, follow=True))
        assert "Your answer is saved here and will go to Covage, once only" in page
    assert given_answers(order) == [answer]
    response = sales_client.get(url(answer, order.uuid))
    assert response.headers["Location"] == order.get_absolute_url()


@BOTH
def test_opening_the_question_again_later_shows_that_nothing_was_sent(
    order: CopperOrder, sales_client: Client, answer: str
) -> None:
    sales_client.post(url(answer, order.uuid), form(sales_client, order, answer))
    sales_client.get(order.get_absolute_url())  # Where what became of it is said, once.
    assert NOT_SENT in text_of(sales_client.get(url(answer, order.uuid), follow=True))


def test_an_answer_to_an_earlier_question_is_not_sent_for_the_next_one(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client
) -> None:
    sales_client.post(url("confirm", order.uuid), form(sales_client, order, "confirm"))
    ask_again(sandbox, order)
    pressed = form(sales_client, order, "confirm")
    elsewhere(sandbox).answer_order(upstream_id(order), "cancel")
    refreshed(order)
    page = text_of(sales_client.post(url("confirm", order.uuid), pressed, follow=True))
    assert NOT_SENT in page
    assert given_answers(order) == ["confirm"]


def test_a_form_pressed_again_does_not_answer_the_next_question(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client
) -> None:
    pressed = form(sales_client, order, "confirm")
    sales_client.post(url("confirm", order.uuid), pressed)
    ask_again(sandbox, order)
    sales_client.post(url("confirm", order.uuid), pressed)
    assert fresh(order).is_pending
    assert given_answers(order) == ["confirm"]


def test_of_two_who_give_the_same_answer_the_second_reads_that_theirs_was_not_sent(
    people: People, signed_in: Any, order: CopperOrder, sales_client: Client
) -> None:
    outage()
    back_office = signed_in(people.back_office)
    theirs = form(back_office, order, "confirm")
    sales_client.post(url("confirm", order.uuid), form(sales_client, order, "confirm"))
    assert NOT_SENT in text_of(back_office.post(url("confirm", order.uuid), theirs, follow=True))
    assert given_answers(order) == ["confirm"]


def test_the_other_answer_is_not_sent_beside_the_first(order: CopperOrder, sales_client: Client) -> None:
    outage()
    sales_client.post(url("confirm", order.uuid))
    page = text_of(sales_client.post(url("cancel", order.uuid), follow=True))
    assert NOT_SENT in page
    assert given_answers(order) == ["confirm"]


def test_an_order_answered_elsewhere_meanwhile_is_not_asked_about(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client
) -> None:
    elsewhere(sandbox).answer_order(upstream_id(order), "cancel")
    CopperOrder.objects.update(checked_at=None)
    page = text_of(sales_client.get(url("confirm", order.uuid), follow=True))
    assert NOT_SENT in page
    assert fresh(order).status == "canceled"


def test_an_answer_that_covage_refuses_is_shown_with_its_reason(
    sandbox: SandboxProcess, order: CopperOrder, sales_client: Client
) -> None:
    elsewhere(sandbox).answer_order(upstream_id(order), "cancel")
    page = text_of(sales_client.post(url("confirm", order.uuid), follow=True))
    assert "Covage didn&#x27;t accept the answer: see why below." in page
    assert "Covage is no longer waiting for an answer on this order" in page
    assert sent(sandbox, "confirm") == 0


def test_a_withdrawn_answer_can_be_given_again(order: CopperOrder, sales: User, sales_client: Client) -> None:
    outage()
    actions.answer_order(order.uuid, sales, "cancel")
    actions.withdraw(Operation.objects.get(kind="answer-copper"), sales)
    assert "Confirm the order" in text_of(sales_client.get(url("confirm", order.uuid)))


@BOTH
@pytest.mark.parametrize(
    ("who", "status"), [("sales", 200), ("back_office", 200), ("administrator", 200), ("other_sales", 403)]
)
def test_the_owner_the_team_and_the_back_office_answer(
    people: People, signed_in: Any, answer: str, who: str, status: int
) -> None:
    outage()
    order = ingested({"order_uuid": "o1", "type": "activate", "status": "pending"}, people.sales)
    CopperOrder.objects.update(checked_at=timezone.now())
    assert signed_in(getattr(people, who)).get(url(answer, order.uuid)).status_code == status


@BOTH
def test_an_order_that_waits_for_nothing_is_not_answered(
    sales_client: Client, sales: User, answer: str
) -> None:
    outage()
    order = ingested({"order_uuid": "o1", "type": "activate", "status": "running"}, sales)
    page = text_of(sales_client.post(url(answer, order.uuid), follow=True))
    assert NOT_SENT in page
    assert given_answers(order) == []

"""The end of a service: one question, then a draft that ends it, to be submitted like any other."""

from typing import Any

import pytest
from django.test import Client

from extranet import actions
from extranet.models import CopperOrder
from tests.conftest import People
from tests.extranet.orders import all_upstream, completed_order, fresh, reviewed, taken, upstream
from tests.extranet.pages.ways import outage, url
from tests.sandbox_process import SandboxProcess


def text(response: Any) -> str:
    page: str = response.content.decode()
    return page


def in_service(people: People, **changes: Any) -> CopperOrder:
    told = {
        "order_uuid": "o1",
        "type": "activate",
        "status": "completed",
        "service_uuid": "s1",
        "service_alias": "S261101_00001",
        "product": {"code": "SD01", "line": {"family": {"code": "S"}}},
        "owner": {"name": "Untel"},
    }
    return taken(told | changes, people.sales)


def terminations() -> int:
    return CopperOrder.objects.filter(type="terminate").count()


def test_one_question_names_the_service(people: People, back_office_client: Client) -> None:
    outage()
    page = text(back_office_client.get(url("terminate", in_service(people).uuid)))
    assert "Terminate the service S261101_00001?" in page
    assert "nothing ends before you have reviewed and submitted it" in page
    assert terminations() == 0


def test_pressed_twice_it_begins_one_draft_and_leads_to_it(
    people: People, back_office_client: Client
) -> None:
    outage()
    order = in_service(people)
    for _ in range(2):
        response = back_office_client.post(url("terminate", order.uuid))
        ending = order.terminations().get()
        assert response.headers["Location"] == ending.get_absolute_url()
    assert (ending.owner, ending.service_uuid) == (people.back_office, "s1")


def test_from_completed_to_a_submitted_termination(
    sandbox: SandboxProcess, people: People, back_office_client: Client
) -> None:
    order = completed_order(sandbox, people.sales)
    page = text(back_office_client.post(url("terminate", order.uuid), follow=True))
    assert "The termination is begun: check it, then submit it." in page
    ending = order.terminations().get()
    back_office_client.post(url("submit", ending.uuid), {"reviewed": reviewed(ending)})
    assert upstream(sandbox, ending)["status"] == "submitted"
    assert len(all_upstream(sandbox)) == 2


def test_a_service_that_is_being_ended_leads_to_the_order_that_ends_it(
    people: People, back_office_client: Client
) -> None:
    outage()
    order = in_service(people)
    ending = actions.terminate_service(order.uuid, people.administrator)
    response = back_office_client.get(url("terminate", order.uuid))
    assert response.headers["Location"] == ending.get_absolute_url()


@pytest.mark.parametrize(
    "changes",
    [
        {"status": "running"},
        {"service_uuid": None, "service_alias": None},
        {"product": {"code": "NA01", "line": {"family": {"code": "N"}}}},
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_an_order_without_such_a_service_begins_nothing(
    people: People, back_office_client: Client, changes: dict[str, Any], method: str
) -> None:
    outage()
    order = in_service(people, **changes)
    page = text(getattr(back_office_client, method)(url("terminate", order.uuid), follow=True))
    assert "This order has no service that could be ended." in page
    assert terminations() == 0


def test_a_service_that_is_gone_by_the_moment_of_the_click_begins_nothing(
    people: People, back_office_client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    outage()
    order = in_service(people)

    def too_late(*_args: object) -> None:
        raise actions.NotInService

    monkeypatch.setattr(actions, "terminate_service", too_late)
    response = back_office_client.post(url("terminate", order.uuid), follow=True)
    assert "This order has no service that could be ended." in text(response)


@pytest.mark.parametrize("method", ["get", "post"])
def test_sales_people_end_no_service(people: People, sales_client: Client, method: str) -> None:
    order = in_service(people)
    assert getattr(sales_client, method)(url("terminate", order.uuid)).status_code == 403
    assert fresh(order).status == "completed"
    assert terminations() == 0

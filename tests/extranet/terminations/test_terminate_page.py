"""The end of a service: one question, then a draft that ends it, to be submitted like any other."""

from typing import Any

import pytest
from django.test import Client

from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.conftest import People
from tests.extranet.order_factory import (
    all_upstream,
    completed_order,
    fresh,
    ingested,
    reviewed,
    upstream,
)
from tests.extranet.page_helpers import outage, url
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import text_of


def in_service(people: People, **changes: Any) -> CopperOrder:
    raw = {
        "order_uuid": "o1",
        "type": "activate",
        "status": "completed",
        "service_uuid": "s1",
        "service_alias": "S261101_00001",
        "product": {"code": "SD01", "line": {"family": {"code": "S"}}},
        "owner": {"name": "Untel"},
    }
    return ingested(raw | changes, people.sales)


def terminations() -> int:
    return CopperOrder.objects.filter(type="terminate").count()


def test_one_question_names_the_service(people: People, back_office_client: Client) -> None:
    outage()
    page = text_of(back_office_client.get(url("terminate", in_service(people).uuid)))
    assert "Terminate the service S261101_00001?" in page
    assert "nothing ends until you've reviewed and submitted it" in page
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
    page = text_of(back_office_client.post(url("terminate", order.uuid), follow=True))
    assert "Termination started: check it, then submit it." in page
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
    page = text_of(getattr(back_office_client, method)(url("terminate", order.uuid), follow=True))
    assert "This order has no service to terminate." in page
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
    assert "This order has no service to terminate." in text_of(response)


@pytest.mark.parametrize("method", ["get", "post"])
def test_sales_people_end_no_service(people: People, sales_client: Client, method: str) -> None:
    order = in_service(people)
    assert getattr(sales_client, method)(url("terminate", order.uuid)).status_code == 403
    assert fresh(order).status == "completed"
    assert terminations() == 0


# From a service's reference

NAMED = "/extranet/terminate/"


@pytest.mark.parametrize("reference", ["S261101_00001", "s261101_00001", "s1", "o1"])
def test_any_reference_leads_to_the_order_that_brought_the_service(
    people: People, back_office_client: Client, reference: str
) -> None:
    order = in_service(people)
    response = back_office_client.get(NAMED, {"service": f" {reference} "})
    assert response.headers["Location"] == url("terminate", order.uuid)
    assert terminations() == 0


def test_a_reference_unknown_here_is_asked_about_once_more(back_office_client: Client) -> None:
    assert "Carnet has no order" not in text_of(back_office_client.get(NAMED))
    page = text_of(back_office_client.get(NAMED, {"service": "S20101102_99999"}))
    assert "Carnet has no order that delivered S20101102_99999" in page
    assert terminations() == 0


@pytest.mark.parametrize(
    ("reference", "service"),
    [
        ("s20101102_99999", {"service_alias": "S20101102_99999", "service_uuid": ""}),
        ("zzzzzzzz", {"service_alias": "", "service_uuid": "zzzzzzzz"}),
    ],
)
def test_a_service_of_before_is_ended_by_its_reference_alone_and_by_one_draft(
    people: People, back_office_client: Client, reference: str, service: dict[str, str]
) -> None:
    outage()
    for key in ("0b0ac0de-0000-4000-8000-000000000001", "0b0ac0de-0000-4000-8000-000000000002"):
        response = back_office_client.post(NAMED, {"service": reference, "key": key})
        ending = CopperOrder.objects.get(type="terminate")
        assert response.headers["Location"] == ending.get_absolute_url()
    assert {name: getattr(ending, name) for name in service} == service
    assert [item.path for item in ending.missing()] == ["contacts.operator.contact_uuid"]
    assert ending.owner == people.back_office
    led = back_office_client.get(NAMED, {"service": reference})
    assert led.headers["Location"] == ending.get_absolute_url(), "asked for again it is the same one"


def test_a_service_that_covage_does_not_know_is_refused_in_words_and_the_draft_stays(
    sandbox: SandboxProcess, back_office_client: Client
) -> None:
    page = text_of(back_office_client.post(NAMED, {"service": "S20101102_99999"}, follow=True))
    assert "Covage refused it" in page
    assert "There is no service S20101102_99999." in page
    assert "This terminates the service S20101102_99999." in page


def test_a_refused_service_is_mended_in_its_draft(
    sandbox: SandboxProcess, people: People, back_office_client: Client
) -> None:
    brought = completed_order(sandbox, people.sales)
    back_office_client.post(NAMED, {"service": "S20101102_99999"})
    ending = CopperOrder.objects.get(type="terminate")
    assert ending.locked_fields() == {"type"}

    typed = back_office_client.post(url("order", ending.uuid), {"service_alias": ""})
    assert typed.headers["Location"] == url("order", ending.uuid)
    page = text_of(back_office_client.get(url("order", ending.uuid)))
    assert "Choose the service to terminate." in page
    assert 'name="service_alias"' in page

    back_office_client.post(url("order", ending.uuid), {"service_alias": brought.service_alias})
    ending = fresh(ending)
    assert upstream(sandbox, ending)["service_alias"] == brought.service_alias
    assert ending.locked_fields() == {"type", "service_alias", "service_uuid"}


def test_a_service_whose_order_is_not_known_here_is_ended_at_covage(
    sandbox: SandboxProcess, people: People, back_office_client: Client
) -> None:
    brought = completed_order(sandbox, people.sales)
    alias = brought.service_alias
    brought.delete()
    back_office_client.post(NAMED, {"service": alias})
    ending = CopperOrder.objects.get(type="terminate")
    assert upstream(sandbox, ending)["service_alias"] == alias


@pytest.mark.parametrize("service", ["", " ", "x" * 41, "a\0b"])
def test_what_is_no_reference_is_said_at_its_field(back_office_client: Client, service: str) -> None:
    assert back_office_client.get(NAMED, {"service": service}).status_code == 422
    assert back_office_client.post(NAMED, {"service": service}).status_code == 422
    assert terminations() == 0


def test_only_the_back_office_is_led_there(sales_client: Client, back_office_client: Client) -> None:
    assert NAMED in text_of(back_office_client.get("/extranet/"))
    assert NAMED not in text_of(sales_client.get("/extranet/"))
    assert sales_client.get(NAMED).status_code == 403
    assert sales_client.post(NAMED, {"service": "S20101102_99999"}).status_code == 403

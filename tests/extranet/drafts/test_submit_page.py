"""The review of a copper order and its submission."""

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.conftest import People
from tests.extranet.order_factory import (
    completed_order,
    open_order,
    reviewed,
    send,
    upstream,
    upstream_id,
)
from tests.extranet.page_helpers import draft, shown_upstream, url
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import text_of

BUTTON = "Submit the order"


@pytest.fixture
def order(vendor_is_away: None, sales: User) -> CopperOrder:
    """A draft that is ready, while Covage can't be reached."""
    return draft(sales)


def submissions(order: CopperOrder) -> int:
    return Operation.objects.filter(subject_id=order.uuid, kind="submit-copper").count()


def test_it_shows_exactly_what_is_ordered(order: CopperOrder, sales_client: Client) -> None:
    page = text_of(sales_client.get(url("submit", order.uuid)))
    for said in ("SD01", "0143340043", "01234567", "Untel", "S20181102_12001", "Léa Fournier", "STRAIGHT"):
        assert said in page
    assert BUTTON in page
    assert "Order this now?" in page


def test_a_draft_that_lacks_something_has_no_button_but_links(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    actions.edit_order(order.uuid, sales, {"activation_info.mandate_id": None}, {})
    page = text_of(sales_client.get(url("submit", order.uuid)))
    assert f"{order.get_absolute_url()}#id_activation_info-mandate_id" in page
    assert BUTTON not in page


def test_a_change_on_both_sides_is_settled_first(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    shown_upstream(order)
    actions.edit_order(order.uuid, sales, {"comment": "Ours"}, {})
    shown_upstream(order, comment="Theirs")
    page = text_of(sales_client.get(url("submit", order.uuid)))
    assert "Changed here and at Covage" in page
    assert BUTTON not in page


def test_during_an_outage_the_submission_is_kept_once(order: CopperOrder, sales_client: Client) -> None:
    mark = reviewed(order)
    for _ in range(2):
        response = sales_client.post(url("submit", order.uuid), {"reviewed": mark})
        assert response.headers["Location"] == order.get_absolute_url()
    assert submissions(order) == 1
    page = text_of(sales_client.get(order.get_absolute_url()))
    assert "go to Covage, once only" in page
    assert "being submitted" in page
    assert "every 3s" in page


@pytest.mark.parametrize("mark", ["", "nonsense", "\0", "x" * 100_000])
def test_what_was_reviewed_otherwise_is_shown_again(
    order: CopperOrder, sales_client: Client, mark: str
) -> None:
    response = sales_client.post(url("submit", order.uuid), {"reviewed": mark})
    assert response.status_code == 409
    assert "The order changed while you were viewing it" in text_of(response)
    assert BUTTON in text_of(response)
    assert not submissions(order)


def test_a_draft_that_is_not_ready_is_not_submitted(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    actions.edit_order(order.uuid, sales, {"activation_info.mandate_id": None}, {})
    response = sales_client.post(url("submit", order.uuid), {"reviewed": reviewed(order)})
    assert response.status_code == 409
    assert "Something is still missing" in text_of(response)
    assert not submissions(order)


def test_a_draft_gone_at_covage_is_not_submitted(order: CopperOrder, sales_client: Client) -> None:
    mark = reviewed(order)
    CopperOrder.objects.update(gone_at=timezone.now())
    response = sales_client.post(url("submit", order.uuid), {"reviewed": mark}, follow=True)
    assert "This order is no longer a draft" in text_of(response)
    assert not submissions(order)


def test_a_deleted_draft_has_no_review(order: CopperOrder, sales: User, sales_client: Client) -> None:
    actions.delete_order(order.uuid, sales)
    assert sales_client.get(url("submit", order.uuid)).status_code == 404


def test_the_review_of_a_submitted_order_leads_to_the_order(
    order: CopperOrder, sales: User, sales_client: Client
) -> None:
    actions.submit_order(order.uuid, sales, reviewed(order))
    assert sales_client.get(url("submit", order.uuid)).headers["Location"] == order.get_absolute_url()


def test_who_may_only_read_a_draft_does_not_submit_it(
    order: CopperOrder, back_office_client: Client, other_sales_client: Client
) -> None:
    mark = {"reviewed": reviewed(order)}
    assert back_office_client.post(url("submit", order.uuid), mark).status_code == 403
    assert other_sales_client.post(url("submit", order.uuid), mark).status_code == 404
    assert not submissions(order)


def test_with_covage_there_it_is_submitted_at_once_and_only_once(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    order = open_order(sales)
    mark = reviewed(order)
    for _ in range(2):
        response = sales_client.post(url("submit", order.uuid), {"reviewed": mark}, follow=True)
        assert "Submitted: Covage now has the order." in text_of(response)
    assert upstream(sandbox, order)["status"] == "submitted"
    assert len([entry for entry in sandbox.log() if entry["path"].endswith("/submit/")]) == 1


def test_what_covage_refuses_comes_back_as_a_draft_and_says_what_to_mend(
    sandbox: SandboxProcess, sales: User, sales_client: Client
) -> None:
    order = open_order(sales)
    sandbox.faults([{"fault": "error", "status": 400, "path": "submit/", "times": 1}])
    response = sales_client.post(url("submit", order.uuid), {"reviewed": reviewed(order)}, follow=True)
    page = text_of(response)
    assert "accept the submission." in page
    assert "KOSC_" in page
    assert 'id="draft-form"' in page


def test_the_back_office_submits_the_termination_that_it_began(
    sandbox: SandboxProcess, people: People, back_office_client: Client
) -> None:
    order = completed_order(sandbox, people.sales)
    ending = send(actions.terminate_service(order.uuid, people.back_office))
    page = text_of(back_office_client.get(url("submit", ending.uuid)))
    assert "Terminate this service now?" in page
    assert "Submitting terminates the service and can't be undone here." in page
    assert "Submit the termination" in page
    assert str(order.service_alias) in page
    back_office_client.post(url("submit", ending.uuid), {"reviewed": reviewed(ending)})
    assert upstream(sandbox, ending)["status"] == "submitted"
    assert upstream_id(ending)

"""The appointment that a line to be built needs, and the slots that Covage has free."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.extranet.order_factory import line_to_build, send, submit, upstream_id
from tests.extranet.orders.submitted import order_of
from tests.extranet.page_helpers import outage, page_of, url
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import HTMX, text_of


@pytest.fixture
def line(sandbox: SandboxProcess, sales: User) -> CopperOrder:
    """An order whose line is to be built, at work at Covage."""
    return submit(send(actions.create_order(sales, line_to_build())), sales)


def test_a_line_to_be_built_needs_an_appointment_and_shows_slots(
    sales_client: Client, line: CopperOrder
) -> None:
    page = page_of(sales_client, line)
    assert "Appointment needed" in page
    assert f'href="{url("slots", line.uuid)}"' in page
    part = text_of(sales_client.get(url("slots", line.uuid), headers=HTMX))
    assert part.lstrip().startswith('<div id="slots"')
    assert part.count('class="slot-time"') > 5
    assert f'href="{url("slots", line.uuid)}" hx-get' in part


def test_a_draft_that_covage_has_shows_when_its_line_could_be_built(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = send(actions.create_order(sales, line_to_build()))
    assert f'href="{url("slots", order.uuid)}"' in page_of(sales_client, order)
    assert 'class="slot-time"' in text_of(sales_client.get(url("slots", order.uuid)))


def test_premium_slots_begin_sooner_and_the_page_works_as_a_page_of_its_own(
    sales_client: Client, line: CopperOrder, sandbox: SandboxProcess
) -> None:
    page = text_of(sales_client.get(url("slots", line.uuid), {"level": "premium"}))
    assert "<html" in page
    requested = [entry for entry in sandbox.log() if "appointment" in entry["path"]][-1]
    first = (timezone.localdate() + timedelta(days=6)).isoformat()
    assert requested["query"] == {
        "order_uuid": upstream_id(line),
        "start_date": first,
        "end_date": (timezone.localdate() + timedelta(days=26)).isoformat(),
        "level": "premium",
    }


def test_slots_that_can_t_be_read_are_a_sentence_with_the_reference_for_support(
    sales_client: Client, line: CopperOrder, sandbox: SandboxProcess
) -> None:
    sandbox.faults([{"fault": "error", "status": 403, "path": "appointment"}])
    page = text_of(sales_client.get(url("slots", line.uuid)))
    assert "Covage can't show free slots just now." in page
    assert "KOSC_" in page
    outage()
    assert "Covage can't show free slots just now." in text_of(sales_client.get(url("slots", line.uuid)))


def test_an_order_that_needs_no_appointment_shows_no_slots(sales_client: Client, sales: User) -> None:
    order = order_of(sales)
    assert "Appointment needed" not in page_of(sales_client, order)
    assert sales_client.get(url("slots", order.uuid)).headers["Location"] == order.get_absolute_url()

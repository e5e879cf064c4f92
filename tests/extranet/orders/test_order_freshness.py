"""The page of a copper order is read again while Covage is at work, and follows by itself for as long."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from extranet.models import CopperOrder
from tests.extranet.order_factory import open_order, submitted_order, upstream_id
from tests.extranet.orders.submitted import event, order_of
from tests.extranet.page_helpers import outage, page_of, url
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.page_helpers import HTMX, text_of


def test_what_is_somewhat_old_is_read_again_after_the_page_has_loaded(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    CopperOrder.objects.update(checked_at=timezone.now() - timedelta(minutes=5))
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 1})
    page = page_of(sales_client, order)
    assert "It's being read again." in page
    assert "submitted</span>" in page
    address = re.search(r'hx-get="([^"]*progress[^"]*)" hx-trigger="load"', page)
    assert address
    part = text_of(sales_client.get(address[1].replace("&amp;", "&"), headers=HTMX))
    assert part.lstrip().startswith('<div id="live"')
    assert "acknowledged</span>" in part


def test_what_is_very_old_is_read_before_it_is_shown(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    CopperOrder.objects.update(checked_at=None)
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 1})
    assert "acknowledged</span>" in page_of(sales_client, order)


def test_during_an_outage_the_page_says_how_old_it_is(sales_client: Client, sales: User) -> None:
    outage()
    order = order_of(sales)
    CopperOrder.objects.update(checked_at=None)
    assert "Covage couldn't be asked for newer data just now." in page_of(sales_client, order)


def test_it_follows_by_itself_while_covage_is_at_work_and_no_longer(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    assert "every 3s" in page_of(sales_client, order)
    CopperOrder.objects.update(checked_at=None)
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 3})
    part = text_of(sales_client.get(url("progress", order.uuid) + "?lively", headers=HTMX))
    assert "in service</span>" in part
    assert "every 3s" not in part


@pytest.mark.parametrize("status", ["pending", "rejected"])
def test_the_page_refreshes_until_the_reason_is_known_which_covage_gives_after_the_status(
    sales_client: Client, sales: User, status: str
) -> None:
    order = order_of(sales, status=status, modification_date=timezone.now().isoformat())
    page = page_of(sales_client, order)
    assert "Covage hasn't given a reason yet" in page
    assert "every 3s" in page
    event(status, "No pair is free")
    page = page_of(sales_client, order)
    assert "No pair is free" in page
    assert "every 3s" not in page


def test_a_reason_that_never_came_is_not_waited_for_without_end(sales_client: Client, sales: User) -> None:
    long_ago = timezone.now() - timedelta(hours=1)
    order = order_of(sales, status="rejected", modification_date=long_ago.isoformat())
    assert "every 3s" not in page_of(sales_client, order)


def test_without_scripts_a_link_refreshes_and_no_page_discards_a_note_being_typed(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    page = page_of(sales_client, order)
    assert f'<noscript><a href="{order.get_absolute_url()}">Refresh</a></noscript>' in page
    assert 'http-equiv="refresh"' not in page


def test_a_page_that_follows_stays_as_it_is_until_there_is_something_else_to_show(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = submitted_order(sales)
    shown = re.search(r"lively&amp;as=(\w+)", str(sales_client.get(order.get_absolute_url()).content))
    assert shown
    ask = url("progress", order.uuid) + f"?lively&as={shown[1]}"
    assert sales_client.get(ask, headers=HTMX).status_code == 204
    CopperOrder.objects.update(checked_at=None)
    sandbox.on_copper(upstream_id(order), "advance", {"steps": 1})
    assert "acknowledged</span>" in text_of(sales_client.get(ask, headers=HTMX))


def test_what_was_read_a_moment_ago_is_not_read_again(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = order_of(sales)
    requested = len(sandbox.log())
    assert "in production</span>" in text_of(sales_client.get(url("progress", order.uuid), headers=HTMX))
    assert len(sandbox.log()) == requested


def test_an_order_that_has_become_a_draft_again_is_opened_as_one(
    sandbox: SandboxProcess, sales_client: Client, sales: User
) -> None:
    order = open_order(sales)
    response = sales_client.get(url("progress", order.uuid), headers=HTMX)
    assert response.headers["HX-Redirect"] == order.get_absolute_url()

"""How new an order's page is: read again before or after it is shown, kept while Covage is down, changed since."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from notifications.models import Unread
from outbox.apis import COVAGE
from outbox.models import ApiHealth
from tests.sandbox_process import SandboxProcess
from tests.tracking.orders.page_helpers import ingested_order, order_page
from tests.tracking.vendor_documents import detail, history, listed
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Order, OrderDetail

pytestmark = pytest.mark.django_db


def test_changes_since_the_reader_last_looked_are_shown_once(sales_client: Client) -> None:
    order = ingested_order(ago=40)
    assert "Changed since you last looked" not in order_page(sales_client, order)
    later = detail(technical_note="Ring twice", state="in_progress")
    at = timezone.now()
    store.ingest_reading(Reading(order.reference, at, later, history("acknowledged", "created"), None))
    assert Unread.objects.count() == 1
    page = order_page(sales_client, order)
    assert "Changed since you last looked" in page
    assert "Technical note: <del>—</del> → <ins>Ring twice</ins>" in page
    assert "Production step: <del>acknowledged</del> → <ins>created</ins>" in page
    assert Unread.objects.count() == 0
    assert "Changed since you last looked" not in order_page(sales_client, order)


def test_an_order_never_read_is_read_while_the_reader_waits(
    sales_client: Client, sandbox: SandboxProcess
) -> None:
    raw = sandbox.control("GET", "orders?state=active&limit=1")[0]
    store.ingest_page([raw], timezone.now())
    order = Order.objects.get()
    page = order_page(sales_client, order)
    assert "Last read from Covage at" in page
    assert "Commitment and notice" in page
    assert "Service reference" in page
    assert OrderDetail.objects.get().detail


def test_while_covage_is_down_what_is_kept_is_shown_with_its_age(
    sales_client: Client, sandbox: SandboxProcess
) -> None:
    order = ingested_order(ago=3600)
    sandbox.down()
    page = order_page(sales_client, order)
    assert "Covage couldn't be asked for newer data just now." in page
    assert "FR000001" in page
    sandbox.down(False)


def test_an_order_that_was_never_read_shows_the_lists_data_meanwhile(sales_client: Client) -> None:
    store.ingest_page([listed()], timezone.now())
    now = timezone.now()
    ApiHealth.objects.create(name=COVAGE, down_since=now, tried_at=now)
    page = order_page(sales_client, Order.objects.get())
    assert "this is what the list of orders shows" in page
    assert "Boulangerie Martin" in page


def test_an_order_read_a_few_minutes_ago_is_shown_at_once_and_read_again_behind_it(
    sales_client: Client, sandbox: SandboxProcess
) -> None:
    raw = sandbox.control("GET", "orders?state=active&limit=1")[0]
    before = timezone.now() - timedelta(minutes=5)
    store.ingest_page([raw], before - timedelta(seconds=1))
    reference = raw["order_reference"]
    old = detail(state="active", order_reference=reference, note="As it was")
    store.ingest_reading(Reading(reference, before, old, [], []))
    order = Order.objects.get()
    page = order_page(sales_client, order)
    assert "As it was" in page
    assert "?fresh=1&amp;since=" in page
    assert not [entry for entry in sandbox.log() if reference in entry["path"]]
    since = (before - timedelta(minutes=1)).isoformat()
    fresh = sales_client.get(
        order.get_absolute_url(), {"fresh": "1", "since": since}, headers={"HX-Request": "true"}
    ).content.decode()
    assert fresh.lstrip().startswith('<div id="live"')
    assert "Changed since you last looked" in fresh
    assert "fresh=1" not in fresh
    assert Order.objects.filter(read_at__gt=before).exists()
    assert not Unread.objects.exists()


def test_an_order_just_read_is_not_requested_again(sales_client: Client, sandbox: SandboxProcess) -> None:
    order = ingested_order()
    page = order_page(sales_client, order)
    sales_client.get(order.get_absolute_url(), {"fresh": "1"}, headers={"HX-Request": "true"})
    assert "fresh=1" not in page
    assert not [entry for entry in sandbox.log() if order.reference in entry["path"]]


def test_an_order_that_is_gone_says_so_and_stays_readable(sales_client: Client) -> None:
    order = ingested_order(state="active")
    Order.objects.update(gone_at=timezone.now())
    page = order_page(sales_client, order)
    assert "no longer at Covage" in page
    assert "Covage no longer has this order" in page


def test_half_a_reading_says_what_is_missing(sales_client: Client) -> None:
    order = ingested_order()
    OrderDetail.objects.update(
        failure="Covage couldn't list this order's documents. Those already known are kept."
    )
    assert "list this order&#x27;s documents." in order_page(sales_client, order)

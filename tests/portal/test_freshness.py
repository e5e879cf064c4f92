"""How fresh what is shown is, on every page."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from outbox.apis import APIS, COVAGE, EXTRANET
from outbox.models import ApiHealth
from portal.freshness import Freshness
from sync.models import SyncRun
from tests.apis import speak_to
from tests.conftest import People


def _down(**changes: Any) -> ApiHealth:
    values = {"name": "covage", "down_since": timezone.now(), "failure": "Unreachable"}
    return ApiHealth.objects.create(**values | changes)


def _apis_shown_down(client: Client, page: str) -> set[str]:
    """The APIs of which a page says that they can't be reached."""
    text = client.get(page).content.decode()
    sentences = {
        COVAGE: "Covage has been out of reach since",
        EXTRANET: "Covage's extranet has been out of reach since",
    }
    return {api for api, sentence in sentences.items() if sentence in text}


def test_a_page_says_when_it_was_last_synced(sales_client: Client) -> None:
    assert "Not yet up to date with Covage" in sales_client.get("/").content.decode()
    SyncRun.objects.create(kind="carts", state=SyncRun.State.DONE)
    assert "Up to date with Covage as of" in sales_client.get("/").content.decode()


def test_only_complete_runs_of_carts_count(people: People) -> None:
    begun = timezone.now() - timedelta(hours=1)
    SyncRun.objects.create(kind="carts", state=SyncRun.State.DONE, started_at=begun)
    SyncRun.objects.create(kind="carts", state=SyncRun.State.FAILED)
    SyncRun.objects.create(kind="reference", state=SyncRun.State.DONE)
    assert Freshness(people.sales, [COVAGE]).last_synced_at == begun


def test_pages_of_orders_say_when_orders_were_synced(sales_client: Client) -> None:
    SyncRun.objects.create(kind="carts", state=SyncRun.State.DONE)
    of_orders = ("/orders/", "/dashboard/", "/dashboard/appointments/")
    for page in of_orders:
        assert "Not yet up to date with Covage" in sales_client.get(page).content.decode()
    SyncRun.objects.create(kind="orders", state=SyncRun.State.DONE)
    for page in of_orders:
        assert "Up to date with Covage as of" in sales_client.get(page).content.decode()


def test_pages_of_carts_do_not_mention_orders(sales_client: Client) -> None:
    SyncRun.objects.create(kind="orders", state=SyncRun.State.DONE)
    for page in ("/", "/carts/", "/outbox/", "/no/such/page"):
        assert "Not yet up to date with Covage" in sales_client.get(page).content.decode()


def test_an_outage_is_announced_on_every_page(sales_client: Client) -> None:
    _down()
    for page in ("/", "/carts/", "/outbox/", "/search/"):
        assert "Covage has been out of reach since" in sales_client.get(page).content.decode()


def test_an_outage_says_why_where_there_is_more_to_say(people: People) -> None:
    _down(failure="Unauthorized")
    assert "refuse the portal" in Freshness(people.sales, [COVAGE]).outages[0].message


def test_a_failure_of_another_kind_adds_nothing(people: People) -> None:
    _down(failure="SomethingNew")
    assert Freshness(people.sales, [COVAGE]).outages[0].message == ""


@pytest.mark.parametrize("down", [{COVAGE}, {EXTRANET}, {COVAGE, EXTRANET}])
def test_with_two_apis_pages_of_neither_show_each_that_is_down(
    sales_client: Client, settings: Settings, down: set[str]
) -> None:
    speak_to(settings, *APIS)
    for api in down:
        _down(name=api)
    for page in ("/", "/outbox/", "/search/", "/dashboard/"):
        assert _apis_shown_down(sales_client, page) == down


def test_pages_of_fibre_do_not_mention_the_extranet(sales_client: Client, settings: Settings) -> None:
    speak_to(settings, *APIS)
    _down(name=EXTRANET)
    for page in ("/carts/", "/lines/", "/orders/"):
        assert _apis_shown_down(sales_client, page) == set()


def test_an_api_that_is_not_configured_is_not_mentioned(sales_client: Client, settings: Settings) -> None:
    _down(name=COVAGE)
    _down(name=EXTRANET)
    for api in APIS:
        speak_to(settings, api)
        assert _apis_shown_down(sales_client, "/") == {api}


def test_with_the_extranet_alone_pages_say_when_that_was_synced(
    sales_client: Client, settings: Settings
) -> None:
    speak_to(settings, EXTRANET)
    SyncRun.objects.create(kind="carts", state=SyncRun.State.DONE)
    assert "Not yet up to date with Covage's extranet" in sales_client.get("/").content.decode()
    SyncRun.objects.create(kind="extranet", state=SyncRun.State.DONE)
    assert "Up to date with Covage's extranet as of" in sales_client.get("/").content.decode()


def test_no_outage_is_shown_while_they_respond(sales_client: Client) -> None:
    ApiHealth.objects.create(name="covage", answered_at=timezone.now())
    assert "out of reach" not in sales_client.get("/").content.decode()


def test_the_footer_leads_to_operations_for_those_with_access(
    sales_client: Client, back_office_client: Client
) -> None:
    assert 'href="/operations/"' not in sales_client.get("/").content.decode()
    footer = back_office_client.get("/").content.decode().partition("<footer")[2]
    assert 'href="/operations/"' in footer


def test_nothing_is_read_until_it_is_shown(people: People, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        freshness = Freshness(people.sales, APIS)
    with django_assert_num_queries(2):
        assert (freshness.outages, freshness.last_synced_at) == ([], None)
        assert [status.api for status in freshness.statuses] == list(APIS)


def test_somebody_not_signed_in_sees_nothing(client: Client, db: None) -> None:
    _down()
    assert "Covage has been out of reach" not in client.get("/accounts/login/").content.decode()

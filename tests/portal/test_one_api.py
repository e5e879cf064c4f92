"""A portal connected to one of the two APIs alone: what belongs to the other does not exist."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import ResolverMatch, resolve
from django.utils import timezone
from django.utils.module_loading import import_string
from django_q.models import OrmQ
from pytest_django import Settings

from accounts.models import User
from extranet.models import CopperOrder
from notifications.calendars.sources import entries
from outbox.apis import APIS, COVAGE, EXTRANET
from portal.apis import api_of_function, api_of_page, is_there
from portal.operations.schedules import SCHEDULES
from portal.operations.syncs import KINDS, configured_kinds
from portal.outbox import pages
from sessions_app.models import Cart
from sync.models import SyncRun
from tests.apis import speak_to
from tests.conftest import People
from tests.portal.test_access import PAGES
from tests.portal.world import (
    a_cart,
    a_copper_order,
    a_line,
    an_operation,
    copper_of_every_item,
    copper_operation,
)
from tests.tracking.order_factory import an_order

SHOWN = (
    "/",
    "/search/",
    "/search/?q=boulangerie",
    "/search/?q=CMD_X_00000001",
    "/dashboard/",
    "/outbox/",
    "/notices/",
    "/operations/",
)
ROLES = ("sales", "back_office", "administrator", "nobody")
LINK = re.compile(r'(?:href|action|hx-get|hx-post)="(/(?!static/)[^"]*)"')


@pytest.fixture
def world(people: People) -> Cart:
    """A bit of everything that comes from Covage's APIs, from when the portal was still connected to both."""
    cart = a_cart(people.sales, "READY")
    a_line(cart, expires_on=timezone.localdate() + timedelta(days=3))
    a_line(cart, "Rejected", state="rejected_creation")
    an_operation(cart)
    an_order(1, owner=people.sales, state="in_progress", estimated_delivery_date="2026-01-01")
    SyncRun.objects.create(kind="carts", state=SyncRun.State.DONE)
    SyncRun.objects.create(kind="extranet", state=SyncRun.State.DONE)
    copper_of_every_item(people.sales)
    a_copper_order(people.sales, "BAKERY", end_customer_name="Boulangerie", term_ends_on=date(2026, 12, 1))
    copper_operation(CopperOrder.objects.get(alias="READY"))
    return cart


def _apis_linked(client: Client) -> set[str]:
    """The APIs to whose pages the pages that everyone starts from lead."""
    apis = set()
    for address in SHOWN:
        for link in LINK.findall(client.get(address).content.decode()):
            apis.add(api_of_page(resolve(urlsplit(link).path)))
    return apis - {""}


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("configured", "other"), [(COVAGE, EXTRANET), (EXTRANET, COVAGE)])
def test_no_page_leads_to_a_page_of_the_api_that_is_not_configured(
    people: People,
    signed_in: Callable[[User], Client],
    settings: Settings,
    role: str,
    configured: str,
    other: str,
) -> None:
    speak_to(settings, configured)
    assert other not in _apis_linked(signed_in(getattr(people, role)))


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize("role", ["sales", "back_office"])
def test_with_it_configured_they_do_lead_there(
    people: People, signed_in: Callable[[User], Client], role: str
) -> None:
    assert _apis_linked(signed_in(getattr(people, role))) == set(APIS)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("api", APIS)
def test_home_opens_with_either(
    people: People, signed_in: Callable[[User], Client], settings: Settings, role: str, api: str
) -> None:
    speak_to(settings, api)
    assert signed_in(getattr(people, role)).get("/").status_code == 200


_OF_AN_API = [(address, api_of_page(resolve(address))) for _name, address, _view in PAGES]


@pytest.mark.parametrize(("address", "api"), [page for page in _OF_AN_API if page[1]])
def test_a_page_of_an_api_that_is_not_configured_does_not_exist_and_says_why(
    back_office_client: Client, settings: Settings, address: str, api: str
) -> None:
    speak_to(settings, *(other for other in APIS if other != api))
    response = back_office_client.get(address)
    assert response.status_code == 404
    assert "This portal isn't connected to Covage" in response.content.decode()


@pytest.mark.parametrize(
    "address", ["/", "/dashboard/", "/search/", "/outbox/", "/notices/", "/accounts/login/"]
)
def test_pages_of_no_api_in_particular_are_there_with_either(
    back_office_client: Client, settings: Settings, address: str
) -> None:
    for api in APIS:
        speak_to(settings, api)
        assert back_office_client.get(address, follow=True).status_code == 200


def test_each_app_s_pages_and_tasks_belong_to_its_api() -> None:
    def match(app: str, name: str) -> ResolverMatch:
        return ResolverMatch(lambda: None, (), {}, url_name=name, app_names=[app], namespaces=[app])

    expected = {
        "sessions_app": COVAGE,
        "tracking": COVAGE,
        "extranet": EXTRANET,
        "notifications": "",
        "portal": "",
    }
    assert {app: api_of_page(match(app, "orders")) for app in expected} == expected
    assert {app: api_of_function(f"{app}.tasks.sync") for app in expected} == expected
    assert api_of_page(match("portal", "appointments")) == COVAGE
    assert api_of_page(None) == ""
    assert is_there("")


def test_what_is_pending_for_the_other_api_is_not_shown_and_not_counted(
    world: Cart, people: People, settings: Settings
) -> None:
    assert pages.visible_to(people.sales).count() == 2
    for api, kind in ((COVAGE, "save-cart"), (EXTRANET, "save-copper")):
        speak_to(settings, api)
        for user in (people.sales, people.back_office):
            assert pages.visible_to(user).values_list("kind", flat=True).get() == kind


def test_calendars_show_only_orders_of_the_configured_api(
    world: Cart, people: People, settings: Settings
) -> None:
    year = date(2026, 1, 1), date(2026, 12, 31)
    for api, kinds in ((COVAGE, {"delivery"}), (EXTRANET, {"term"})):
        speak_to(settings, api)
        assert {entry.kind for entry in entries(people.sales, *year)} == kinds


@pytest.mark.django_db
@pytest.mark.parametrize("name", [name for name, (task, _, _) in SCHEDULES.items() if api_of_function(task)])
def test_what_is_scheduled_for_an_api_that_is_not_configured_does_nothing(
    name: str, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    task, _minutes, arguments = SCHEDULES[name]
    speak_to(settings, *(api for api in APIS if api != api_of_function(task)))
    import_string(task)(**arguments)
    assert not SyncRun.objects.exists()
    assert caplog.records == []


@pytest.mark.django_db
def test_sync_leaves_out_the_kinds_of_an_api_that_is_not_configured(settings: Settings) -> None:
    for api, other in ((EXTRANET, COVAGE), (COVAGE, EXTRANET)):
        SyncRun.objects.all().delete()
        speak_to(settings, api)
        with suppress(CommandError):  # nobody answers
            call_command("sync", stdout=StringIO(), stderr=StringIO())
        assert configured_kinds() == list(KINDS[api])
        assert not SyncRun.objects.filter(kind__in=KINDS[other]).exists()


def test_operations_offer_and_show_only_what_is_configured(
    back_office_client: Client, settings: Settings
) -> None:
    speak_to(settings, EXTRANET)
    page = back_office_client.get("/operations/").content.decode()
    assert "Carts now" not in page
    assert "Copper orders now" in page
    assert "Sync copper orders" in page
    assert "Sync carts" not in page
    assert "Send what is waiting to Covage" in page
    assert back_office_client.post("/operations/sync/carts/").status_code == 404
    assert not OrmQ.objects.exists()


def test_operations_show_each_api(back_office_client: Client, settings: Settings) -> None:
    shown: dict[str, Any] = {}
    for apis in ([COVAGE], [EXTRANET], list(APIS)):
        speak_to(settings, *apis)
        page = back_office_client.get("/operations/").content.decode()
        shown[str(apis)] = ("<span>Covage</span>" in page, "<span>Covage's extranet</span>" in page)
    assert list(shown.values()) == [(True, False), (False, True), (True, True)]

"""Every address of ours with every role and with nobody signed in, against a table of who may open it.

The table is README's "Who does what", address by address. The administration has tests of its own
(tests/accounts/).
"""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote
from uuid import UUID

import pytest
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.converters import IntConverter, UUIDConverter

from accounts.models import User
from accounts.roles import ADMINISTRATOR, BACK_OFFICE, ROLES, SALES
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.conftest import People
from tests.portal.world import a_copper_order

OTHERS = ("allauth.", "django.", "accounts.read_only_admin")
PUBLIC = {
    "accounts:preferences",
    "admin:login",  # leads to the portal's own
    "notifications:calendar",  # decides by its token
    "healthz",
    "readyz",
    "metrics",  # decides by itself
}

EVERYBODY: frozenset[str] = frozenset()
SALES_ALONE = frozenset({"sales"})
BACK_OFFICE_ALONE = frozenset({"back-office"})
BOTH = SALES_ALONE | BACK_OFFICE_ALONE
# Administrators may open everything.
MAY_OPEN = {
    # portal
    "portal:home": EVERYBODY,
    "portal:search": EVERYBODY,
    "portal:dashboard": BOTH,
    "portal:appointments": BOTH,
    "portal:outbox": BOTH,
    "portal:outbox-send": BOTH,
    "portal:outbox-withdraw": BOTH,
    "portal:outbox-dismiss": BOTH,
    "portal:operations": BACK_OFFICE_ALONE,
    "portal:operations-sync": BACK_OFFICE_ALONE,
    # sessions_app
    "sessions_app:carts": BOTH,
    "sessions_app:cart-new": SALES_ALONE,
    "sessions_app:cart": BOTH,
    "sessions_app:cart-edit": SALES_ALONE,
    "sessions_app:cart-delete": SALES_ALONE,
    "sessions_app:cart-take": SALES_ALONE,
    "sessions_app:cart-send": SALES_ALONE,
    "sessions_app:cart-settle": SALES_ALONE,
    "sessions_app:cart-confirm": SALES_ALONE,
    "sessions_app:cart-progress": BOTH,
    "sessions_app:cart-reorder": SALES_ALONE,
    "sessions_app:lines": BOTH,
    "sessions_app:line-new": SALES_ALONE,
    "sessions_app:line": BOTH,
    "sessions_app:line-delete": SALES_ALONE,
    "sessions_app:line-duplicate": SALES_ALONE,
    "sessions_app:line-settle": SALES_ALONE,
    # tracking
    "tracking:orders": BOTH,
    "tracking:orders-csv": BOTH,
    "tracking:orders-xlsx": BOTH,
    "tracking:orders-progress": BOTH,
    "tracking:orders-watch": BOTH,
    "tracking:terminate-many": BACK_OFFICE_ALONE,
    "tracking:order": BOTH,
    "tracking:order-of-line": BOTH,
    "tracking:documents": BOTH,
    "tracking:document": BOTH,
    "tracking:document-frame": BOTH,
    "tracking:exports": BACK_OFFICE_ALONE,
    "tracking:export-start": BACK_OFFICE_ALONE,
    "tracking:export-file": BACK_OFFICE_ALONE,
    "tracking:requests": BOTH,
    "tracking:request": BACK_OFFICE_ALONE,
    # extranet
    "extranet:orders": BOTH,
    "extranet:orders-csv": BOTH,
    "extranet:orders-xlsx": BOTH,
    "extranet:orders-watch": BOTH,
    "extranet:contacts": BOTH,
    "extranet:contact-new": BOTH,
    "extranet:contact": BOTH,
    "extranet:contact-delete": BACK_OFFICE_ALONE,
    "extranet:new": SALES_ALONE,
    "extranet:terminate-named": BACK_OFFICE_ALONE,
    "extranet:order": BOTH,
    "extranet:progress": BOTH,
    "extranet:owner": BOTH,
    "extranet:take": BOTH,
    "extranet:slots": BOTH,
    "extranet:settle": BOTH,
    "extranet:delete": BOTH,
    "extranet:duplicate": SALES_ALONE,
    "extranet:submit": BOTH,
    "extranet:confirm": BOTH,
    "extranet:cancel": BOTH,
    "extranet:terminate": BACK_OFFICE_ALONE,
    # lists
    "lists:view-new": BOTH,
    "lists:view-edit": BOTH,
    "lists:view-delete": BOTH,
    "lists:columns": EVERYBODY,
    # notifications
    "notifications:notices": BOTH,
    "notifications:notices-read": BOTH,
    "notifications:notice-read": BOTH,
    "notifications:settings": BOTH,
    "notifications:watch-new": BOTH,
    "notifications:watch-delete": BOTH,
    "notifications:note-new": BOTH,
    "notifications:note-edit": BOTH,
    "notifications:note-delete": BOTH,
    "notifications:feed-open": BOTH,
    "notifications:feed-close": BOTH,
}

Page = tuple[str, str, Any]  # name, an address, the view


def _pages(patterns: list[Any], namespace: str = "", prefix: str = "/") -> Iterator[Page]:
    for pattern in patterns:
        address = prefix + _filled_in(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _pages(pattern.url_patterns, inner, address)
        elif not pattern.callback.__module__.startswith(OTHERS):
            yield f"{namespace}{pattern.name}", address, pattern.callback


def _filled_in(pattern: URLPattern | URLResolver) -> str:
    """The pattern's part of an address, with something that does not exist for each of its arguments."""
    part = str(pattern.pattern)
    for name, converter in pattern.pattern.converters.items():
        for kind, value in ((UUIDConverter, str(UUID(int=7))), (IntConverter, "7")):
            if isinstance(converter, kind):
                part = part.replace(_placeholder(part, name), value)
        part = part.replace(_placeholder(part, name), "nothing-like-this")
    return part


def _placeholder(part: str, name: str) -> str:
    """`<uuid:cart_id>` or `<cart_id>` as written in the part; something absent when it was filled in."""
    starts = [start for start in (f":{name}>", f"<{name}>") if start in part]
    if not starts:
        return "\0"
    end = part.index(starts[0]) + len(starts[0])
    return part[part.rindex("<", 0, end) : end]


PAGES = list(_pages(get_resolver().url_patterns))
GUARDED = [page for page in PAGES if page[0] not in PUBLIC]
every_guarded_page = pytest.mark.parametrize("page", GUARDED, ids=[page[0] for page in GUARDED])


def _knock(client: Client, address: str) -> HttpResponseBase:
    """Request the page by its method."""
    client.raise_request_exception = False
    response = client.get(address)
    return client.post(address) if response.status_code == 405 else response


def test_every_page_requires_what_the_table_says() -> None:
    required = {name: getattr(view, "required_roles", None) for name, _address, view in GUARDED}
    assert {
        name: roles if roles is None else frozenset(roles) for name, roles in required.items()
    } == MAY_OPEN


def test_the_list_of_public_pages_is_not_longer_than_need_be() -> None:
    assert {page[0] for page in PAGES} >= PUBLIC
    assert not [name for name, _address, view in PAGES if name in PUBLIC and hasattr(view, "required_roles")]


@every_guarded_page
@pytest.mark.django_db
def test_nobody_signed_in_is_led_to_the_sign_in_page(page: Page) -> None:
    response = _knock(Client(), page[1])
    assert response.status_code == 302
    assert response.headers["Location"] == f"/accounts/login/?next={quote(page[1], safe='')}"


@every_guarded_page
@pytest.mark.django_db
def test_htmx_without_a_session_is_informed_and_nothing_is_swapped(page: Page) -> None:
    client = Client(headers={"HX-Request": "true"})
    response = _knock(client, page[1])
    assert response.status_code == 401
    assert response.headers["HX-Trigger"] == "signed-out"


@every_guarded_page
@pytest.mark.parametrize("role", ROLES)
def test_a_role_opens_its_pages_and_no_others(
    page: Page, role: str, people: People, signed_in: Callable[[User], Client]
) -> None:
    name, address, _view = page
    cast = {SALES: people.sales, BACK_OFFICE: people.back_office, ADMINISTRATOR: people.administrator}
    response = _knock(signed_in(cast[role]), address)
    may = not MAY_OPEN[name] or role in MAY_OPEN[name] or role == ADMINISTRATOR
    assert response.status_code < 500
    assert (response.status_code != 403) == may


@every_guarded_page
def test_someone_without_a_role_opens_only_what_is_for_everyone(
    page: Page, people: People, signed_in: Callable[[User], Client]
) -> None:
    response = _knock(signed_in(people.nobody), page[1])
    assert (response.status_code == 403) == bool(MAY_OPEN[page[0]])


# Copper orders: every address with POST, at somebody else's draft and order

COPPER = [page for page in GUARDED if page[0].startswith("extranet:")]
OF_ONE_ORDER = [page for page in COPPER if str(UUID(int=7)) in page[1] and "contact" not in page[0]]
every_copper_page = pytest.mark.parametrize("page", COPPER, ids=[page[0] for page in COPPER])
every_page_of_an_order = pytest.mark.parametrize("page", OF_ONE_ORDER, ids=[page[0] for page in OF_ONE_ORDER])


def _at(page: Page, order: CopperOrder) -> str:
    return page[1].replace(str(UUID(int=7)), str(order.uuid))


@every_copper_page
@pytest.mark.parametrize("role", [*ROLES, ""])
def test_a_post_to_copper_is_for_its_roles_alone(
    page: Page, role: str, people: People, signed_in: Callable[[User], Client]
) -> None:
    cast = {
        SALES: people.sales,
        BACK_OFFICE: people.back_office,
        ADMINISTRATOR: people.administrator,
        "": people.nobody,
    }
    client = signed_in(cast[role])
    client.raise_request_exception = False
    response = client.post(page[1])
    may = role in MAY_OPEN[page[0]] or role == ADMINISTRATOR
    assert response.status_code < 500
    assert (response.status_code != 403) == may


@every_page_of_an_order
@pytest.mark.parametrize("method", ["get", "post"])
def test_someone_elses_copper_draft_is_a_404(
    page: Page, method: str, people: People, sales_client: Client
) -> None:
    order = a_copper_order(people.other_sales)
    response = getattr(sales_client, method)(_at(page, order))
    assert response.status_code in (403, 404, 405)
    order.refresh_from_db()
    assert (order.owner, order.deleted_at, order.submitting_since) == (people.other_sales, None, None)


@every_page_of_an_order
def test_nothing_is_done_to_someone_elses_pending_order(
    page: Page, people: People, sales_client: Client
) -> None:
    order = a_copper_order(people.other_sales, status="pending", operator_order_name="Theirs")
    response = sales_client.post(_at(page, order))
    assert response.status_code < 500
    order.refresh_from_db()
    assert (order.owner, order.answering, order.deleted_at) == (people.other_sales, "", None)
    assert not Operation.objects.filter(subject_id=order.uuid).exists()

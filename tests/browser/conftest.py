"""The portal in headless Chromium: over real HTTP, the sandbox as a process of its own."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from accounts.models import User
from sessions_app.carts import actions as cart_actions
from sessions_app.lines import actions as line_actions
from sessions_app.models import Cart, Line
from tests.browser.page_checks import ConsoleErrors
from tests.conftest import People, StandIn
from tests.sandbox_process import SandboxProcess
from tests.sessions_app.cart_factory import only_line, open_cart, ready_values, send

# Playwright's synchronous interface keeps an event loop running in this thread.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = {"width": 1440, "height": 900}
PHONE = {"width": 360, "height": 740}
TIMEOUT_MILLISECONDS = 20_000
BARE = ("product_offering_id", "product_offering_qualification_item_id")

Visit = Callable[..., Page]

expect.set_options(timeout=TIMEOUT_MILLISECONDS)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The system's Chromium, making no request of its own."""
    chromium = shutil.which("chromium-headless-shell")
    return browser_type_launch_args | {"executable_path": chromium, "args": CHROMIUM_FLAGS}


@pytest.fixture(autouse=True)
def sandbox(connected_to: StandIn, settings: Settings, media: Path) -> SandboxProcess:
    """The vendor that the portal is connected to: no carts, past orders alone."""
    # On a busy machine, too, what is sent at once must not end up waiting.
    settings.OUTBOX_INTERACTIVE_SECONDS = TIMEOUT_MILLISECONDS / 1000
    return connected_to("--orders", "60", "--copper", "40")


@pytest.fixture(params=["en-GB", pytest.param("fr-FR", marks=pytest.mark.slow)], ids=["english", "french"])
def locale(request: pytest.FixtureRequest) -> str:
    """The language that a browser prefers: a test that takes this runs once in each."""
    language: str = request.param
    return language


@pytest.fixture
def console_errors() -> Iterator[ConsoleErrors]:
    """The messages in the browser's consoles; a test says first which it expects."""
    errors = ConsoleErrors()
    yield errors
    assert errors.unexpected() == []


@pytest.fixture
def visit(
    browser: Browser, live_server: LiveServer, console_errors: ConsoleErrors, people: People
) -> Iterator[Visit]:
    """Open a browser of its own on the portal, signed in or not: `visit(person, **options)`."""
    contexts: list[BrowserContext] = []

    def open_browser(person: User | None = None, **options: Any) -> Page:
        context = browser.new_context(
            **{"viewport": DESKTOP, "locale": "en-GB", "base_url": live_server.url, **options}
        )
        contexts.append(context)
        context.set_default_timeout(TIMEOUT_MILLISECONDS)
        if person:
            context.add_cookies([_session_of(person, live_server.url)])
        page = context.new_page()
        console_errors.listen_to(page)
        return page

    yield open_browser
    for context in contexts:
        context.close()


def _session_of(person: User, url: str) -> Any:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    name = django_settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}


@pytest.fixture
def colleague(people: People) -> User:
    """Another salesperson of the team that the cart belongs to."""
    person = User.objects.create_user("colleague", "colleague@example.test", "open sesame 123")
    person.groups.set(people.sales.groups.all())
    people.north.members.add(person)
    return person


@pytest.fixture
def cart(people: People) -> Cart:
    """A cart of the team's with one line that is ready, all of it at the vendor."""
    opened = open_cart(people.sales, lines=1)
    return cart_actions.edit_cart(opened.pk, people.sales, {}, owner=people.sales, team=people.north)


@pytest.fixture
def line(cart: Cart) -> Line:
    return only_line(cart)


@pytest.fixture
def bare_line(people: People) -> Line:
    """A line that lacks its site and its network, at the vendor as a draft."""
    opened = open_cart(people.sales)
    values = {name: ready_values()[name] for name in BARE}
    made = line_actions.add_line(opened.pk, people.sales, values=values)
    send(opened)
    return made


@pytest.fixture
def page(visit: Visit, people: People, bare_line: Line) -> Page:
    """The form of that line, opened by the sales person."""
    opened = visit(people.sales)
    opened.goto(bare_line.get_absolute_url())
    return opened

"""The pages named at the top of every page, by role."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES
from extranet.models import CopperOrder
from notifications.notices import pages
from outbox.apis import COVAGE, EXTRANET
from portal.apis import is_there
from portal.outbox import pages as outbox_pages


@dataclass(frozen=True)
class NavigationEntry:
    """One page: `roles` who see it (everyone when empty); `count` what to show beside it, nothing for 0.

    `parts` are pages that belong to it, named on each of them. Named only where its `api`, if any, is configured.
    """

    label: Promise | str
    url_name: str
    roles: tuple[str, ...] = ()
    count: Callable[[AuthenticatedHttpRequest], int] | None = None
    parts: tuple["NavigationEntry", ...] = ()
    api: str = ""


@dataclass(frozen=True)
class Link:
    """An entry as shown to a user on a page."""

    label: Promise | str
    url: str
    current: bool
    count: int
    parts: tuple["Link", ...] = ()


def _answers_awaited(request: AuthenticatedHttpRequest) -> int:
    """How many copper orders are waiting for an answer that the user may give."""
    return CopperOrder.objects.answerable_by(request.user).pending().count()


ENTRIES: tuple[NavigationEntry, ...] = (
    NavigationEntry(_("Home"), "portal:home"),
    NavigationEntry(_("Dashboard"), "portal:dashboard", (SALES, BACK_OFFICE)),
    NavigationEntry(
        _("Carts"),
        "sessions_app:carts",
        (SALES, BACK_OFFICE),
        parts=(
            NavigationEntry(_("Carts"), "sessions_app:carts", (SALES, BACK_OFFICE)),
            NavigationEntry(_("Order lines"), "sessions_app:lines", (SALES, BACK_OFFICE)),
        ),
        api=COVAGE,
    ),
    NavigationEntry(
        _("Orders"),
        "tracking:orders",
        (SALES, BACK_OFFICE),
        parts=(
            NavigationEntry(_("Orders"), "tracking:orders", (SALES, BACK_OFFICE)),
            NavigationEntry(_("Requests"), "tracking:requests", (SALES, BACK_OFFICE)),
            NavigationEntry(_("Exports"), "tracking:exports", (BACK_OFFICE,)),
        ),
        api=COVAGE,
    ),
    NavigationEntry(
        _("Copper"),
        "extranet:orders",
        (SALES, BACK_OFFICE),
        count=_answers_awaited,
        parts=(
            NavigationEntry(_("Copper orders"), "extranet:orders", (SALES, BACK_OFFICE)),
            NavigationEntry(_("Contacts"), "extranet:contacts", (SALES, BACK_OFFICE)),
        ),
        api=EXTRANET,
    ),
    NavigationEntry(_("Outbox"), "portal:outbox", (SALES, BACK_OFFICE), count=outbox_pages.count),
    NavigationEntry(_("Notices"), "notifications:notices", (SALES, BACK_OFFICE), count=pages.count),
    NavigationEntry(_("Operations"), "portal:operations", (BACK_OFFICE,)),
)


def links(request: AuthenticatedHttpRequest) -> Iterator[Link]:
    """The entries for the user; the one that the page belongs to is the current one."""
    for entry in ENTRIES:
        if _may_see(entry, request):
            yield _link(entry, request)


def _may_see(entry: NavigationEntry, request: AuthenticatedHttpRequest) -> bool:
    return is_there(entry.api) and (not entry.roles or request.user.has_role(*entry.roles))


def _link(entry: NavigationEntry, request: AuthenticatedHttpRequest) -> Link:
    url = reverse(entry.url_name)
    parts = _nearest(tuple(_link(part, request) for part in entry.parts if _may_see(part, request)))
    here = request.path == url or (url != "/" and request.path.startswith(url))
    current = here or any(part.current for part in parts)
    return Link(entry.label, url, current, entry.count(request) if entry.count else 0, parts)


def _nearest(parts: tuple[Link, ...]) -> tuple[Link, ...]:
    """The parts, of which the page belongs to one: the one with the longest address that begins the page's."""
    nearest = max((len(part.url) for part in parts if part.current), default=0)
    return tuple(replace(part, current=part.current and len(part.url) == nearest) for part in parts)

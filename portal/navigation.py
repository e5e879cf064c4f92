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
class Entry:
    """One page: `roles` who see it (everyone when empty); `count` what to show beside it, nothing for 0.

    `parts` are pages that belong to it, named on each of them. Named only where its `api`, if any, is configured.
    """

    label: Promise | str
    url_name: str
    roles: tuple[str, ...] = ()
    count: Callable[[AuthenticatedHttpRequest], int] | None = None
    parts: tuple["Entry", ...] = ()
    api: str = ""


@dataclass(frozen=True)
class Link:
    """An entry as shown to someone on some page."""

    label: Promise | str
    url: str
    current: bool
    count: int
    parts: tuple["Link", ...] = ()


def _answers_awaited(request: AuthenticatedHttpRequest) -> int:
    """How many copper orders wait for an answer that the person may give."""
    return CopperOrder.objects.answerable_by(request.user).pending().count()


ENTRIES: tuple[Entry, ...] = (
    Entry(_("Home"), "portal:home"),
    Entry(_("Dashboard"), "portal:dashboard", (SALES, BACK_OFFICE)),
    Entry(
        _("Carts"),
        "sessions_app:carts",
        (SALES, BACK_OFFICE),
        parts=(
            Entry(_("Carts"), "sessions_app:carts", (SALES, BACK_OFFICE)),
            Entry(_("Order lines"), "sessions_app:lines", (SALES, BACK_OFFICE)),
        ),
        api=COVAGE,
    ),
    Entry(
        _("Orders"),
        "tracking:orders",
        (SALES, BACK_OFFICE),
        parts=(
            Entry(_("Orders"), "tracking:orders", (SALES, BACK_OFFICE)),
            Entry(_("Requests"), "tracking:requests", (SALES, BACK_OFFICE)),
            Entry(_("Exports"), "tracking:exports", (BACK_OFFICE,)),
        ),
        api=COVAGE,
    ),
    Entry(
        _("Copper"),
        "extranet:orders",
        (SALES, BACK_OFFICE),
        count=_answers_awaited,
        parts=(
            Entry(_("Copper orders"), "extranet:orders", (SALES, BACK_OFFICE)),
            Entry(_("Contacts"), "extranet:contacts", (SALES, BACK_OFFICE)),
        ),
        api=EXTRANET,
    ),
    Entry(_("Outbox"), "portal:outbox", (SALES, BACK_OFFICE), count=outbox_pages.count),
    Entry(_("Notices"), "notifications:notices", (SALES, BACK_OFFICE), count=pages.count),
    Entry(_("Operations"), "portal:operations", (BACK_OFFICE,)),
)


def links(request: AuthenticatedHttpRequest) -> Iterator[Link]:
    """The entries for the person signed in; the one that the page belongs to is the current one."""
    for entry in ENTRIES:
        if _may_see(entry, request):
            yield _link(entry, request)


def _may_see(entry: Entry, request: AuthenticatedHttpRequest) -> bool:
    return is_there(entry.api) and (not entry.roles or request.user.has_role(*entry.roles))


def _link(entry: Entry, request: AuthenticatedHttpRequest) -> Link:
    url = reverse(entry.url_name)
    parts = _nearest(tuple(_link(part, request) for part in entry.parts if _may_see(part, request)))
    here = request.path == url or (url != "/" and request.path.startswith(url))
    current = here or any(part.current for part in parts)
    return Link(entry.label, url, current, entry.count(request) if entry.count else 0, parts)


def _nearest(parts: tuple[Link, ...]) -> tuple[Link, ...]:
    """The parts, of which the page belongs to one: that below whose address it lies most closely."""
    nearest = max((len(part.url) for part in parts if part.current), default=0)
    return tuple(replace(part, current=part.current and len(part.url) == nearest) for part in parts)

"""The worklist items on the home page, by role, most urgent first."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.roles import BACK_OFFICE, SALES
from lists.cells import day, moment
from outbox.apis import COVAGE
from outbox.status_badges import badge_of
from portal.outbox import pages
from portal.worklists import copper, orders
from portal.worklists.item import Rows, WorklistItem, how_much_is_missing
from sessions_app.fields import LINE
from sessions_app.lines.pages import rejected_because
from sessions_app.models import Cart, Line

if TYPE_CHECKING:
    from accounts.models import User


def _carts(user: "User") -> Any:
    return Cart.objects.visible_to(user).select_related("owner").order_by("-created_at", "id")


def _lines(user: "User") -> Any:
    return Line.objects.visible_to(user).select_related("cart")


def _pending(user: "User") -> Rows:
    return pages.visible_to(user).troubled().order_by("-id")


def _missing(user: "User") -> Rows:
    missing: Rows = _carts(user).drafts().filter(missing_count__gt=0)
    return missing


def _whose(cart: Cart) -> str:
    return " · ".join(str(part) for part in (cart.project_id, cart.owner) if part)


def _reason(line: Line) -> str:
    reason = next(iter(rejected_because(line)), None)
    return (LINE.label_of(reason.path) if reason.path else reason.message) if reason else str(line.cart)


EXPIRING = WorklistItem(
    title=gettext_lazy("Expiring soon (90 days)"),
    roles=(SALES,),
    rows=lambda user: _lines(user).expiring().order_by("expires_on", "id"),
    url_name="sessions_app:lines",
    query="?readiness=expiring&sort=expiration_date",
    tone="warning",
    note=lambda line: day(line.expires_on),
    api=COVAGE,
)

WORKLIST_ITEMS = (
    copper.PENDING,
    WorklistItem(
        title=gettext_lazy("To send, or refused"),
        roles=(SALES, BACK_OFFICE),
        rows=_pending,
        url_name="portal:outbox",
        tone="warning",
        label=lambda operation: operation.label,
        note=lambda operation: badge_of(operation).label,
        # A pending operation may be about a cart that is deleted here, which has no page any more.
        link=lambda operation: reverse("portal:outbox"),
    ),
    WorklistItem(
        title=gettext_lazy("Rejected, not ordered again"),
        roles=(SALES, BACK_OFFICE),
        rows=lambda user: _lines(user).to_reorder().order_by("-created_at", "id"),
        url_name="sessions_app:lines",
        query="?readiness=to-reorder",
        tone="bad",
        note=_reason,
        api=COVAGE,
    ),
    copper.TO_REORDER,
    EXPIRING,
    orders.LATE,
    orders.STUCK,
    copper.ON_HOLD,
    orders.NOTICE_DUE,
    copper.TERM_ENDING,
    WorklistItem(
        title=gettext_lazy("Changed on both sides"),
        roles=(SALES,),
        rows=lambda user: _carts(user).in_conflict(),
        url_name="sessions_app:carts",
        query="?readiness=conflict",
        tone="warning",
        note=_whose,
        api=COVAGE,
    ),
    copper.CONFLICTS,
    WorklistItem(
        title=gettext_lazy("Ready to confirm"),
        roles=(SALES,),
        rows=lambda user: _carts(user).ready(),
        url_name="sessions_app:carts",
        query="?readiness=ready",
        tone="good",
        note=_whose,
        api=COVAGE,
    ),
    copper.READY,
    copper.TERMINATIONS_READY,
    WorklistItem(
        title=gettext_lazy("Something missing"),
        roles=(SALES,),
        rows=_missing,
        url_name="sessions_app:carts",
        query="?readiness=missing",
        note=how_much_is_missing,
        api=COVAGE,
    ),
    copper.MISSING,
    WorklistItem(
        title=gettext_lazy("Being confirmed"),
        roles=(SALES, BACK_OFFICE),
        rows=lambda user: _carts(user).settling(),
        url_name="sessions_app:carts",
        query="?readiness=settling",
        tone="info",
        note=lambda cart: moment(cart.confirming_since or cart.order_date),
        api=COVAGE,
    ),
    copper.SETTLING,
    WorklistItem(
        title=gettext_lazy("Created outside Carnet, no owner yet"),
        roles=(SALES,),
        rows=lambda user: _carts(user).unowned(),
        url_name="sessions_app:carts",
        query="?readiness=unowned",
        note=lambda cart: day(cart.creation_date or cart.created_at),
        api=COVAGE,
    ),
    copper.UNOWNED,
)

"""The matters that home leads to, by role: how many there are of each, the first few, and where all are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, QuerySet, Window
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy, ngettext

from accounts.roles import BACK_OFFICE, SALES
from mirror.models import Operation
from portal import owed
from sessions_app.fields import label_of
from sessions_app.models import Cart, Line
from sessions_app.pages import rejected_because

if TYPE_CHECKING:
    from accounts.models import User

SHOWN = 5
Rows = QuerySet[Any]


@dataclass(frozen=True)
class Topic:
    """A matter: whom it is for, its rows for someone, and the page (with the query) that lists exactly those.

    `label` and `note` tell a row; `tone` is how loudly it calls.
    """

    title: Promise
    roles: tuple[str, ...]
    rows: Callable[["User"], Rows]
    url_name: str
    query: str = ""
    tone: str = ""
    label: Callable[[Any], str] = str
    note: Callable[[Any], str] = lambda row: ""

    @property
    def url(self) -> str:
        return reverse(self.url_name) + self.query


@dataclass(frozen=True)
class Item:
    """A row of a topic as it reads."""

    label: str
    url: str
    note: str


@dataclass(frozen=True)
class Found:
    """A topic with what there is of it at this moment."""

    topic: Topic
    count: int
    items: list[Item]


def found_for(user: "User") -> list[Found]:
    """Every topic of a person's roles, one query each."""
    return [_found(topic, user) for topic in TOPICS if user.has_role(*topic.roles)]


def _found(topic: Topic, user: "User") -> Found:
    rows = list(topic.rows(user).annotate(total=Window(Count("pk")))[:SHOWN])
    return Found(topic, rows[0].total if rows else 0, [_item(topic, row) for row in rows])


def _item(topic: Topic, row: Any) -> Item:
    # What is owed may be of a cart that is deleted here, which has no page any more.
    url = topic.url if isinstance(row, Operation) else row.get_absolute_url()
    return Item(topic.label(row), url, topic.note(row))


def _carts(user: "User") -> Any:
    return Cart.objects.visible_to(user).select_related("owner").order_by("-created_at", "id")


def _lines(user: "User") -> Any:
    return Line.objects.visible_to(user).select_related("cart")


def _owed(user: "User") -> Rows:
    return owed.visible_to(user).troubled().order_by("-id")


def _missing(user: "User") -> Rows:
    missing: Rows = _carts(user).drafts().filter(missing_count__gt=0)
    return missing


def _whose(cart: Cart) -> str:
    return " · ".join(str(part) for part in (cart.project_id, cart.owner) if part)


def _how_much(cart: Cart) -> str:
    lacking = ngettext("%(number)d thing", "%(number)d things", cart.missing_count)
    return lacking % {"number": cart.missing_count}


def _last_day(line: Line) -> str:
    return date_format(line.expires_on, "SHORT_DATE_FORMAT") if line.expires_on else ""


def _reason(line: Line) -> str:
    told = next(iter(rejected_because(line)), None)
    return (label_of(told.path) if told.path else told.message) if told else str(line.cart)


def _since(cart: Cart) -> str:
    since = cart.confirming_since or cart.order_date
    return date_format(localtime(since), "SHORT_DATETIME_FORMAT") if since else ""


def _made_on(cart: Cart) -> str:
    return date_format(localtime(cart.creation_date or cart.created_at), "SHORT_DATE_FORMAT")


TOPICS = (
    Topic(
        title=gettext_lazy("To send, or refused"),
        roles=(SALES, BACK_OFFICE),
        rows=_owed,
        url_name="portal:outbox",
        tone="warning",
        label=lambda operation: operation.label,
        note=lambda operation: owed.badge_of(operation).label,
    ),
    Topic(
        title=gettext_lazy("Rejected, not ordered again"),
        roles=(SALES, BACK_OFFICE),
        rows=lambda user: _lines(user).to_reorder().order_by("-created_at", "id"),
        url_name="sessions_app:lines",
        query="?readiness=to-reorder",
        tone="bad",
        note=_reason,
    ),
    Topic(
        title=gettext_lazy("Near their 90-day end"),
        roles=(SALES,),
        rows=lambda user: _lines(user).expiring().order_by("expires_on", "id"),
        url_name="sessions_app:lines",
        query="?readiness=expiring&sort=expiration_date",
        tone="warning",
        note=_last_day,
    ),
    Topic(
        title=gettext_lazy("Changed on both sides"),
        roles=(SALES,),
        rows=lambda user: _carts(user).in_conflict(),
        url_name="sessions_app:carts",
        query="?readiness=conflict",
        tone="warning",
        note=_whose,
    ),
    Topic(
        title=gettext_lazy("Ready to confirm"),
        roles=(SALES,),
        rows=lambda user: _carts(user).ready(),
        url_name="sessions_app:carts",
        query="?readiness=ready",
        tone="good",
        note=_whose,
    ),
    Topic(
        title=gettext_lazy("Something missing"),
        roles=(SALES,),
        rows=_missing,
        url_name="sessions_app:carts",
        query="?readiness=missing",
        note=_how_much,
    ),
    Topic(
        title=gettext_lazy("Being confirmed"),
        roles=(SALES, BACK_OFFICE),
        rows=lambda user: _carts(user).settling(),
        url_name="sessions_app:carts",
        query="?readiness=settling",
        tone="info",
        note=_since,
    ),
    Topic(
        title=gettext_lazy("Made elsewhere, nobody's yet"),
        roles=(SALES,),
        rows=lambda user: _carts(user).unowned(),
        url_name="sessions_app:carts",
        query="?readiness=unowned",
        note=_made_on,
    ),
)

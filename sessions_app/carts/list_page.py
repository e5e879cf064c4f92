"""The list of carts: its columns, quick links and what it says when empty."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Min
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from accounts.roles import SALES
from lists import cells
from lists.columns import Column, day_column, number_column, text_column
from lists.pages import Empty, List, ListAction, QuickLink
from sessions_app.carts.filters import CartFilter
from sessions_app.carts.pages import badge_of
from sessions_app.models import Cart, Line
from sessions_app.querysets import SOON

if TYPE_CHECKING:
    from accounts.models import User

NEW_CART = ListAction(_("New cart"), "sessions_app:cart-new", (SALES,))


@dataclass(frozen=True)
class CartRow:
    """A cart, how many lines it has, and the day on which the first of them expires as a draft."""

    cart: Cart
    line_count: int
    expires_on: date | None

    @property
    def missing_count(self) -> int | None:
        return self.cart.missing_count or None if self.cart.is_draft else None

    @property
    def draft_until(self) -> date | None:
        return self.expires_on if self.cart.is_draft else None


def with_line_counts(carts: Sequence[Cart], user: "User") -> list[CartRow]:
    """Each cart with the number of its lines and the first day on which one of them expires. One query."""
    live = Line.objects.live().filter(cart__in=carts).order_by()
    rows = live.values_list("cart").annotate(Count("pk"), Min("expires_on"))
    counts = {cart: (count, first) for cart, count, first in rows}
    return [CartRow(cart, *counts.get(cart.pk, (0, None))) for cart in carts]


def last_day(on: date | None) -> str:
    """A draft's last day, standing out when it is near."""
    if on is None or on > timezone.localdate() + SOON:
        return cells.day(on)
    return format_html('<span class="state state-warning">{}</span>', cells.day(on))


def _quick_carts(user: "User") -> Iterator[QuickLink]:
    yield QuickLink(_("Ready to confirm"), "readiness=ready")
    yield QuickLink(_("Something missing"), "readiness=missing")
    yield QuickLink(_("Expiring soon"), "readiness=expiring")
    yield QuickLink(_("Mine"), f"owner={user.pk}")
    yield QuickLink(_("In progress"), "state=in_progress")


CARTS = List(
    page="carts",
    title=_("Carts"),
    template="sessions_app/carts/list.html",
    filter_class=CartFilter,
    default_sort="-created",
    prefetch=with_line_counts,
    quick=_quick_carts,
    empty=Empty(
        _("No carts yet"),
        _("A cart holds lines that you prepare together and confirm all at once."),
        _("No carts match"),
        NEW_CART,
    ),
    columns=(
        Column(
            "reference",
            _("Reference"),
            lambda row: cells.link(row.cart.get_absolute_url(), row.cart),
            sort="external_id",
        ),
        Column("state", _("State"), lambda row: cells.badge(badge_of(row.cart)), sort="state"),
        number_column("missing", _("Missing"), "missing_count", sort="missing_count"),
        number_column("lines", _("Lines"), "line_count"),
        text_column("project", _("Project"), "cart.project_id", sort="project_id"),
        Column("owner", _("Owner"), lambda row: str(row.cart.owner or "") or cells.quiet(_("no owner yet"))),
        Column("team", _("Team"), lambda row: str(row.cart.team or "")),
        day_column("created", _("Created"), "cart.created_at", sort="created_at"),
        day_column("ordered", _("Ordered"), "cart.order_date", sort="order_date"),
        day_column("completed", _("Completed"), "cart.completion_date", shown=False),
        day_column("cancelled", _("Cancelled"), "cart.cancellation_date", shown=False),
        Column(
            "draft_until",
            _("Draft until"),
            lambda row: last_day(row.draft_until),
            value=lambda row: row.draft_until,
        ),
    ),
)

"""The list of lines: its columns, quick links and what it says when empty."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from lists import cells
from lists.columns import Column, day_column, text_column
from lists.pages import Empty, List, QuickLink
from sessions_app.carts.list_page import NEW_CART, last_day
from sessions_app.lines.filters import LineFilter
from sessions_app.models import Line
from sessions_app.states import line_badge

if TYPE_CHECKING:
    from accounts.models import User


def _line_and_cart(line: Line) -> str:
    cart = format_html('<a class="in-cart" href="{}">{}</a>', line.cart.get_absolute_url(), line.cart)
    return format_html("{}<br>{}", cells.link(line.get_absolute_url(), line), cart)


def _draft_until(line: Line) -> date | None:
    return line.expires_on if line.is_editable else None


def _quick_lines(user: "User") -> Iterator[QuickLink]:
    yield QuickLink(_("Something missing"), "readiness=missing")
    yield QuickLink(_("Expiring soon"), "readiness=expiring&sort=expiration_date")
    yield QuickLink(_("Rejected"), "state=rejected_creation")
    yield QuickLink(_("Held for ADV validation"), "state=held_adv_validation")


LINES = List(
    page="lines",
    title=_("Lines"),
    filter_class=LineFilter,
    default_sort="-creation_date",
    quick=_quick_lines,
    empty=Empty(
        _("No lines yet"),
        _("Open a cart and add the first one."),
        _("No lines match"),
        NEW_CART,
    ),
    columns=(
        Column(
            "end_customer_name",
            _("End customer and cart"),
            _line_and_cart,
            sort="end_customer_name",
            value=lambda line: f"{line} ({line.cart})",
        ),
        Column("state", _("State"), lambda line: cells.badge(line_badge(line.state)), sort="state"),
        Column(
            "missing",
            _("Missing"),
            lambda line: str(line.missing_count or ""),
            align="number",
            value=lambda line: line.missing_count or None,
        ),
        text_column("city", _("City"), sort="city"),
        Column(
            "product_offering_id",
            _("Offer"),
            lambda line: Truncator(line.product_offering_id).chars(20),
            sort="product_offering_id",
            value=lambda line: line.product_offering_id,
        ),
        text_column("order_reference", _("Order reference"), sort="order_reference", align="nowrap"),
        text_column("temporary_reference", _("Temporary reference"), align="nowrap", shown=False),
        text_column("customer_order_name", _("Order name"), sort="customer_order_name"),
        day_column("creation_date", _("Created"), "created_at", sort="created_at"),
        day_column("order_date", _("Ordered"), sort="order_date"),
        Column(
            "expiration_date",
            _("Draft until"),
            lambda line: last_day(_draft_until(line)),
            sort="expires_on",
            value=_draft_until,
        ),
        day_column(
            "scheduled_delivery_date", _("Requested delivery date"), sort="scheduled_delivery_date", first=""
        ),
    ),
)

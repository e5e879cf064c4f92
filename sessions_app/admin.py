"""Carts and lines in Django's admin, read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.read_only_admin import IndexFilter, ReadOnlyAdmin
from drafts.admin import DOCUMENTS, MOMENTS
from sessions_app.models import Cart, Line
from sessions_app.states import cart_badge, line_badge

STATE = pgettext_lazy("column", "state")


class _CartState(IndexFilter):
    title = STATE
    parameter_name = "state"

    def label_of(self, value: str) -> str:
        return cart_badge(value).label


class _LineState(IndexFilter):
    title = STATE
    parameter_name = "state"

    def label_of(self, value: str) -> str:
        return line_badge(value).label


@admin.register(Cart)
class CartAdmin(ReadOnlyAdmin):
    columns = {
        "external_id": _("reference"),
        "upstream_id": _("identifier at Covage"),
        "id": _("identifier"),
        "shown_state": STATE,
        "missing_count": _("missing"),
        "owner": _("owner"),
        "team": _("team"),
        "confirming_since": _("being confirmed since"),
        "confirmed_by": _("confirmed by"),
        "checked_at": _("last checked at"),
        **MOMENTS,
    }
    documents = DOCUMENTS
    list_display = (
        "external_id",
        "shown_state",
        "missing_count",
        "owner",
        "team",
        "confirming_since",
        "checked_at",
        "created_at",
        "gone_at",
        "deleted_at",
    )
    list_filter = (_CartState,)
    list_select_related = ("owner", "team")
    search_fields = ("id", "external_id", "upstream_id")
    ordering = ("-created_at", "id")

    def shown_state(self, cart: Cart) -> str:
        return cart_badge(cart.state).label


@admin.register(Line)
class LineAdmin(ReadOnlyAdmin):
    columns = {
        "external_id": _("reference"),
        "order_reference": _("order"),
        "temporary_reference": _("temporary reference"),
        "upstream_id": _("identifier at Covage"),
        "id": _("identifier"),
        "end_customer_name": _("end customer"),
        "city": _("city"),
        "cart": _("cart"),
        "shown_state": STATE,
        "missing_count": _("missing"),
        "expires_on": _("expires on"),
        **MOMENTS,
    }
    documents = DOCUMENTS
    list_display = (
        "external_id",
        "order_reference",
        "end_customer_name",
        "shown_state",
        "missing_count",
        "expires_on",
        "created_at",
        "seen_at",
        "gone_at",
        "deleted_at",
    )
    list_filter = (_LineState,)
    search_fields = ("id", "external_id", "order_reference", "upstream_id")
    ordering = ("-created_at", "id")

    def shown_state(self, line: Line) -> str:
        return line_badge(line.state).label

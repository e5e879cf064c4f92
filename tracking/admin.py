"""Fibre orders in Django's admin, read-only."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.read_only_admin import IndexFilter, ReadOnlyAdmin
from tracking.models import Order, OrderDetail
from tracking.states import order_badge, state_label


class _State(IndexFilter):
    title = pgettext_lazy("column", "state")
    parameter_name = "state"

    def label_of(self, value: str) -> str:
        return state_label(value)


class _Step(_State):
    title = _("step")
    parameter_name = "step"


@admin.register(Order)
class OrderAdmin(ReadOnlyAdmin):
    columns = {
        "reference": _("reference"),
        "external_id": _("own reference"),
        "service_reference": _("service"),
        "upstream_id": _("identifier at Covage"),
        "uuid": _("identifier"),
        "end_customer_name": _("end customer"),
        "city": _("city"),
        "offer_technology": _("technology"),
        "shown_state": pgettext_lazy("column", "state"),
        "shown_step": _("step"),
        "step_since": _("in this step since"),
        "stuck_on": _("longer than usual from"),
        "due_on": _("expected on"),
        "is_open": _("followed"),
        "order_date": _("ordered on"),
        "modification_date": _("modified at Covage at"),
        "owner": _("owner"),
        "team": _("team"),
        "line_id": _("identifier of the line"),
        "read_at": _("last read at"),
        "due_at": _("to be read at"),
        "gone_at": _("no longer at Covage since"),
        "failure": _("failure"),
    }
    documents = {
        "listed": _("in Covage's list"),
        "detail": _("on Covage's page"),
        "history": _("history"),
        "listed_documents": _("documents"),
    }
    list_display = (
        "reference",
        "end_customer_name",
        "shown_state",
        "shown_step",
        "stuck_on",
        "due_on",
        "order_date",
        "read_at",
        "due_at",
        "gone_at",
    )
    list_filter = (_State, _Step)
    search_fields = ("reference", "uuid", "external_id", "service_reference", "upstream_id", "line_id")
    ordering = ("-order_date", "-id")

    def shown_state(self, order: Order) -> str:
        return order_badge(order.state).label

    def shown_step(self, order: Order) -> str:
        return state_label(order.step)

    def failure(self, order: Order) -> str:
        return _detail_of(order).failure

    def detail(self, order: Order) -> Any:
        return _detail_of(order).detail

    def history(self, order: Order) -> Any:
        return _detail_of(order).history

    def listed_documents(self, order: Order) -> Any:
        return _detail_of(order).documents


def _detail_of(order: Order) -> OrderDetail:
    """An order's detail; an empty one of an order that was never read."""
    return getattr(order, "details", None) or OrderDetail()

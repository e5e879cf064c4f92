"""Copper orders in Django's admin, read-only."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.read_only_admin import IndexFilter, ReadOnlyAdmin
from drafts.admin import DOCUMENTS, MOMENTS
from extranet.models import CopperOrder
from extranet.states import status_label


class _Status(IndexFilter):
    title = pgettext_lazy("column", "state")
    parameter_name = "status"

    def label_of(self, value: str) -> str:
        return status_label(value)


@admin.register(CopperOrder)
class CopperOrderAdmin(ReadOnlyAdmin):
    columns = {
        "alias": _("number at Covage"),
        "operator_order_ref": _("reference"),
        "service_alias": _("service"),
        "service_uuid": _("identifier of the service"),
        "upstream_id": _("identifier at Covage"),
        "uuid": _("identifier"),
        "end_customer_name": _("end customer"),
        "city": _("city"),
        "type": _("type"),
        "product_code": _("product"),
        "shown_status": pgettext_lazy("column", "state"),
        "missing_count": _("missing"),
        "submitting_since": _("being submitted since"),
        "answering": _("answer on its way"),
        "is_stale": _("to be read again"),
        "owner": _("owner"),
        "team": _("team"),
        "checked_at": _("last checked at"),
        **MOMENTS,
    }
    documents = {**DOCUMENTS, "raw": _("Covage's whole document")}
    list_display = (
        "uuid",
        "alias",
        "operator_order_ref",
        "end_customer_name",
        "shown_status",
        "missing_count",
        "submitting_since",
        "answering",
        "is_stale",
        "owner",
        "created_at",
        "gone_at",
        "deleted_at",
    )
    list_filter = (_Status,)
    list_select_related = ("owner",)
    search_fields = ("uuid", "alias", "operator_order_ref", "service_alias", "service_uuid", "upstream_id")
    ordering = ("-created_at", "-id")

    def shown_status(self, order: CopperOrder) -> str:
        return status_label(order.status, order.type)

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.read_only_admin import IndexFilter, ReadOnlyAdmin
from sync.models import Lease, SyncRun
from web.distinct import values_of

STATE = pgettext_lazy("column", "state")


class _Kind(IndexFilter):
    title = _("kind")
    parameter_name = "kind"


class _State(admin.SimpleListFilter):
    """A run's state. Its index begins with the kind, so the query names every kind as well."""

    title = STATE
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(state.value, str(state.label)) for state in SyncRun.State]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        state = self.value()
        return queryset.filter(state=state, kind__in=values_of(SyncRun, "kind")) if state else queryset


@admin.register(SyncRun)
class SyncRunAdmin(ReadOnlyAdmin):
    columns = {
        "id": _("number"),
        "kind": _("kind"),
        "full": _("in full"),
        "state": STATE,
        "started_at": _("started at"),
        "finished_at": _("finished at"),
        "failure_sentence": _("what happened"),
        "request_uuid": _("support reference"),
        "error": _("failure"),
        "pages": _("pages"),
        "seen": _("seen"),
        "changed": _("changed"),
        "gone": _("no longer at Covage"),
        "total": _("total"),
        "position": _("where it goes on"),
    }
    list_display = (
        "id",
        "kind",
        "full",
        "state",
        "started_at",
        "finished_at",
        "error",
        "request_uuid",
        "pages",
        "seen",
        "changed",
        "gone",
    )
    list_filter = (_Kind, _State)
    ordering = ("-id",)

    def view_on_site(self, run: SyncRun) -> str:
        return reverse("portal:operations")


@admin.register(Lease)
class LeaseAdmin(ReadOnlyAdmin):
    columns = {"name": _("name"), "holder": _("held by"), "expires_at": _("held until")}
    list_display = ("name", "holder", "expires_at")
    search_fields = ("name",)
    ordering = ("name",)

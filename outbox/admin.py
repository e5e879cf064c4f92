from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.read_only_admin import ReadOnlyAdmin
from outbox.handlers import api_of
from outbox.models import ApiHealth, Operation


@admin.register(Operation)
class OperationAdmin(ReadOnlyAdmin):
    columns = {
        "id": _("number"),
        "api": "API",
        "kind": _("kind"),
        "label": _("subject"),
        "state": pgettext_lazy("column", "state"),
        "attempts": _("tries"),
        "due_at": _("due at"),
        "failure": _("failure"),
        "failure_sentence": _("what happened"),
        "detail": _("Covage's own words"),
        "request_uuid": _("support reference"),
        "created_at": _("created at"),
        "attempted_at": _("last tried at"),
        "finished_at": _("finished at"),
        "held_until": _("held until"),
        "holder": _("held by"),
        "actor": _("person"),
        "dismissed": _("dismissed"),
        "subject_id": _("identifier of the subject"),
        "target_id": _("identifier of what it changes"),
        "once": _("key against duplicates"),
    }
    documents = {"payload": _("request"), "sent": _("sent to Covage"), "errors": _("errors")}
    list_display = (
        "id",
        "api",
        "kind",
        "label",
        "state",
        "attempts",
        "due_at",
        "failure",
        "request_uuid",
        "created_at",
        "actor",
    )
    list_filter = ("state",)
    list_select_related = ("actor",)
    search_fields = ("id", "subject_id", "once")

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """The newest first; of one state those due last, as its index has them."""
        return ("-due_at", "-id") if "state__exact" in request.GET else ("-id",)

    def api(self, operation: Operation) -> str:
        return api_of(operation.kind)

    def view_on_site(self, operation: Operation) -> str:
        return operation.url


@admin.register(ApiHealth)
class ApiHealthAdmin(ReadOnlyAdmin):
    columns = {
        "name": "API",
        "down_since": _("down since"),
        "failure": _("failure"),
        "tried_at": _("last tried at"),
        "answered_at": _("last response at"),
    }
    list_display = ("name", "down_since", "failure", "tried_at", "answered_at")
    ordering = ("name",)

    def view_on_site(self, health: ApiHealth) -> str:
        return reverse("portal:operations")

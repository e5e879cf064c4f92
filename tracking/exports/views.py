"""The vendor's exports of all orders: start one, see its progress, download finished ones."""

import uuid

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, requires
from lists.paging import page_of
from outbox import clients, health
from tracking.exports import actions
from tracking.models import Export

SHOWN = 25  # exports on a page


@requires(BACK_OFFICE)
@require_GET
def exports(request: AuthenticatedHttpRequest) -> HttpResponse:
    """All exports. The progress of one under way is checked: htmx requests the part of the page that changes again."""
    current = actions.under_way()
    if current and health.is_worth_trying():
        actions.refresh(current, clients.interactive_client())
    rows = Export.objects.select_related("requested_by")
    page = page_of(rows, request.GET, {"newest": "requested_at"}, default="-newest", size=SHOWN)
    context = {"page": page, "current": actions.under_way(), "next_at": actions.next_at()}
    template = "tracking/exports/exports.html#live" if request.htmx else "tracking/exports/exports.html"
    return render(request, template, context)


@requires(BACK_OFFICE)
@require_POST
def start(request: AuthenticatedHttpRequest) -> HttpResponse:
    try:
        export = actions.request_export(request.user)
    except actions.TooSoon as error:
        at = date_format(timezone.localtime(error.next_at), "TIME_FORMAT")
        messages.warning(
            request,
            _(
                "Covage makes one export every five minutes: the next can start at %(at)s. Nothing was "
                "started."
            )
            % {"at": at},
        )
    else:
        if export and export.state == Export.State.FAILED:
            messages.error(request, _(export.failure))
    return redirect("tracking:exports")


@requires(BACK_OFFICE)
@require_GET
def download(request: AuthenticatedHttpRequest, pk: uuid.UUID) -> FileResponse:
    """The file of an export, as it came from the vendor. Raises Http404 when it isn't kept."""
    export = get_object_or_404(Export, pk=pk, state=Export.State.READY)
    try:
        file = export.content.open("rb")
    except FileNotFoundError:
        raise Http404(_("The file of this export is no longer kept. Request another.")) from None
    day = timezone.localtime(export.requested_at)
    return FileResponse(
        file, as_attachment=True, filename=f"covage-{day:%Y-%m-%d-%H%M}.csv", content_type="text/csv"
    )

"""One copper order: its page, its progress, its owner, its appointment slots."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from covage import CovageError
from covage.copper import Level
from covage.moments import moment
from extranet.access import editable_order, may_edit, visible_order
from extranet.drafts import actions, views
from extranet.drafts.ownership import OwnerForm
from extranet.models import CopperOrder
from extranet.orders.appointments import bookable, offer_of
from extranet.orders.pages import details_part, needs_appointment, order_page
from extranet.views import refreshed, require_access_line
from notifications.changes.recording import mark_looked_at
from outbox import apis, clients, health
from web.page_freshness import NEW_ENOUGH, TOO_OLD, is_older, page_freshness


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def order(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """A draft's form for users who may change it; for others, and once it is submitted, its details."""
    if request.method == "POST":
        return views.save(request, editable_order(request.user, key))
    shown = visible_order(request.user, key)
    if shown.is_draft and may_edit(request.user, shown):
        return views.form_page(request, shown)
    return _details_page(request, shown)


def _details_page(request: AuthenticatedHttpRequest, shown: CopperOrder) -> HttpResponse:
    was_tried = shown.is_settling or is_older(shown.checked_at, TOO_OLD)
    if was_tried:
        shown = refreshed(request, shown)
    since = mark_looked_at(request.user, shown.uuid)
    freshness = page_freshness(shown.checked_at, was_tried=was_tried or not shown.upstream_id)
    return render(request, "extranet/orders/order.html", order_page(shown, request.user, since) | freshness)


@requires(SALES, BACK_OFFICE)
@require_GET
def progress(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """The order's details, read again: once after the page has loaded, and every few seconds while it is changing.

    `since` is when the reader last looked before opening the page, `as` the digest of what is shown: while it is the
    same, the response is empty. An order that has become a draft again is opened as one.
    """
    shown = visible_order(request.user, key)
    if shown.is_settling or is_older(shown.checked_at, NEW_ENOUGH) or "lively" in request.GET:
        shown = refreshed(request, shown)
    if shown.is_draft and may_edit(request.user, shown):
        return HttpResponse(headers={"HX-Redirect": shown.get_absolute_url()})
    mark_looked_at(request.user, shown.uuid)
    context = details_part(shown, request.user, moment(request.GET.get("since", "")))
    if "lively" in request.GET and request.GET.get("as") == context["shown_as"]:
        return HttpResponse(status=204)
    context["is_new"] = not is_older(shown.checked_at, NEW_ENOUGH)
    return render(request, "extranet/orders/order.html#live", context)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def owner(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Hand an order over to a person and a team."""
    shown = require_access_line(editable_order(request.user, key))
    form = OwnerForm(request.POST or request.preserved_post or None, user=request.user, order=shown)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        actions.hand_over(key, request.user, owner=chosen["owner"], team=chosen["team"])
        messages.success(request, _("Saved."))
        is_seen = CopperOrder.objects.visible_to(request.user).filter(pk=shown.pk).exists()
        return redirect(shown if is_seen else "extranet:orders")
    context = {"form": form, "order": shown}
    return render(request, "extranet/drafts/owner.html", context, status=422 if form.errors else 200)


@requires(SALES, BACK_OFFICE)
@require_POST
def take_over(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Become the owner of an order that has none."""
    shown = actions.take_order(require_access_line(editable_order(request.user, key)).uuid, request.user)
    if shown.owner == request.user:
        messages.success(request, _("This order is now yours."))
    else:
        messages.warning(request, _("%(owner)s has already taken this order.") % {"owner": shown.owner})
    return redirect(shown)


@requires(SALES, BACK_OFFICE)
@require_GET
def slots(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """The appointment slots for building the line: `?level=` standard or premium."""
    shown = visible_order(request.user, key)
    if not needs_appointment(shown):
        messages.info(request, _("This order isn't waiting for an appointment."))
        return redirect(shown)
    level: Level = "premium" if request.GET.get("level") == "premium" else "standard"
    context = {"order": shown, "offer": bookable(level)} | _offered(shown, level)
    page = "extranet/orders/appointments.html"
    return render(request, f"{page}#slots" if request.htmx else page, context)


def _offered(shown: CopperOrder, level: Level) -> dict[str, object]:
    """The slots, or why there are none to show."""
    if not health.is_worth_trying(apis.EXTRANET):
        return {"is_unknown": True}
    try:
        return {"offer": offer_of(shown, level, clients.interactive_extranet())}
    except CovageError as error:
        return {"is_unknown": True, "error": error}

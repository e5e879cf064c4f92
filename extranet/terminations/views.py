"""The termination of a service: from its reference, or from the order that delivered it, to a draft."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, requires
from drafts.pages import say_saved
from extranet.access import visible_order
from extranet.drafts import actions
from extranet.models import CopperOrder
from extranet.orders.pages import terminate_page
from extranet.states import Type
from extranet.views import refreshed_if_old
from outbox.interactive import send_now
from web.idempotency import idempotency_key


class ServiceForm(forms.Form):
    """The service to terminate."""

    service = forms.CharField(
        max_length=40,
        label=gettext_lazy("Service, or the order that delivered it"),
        help_text=gettext_lazy("One of its references, such as S170516_21000 or O170516_21000."),
    )


@requires(BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def terminate_named(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Terminate a service by any reference: by the order that delivered it, or by itself if none is known."""
    form = ServiceForm(request.POST or request.GET or None)
    if not form.is_valid():
        return _page(request, form)
    text = form.cleaned_data["service"]
    named = CopperOrder.objects.live().visible_to(request.user).named(text)
    if activation := named.filter(type=Type.ACTIVATE).first():
        return redirect("extranet:terminate", activation.uuid)
    if termination := actions.termination_of(text):
        return _already_terminating(request, termination)
    if request.method != "POST":
        return _page(request, form, unknown=text)
    termination = actions.terminate_unknown(text, request.user, form=idempotency_key(request))
    return _started(request, termination)


def _page(request: AuthenticatedHttpRequest, form: ServiceForm, *, unknown: str = "") -> HttpResponse:
    """Ask which service; or, for one that no order here delivered, whether to terminate it all the same."""
    context = {"form": form, "unknown": unknown, "key": uuid.uuid4()}
    return render(
        request, "extranet/terminations/terminate_named.html", context, status=422 if form.errors else 200
    )


@requires(BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def terminate(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once, then create the order that ends the service: a draft to be checked and submitted."""
    shown = refreshed_if_old(request, visible_order(request.user, key))
    if termination := shown.terminations().first():
        return _already_terminating(request, termination)
    if not shown.is_in_service:
        return _no_service(request, shown)
    if request.method != "POST":
        return render(request, "extranet/terminations/terminate.html", terminate_page(shown))
    try:
        termination = actions.terminate_service(key, request.user)
    except actions.NotInService:
        return _no_service(request, shown)
    return _started(request, termination)


def _started(request: AuthenticatedHttpRequest, termination: CopperOrder) -> HttpResponse:
    send_now(termination.uuid)
    say_saved(request, termination.uuid, _("Termination started: check it, then submit it."))
    return redirect(termination)


def _already_terminating(request: AuthenticatedHttpRequest, termination: CopperOrder) -> HttpResponse:
    messages.info(request, _("This order is already terminating the service."))
    return redirect(termination)


def _no_service(request: AuthenticatedHttpRequest, shown: CopperOrder) -> HttpResponse:
    messages.error(request, _("This order has no service to terminate. Nothing was done."))
    return redirect(shown)

"""Watching, and no longer watching. The buttons' addresses say everything: there is no form to fill in."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from lists.models import SavedView
from notifications.models import Watch
from notifications.subjects import subject_of_token
from notifications.watches import actions
from web.addresses import next_url


@requires(SALES, BACK_OFFICE)
@require_POST
def new(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Watch what `?subject=` or `?customer=` (a token) or `?view=` (its id) names."""
    label = _watch(request)
    messages.success(request, _("You'll be notified of changes: %(label)s.") % {"label": label})
    return redirect(next_url(request, "notifications:settings"))


def _watch(request: AuthenticatedHttpRequest) -> str:
    """Let the person watch what the URL names. Returns its label; raises Http404 if it names nothing to watch."""
    query = request.GET
    if "subject" in query:
        subject = subject_of_token(query["subject"], request.user)
        actions.watch_subjects(request.user, [subject])
        return subject.label
    if "customer" in query:
        subject = subject_of_token(query["customer"], request.user)
        if not subject.customer.strip():
            raise Http404
        actions.watch_customer(request.user, subject.customer)
        return subject.customer
    number = query.get("view", "")
    if not number.isdecimal():
        raise Http404
    view = get_object_or_404(SavedView.objects.visible_to(request.user), pk=number)
    actions.watch_view(request.user, view)
    return view.name


@requires(SALES, BACK_OFFICE)
@require_POST
def delete(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    watch = get_object_or_404(Watch.objects.select_related("view"), pk=pk, user=request.user)
    watch.delete()
    messages.success(request, _("You won't be notified any more."))
    return redirect(next_url(request, "notifications:settings"))

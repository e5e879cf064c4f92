"""The outbox: what is waiting for the vendor, what was refused, and what a user may do about it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from lists.paging import page_of
from outbox import queue
from outbox.interactive import send_now
from outbox.models import Operation
from portal.outbox import pages
from portal.outbox.groups import group_of

State = Operation.State


@requires(SALES, BACK_OFFICE)
@require_GET
def outbox(request: AuthenticatedHttpRequest) -> HttpResponse:
    """What is to be sent and what was refused, by subject; with `?show=done` what was finished recently.

    `?kind=` shows those of one kind.
    """
    operations = pages.visible_to(request.user)
    show_done = request.GET.get("show") == "done"
    shown = pages.recently_finished(operations) if show_done else operations.troubled()
    if kind := request.GET.get("kind"):
        shown = shown.filter(kind=kind)
    page = page_of(shown.select_related("actor"), request.GET, {"newest": "id"}, default="-newest")
    context = {"subjects": pages.by_subject(page.rows, request.user), "page": page, "show_done": show_done}
    return render(request, "portal/outbox/outbox.html", context)


@requires(SALES, BACK_OFFICE)
@require_POST
def send(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Try at once, with everything that has to go before it."""
    operation = _editable(request, pk)
    before_it = Operation.objects.about(operation.subject_id).unfinished().filter(pk__lte=operation.pk)
    for waiting in before_it:
        queue.make_due(waiting)
    send_now(operation.subject_id)
    _report(request, operation)
    return redirect("portal:outbox")


@requires(SALES, BACK_OFFICE)
@require_POST
def withdraw(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Withdraw what was certainly not sent; a draft stays."""
    operation = _editable(request, pk)
    group = group_of(operation)
    if group.withdraw(operation, request.user):
        messages.success(request, str(group.withdrawn))
    else:
        messages.warning(
            request, _("Too late to withdraw: it's being sent or already went. See what became of it.")
        )
    return redirect("portal:outbox")


@requires(SALES, BACK_OFFICE)
@require_POST
def dismiss(request: AuthenticatedHttpRequest, pk: int) -> HttpResponse:
    """Dismiss a refusal: it was read, and is not to be shown any more."""
    operation = _editable(request, pk)
    refusal = Operation.objects.filter(pk=operation.pk, state=State.REFUSED, dismissed=False)
    if refusal.update(dismissed=True):
        messages.success(request, _("Dismissed. You'll still find it under “Done recently”."))
    return redirect("portal:outbox")


def _editable(request: AuthenticatedHttpRequest, pk: int) -> Operation:
    """An operation that the user may act on.

    Raises Http404 for one that they don't see, PermissionDenied for one that they may only read.
    """
    operation = get_object_or_404(pages.visible_to(request.user), pk=pk)
    if not pages.may_act(request.user, operation):
        raise PermissionDenied(group_of(operation).refusal)
    return operation


def _report(request: AuthenticatedHttpRequest, operation: Operation) -> None:
    """Say what became of an operation that was tried at once."""
    operation.refresh_from_db()
    if operation.state == State.SUCCEEDED:
        messages.success(request, _("Sent: Covage has it."))
    elif operation.state == State.REFUSED:
        messages.warning(request, _("Covage refused it: see why below."))
    elif operation.state == State.WITHDRAWN:
        messages.warning(request, _("It was withdrawn in the meantime; nothing was sent."))
    else:
        messages.info(request, _still_pending(operation))


def _still_pending(operation: Operation) -> str:
    if operation.failure:
        return operation.failure_sentence
    if operation.held_until > timezone.now():
        return _("It's being sent right now. Check again shortly.")
    return _("Covage can't be reached just now. Everything is saved here and will be sent when they respond.")

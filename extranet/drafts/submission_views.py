"""The review of a draft and its submission, and the answer to a pending order."""

import uuid

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from extranet.access import answerable_order, editable_order, visible_order
from extranet.drafts import actions
from extranet.drafts.operations import CANCEL, CONFIRM
from extranet.models import CopperOrder
from extranet.orders.pages import answer_page, review_page
from extranet.views import not_a_draft, refreshed_if_old, require_access_line
from outbox.interactive import send_now
from outbox.models import Operation
from web.idempotency import idempotency_key


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def submit(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Show exactly what will be ordered; order it when the button below that content is pressed."""
    shown = editable_order(request.user, key)
    if request.method == "POST":
        return _submit(request, key)
    shown = refreshed_if_old(request, shown)
    if not shown.is_draft:
        return redirect(shown)
    return render(request, "extranet/drafts/submit.html", review_page(shown))


def _submit(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    try:
        actions.submit_order(key, request.user, request.POST.get("reviewed", ""))
    except ReviewedOtherwise:
        said = _("The order changed while you were viewing it. This is how it stands now.")
        return _review_again(request, key, said)
    except NotReady:
        return _review_again(request, key, _("Something is still missing. Nothing was ordered."))
    except NotADraft:
        return not_a_draft(request, key)
    send_now(key)
    order = visible_order(request.user, key)
    if order.is_submitting:
        messages.info(
            request,
            _("Your submission is saved here and will go to Covage, once only, as soon as they respond."),
        )
    elif order.is_draft:
        messages.error(
            request, _("Covage didn't accept the submission. Nothing was ordered; see below what to correct.")
        )
    else:
        messages.success(request, _("Submitted: Covage now has the order."))
    return redirect(order)


def _review_again(request: AuthenticatedHttpRequest, key: uuid.UUID, said: str) -> HttpResponse:
    messages.warning(request, said)
    shown = visible_order(request.user, key)
    return render(request, "extranet/drafts/submit.html", review_page(shown), status=409)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def confirm(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once whether Covage is to go ahead with a pending order, then send that."""
    return _answer(request, key, CONFIRM)


@requires(SALES, BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def cancel(request: AuthenticatedHttpRequest, key: uuid.UUID) -> HttpResponse:
    """Ask once whether Covage is to drop a pending order, then send that."""
    return _answer(request, key, CANCEL)


def _answer(request: AuthenticatedHttpRequest, key: uuid.UUID, answer: str) -> HttpResponse:
    shown = require_access_line(answerable_order(request.user, key))
    if request.method == "POST":
        return _send_answer(request, shown, answer)
    shown = refreshed_if_old(request, shown)
    if not shown.is_pending:
        _report_nothing_sent(request)
        return redirect(shown)
    return render(request, "extranet/drafts/answer.html", answer_page(shown, answer) | {"key": uuid.uuid4()})


def _send_answer(request: AuthenticatedHttpRequest, shown: CopperOrder, answer: str) -> HttpResponse:
    form = idempotency_key(request)
    try:
        actions.answer_order(shown.uuid, request.user, answer, form=form)
    except actions.NotPending:
        _report_nothing_sent(request)
        return redirect(shown)
    send_now(shown.uuid)
    _report_outcome(request, shown.uuid, form)
    return redirect(shown)


def _report_outcome(request: AuthenticatedHttpRequest, key: uuid.UUID, form: uuid.UUID) -> None:
    given = actions.answers_of(key, form).order_by("id").last()
    if given is None:  # Somebody gave this very answer by another form.
        _report_nothing_sent(request)
    elif given.state == Operation.State.REFUSED:
        messages.error(request, _("Covage didn't accept the answer: see why below."))
    elif not given.is_finished:
        messages.info(
            request, _("Your answer is saved here and will go to Covage, once only, as soon as they respond.")
        )
    elif given.payload["answer"] == CANCEL:
        messages.success(request, _("Cancelled: Covage has accepted your answer."))
    else:
        messages.success(request, _("Confirmed: Covage is going ahead with the order."))


def _report_nothing_sent(request: AuthenticatedHttpRequest) -> None:
    said = _(
        "Covage isn't waiting for that answer on this order, so nothing was sent. This is how it stands."
    )
    messages.warning(request, said)

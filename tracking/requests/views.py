"""Requests on one order, in three steps (fill in, review, send), and the list of requests."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, SALES, requires
from lists.pages import render_list
from outbox.interactive import send_now
from outbox.models import Operation
from tracking import tasks
from tracking.access import known_order
from tracking.models import Order
from tracking.orders.commitment import CommitmentCheck, terms_of
from tracking.requests.actions import (
    NotPossible,
    RequestAction,
    Unseen,
    make_request,
    newest_refusal,
    obstacle,
    open_actions,
    possible_actions,
)
from tracking.requests.forms import RequestForm
from tracking.requests.list_page import REQUESTS, listed_requests, unlisted_requests
from tracking.requests.prefill import form_for, read_recently, refused_form
from tracking.requests.review import review_of, sent_block
from web.idempotency import idempotency_key

State = Operation.State


@requires(BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def request_on(request: AuthenticatedHttpRequest, reference: str, word: str) -> HttpResponse:
    """A request on an order: fill in, review, send."""
    action = open_action(word)
    order = known_order(reference)
    if request.method == "POST":
        return _posted(request, order, action)
    if request.htmx:
        check = commitment_check(order, action, form_for(action, request.GET))
        return render(request, "tracking/requests/request.html#commitment", {"check": check})
    order = read_recently(order)
    if why_not := obstacle(order, action):
        return _not_possible(request, order, action, why_not)
    refused = newest_refusal(order)
    if refused and refused.payload["action"] == word and not request.preserved_post:
        return _form_page(request, order, action, refused_form(action, refused))
    return _form_page(request, order, action, form_for(action, request.preserved_post, order))


def open_action(word: str) -> RequestAction:
    """The action of a word. Raises Http404 when this installation doesn't enable it."""
    for action in open_actions():
        if action.word == word:
            return action
    raise Http404(_("This kind of request can't be made here."))


def commitment_check(order: Order, action: RequestAction, form: RequestForm) -> CommitmentCheck | None:
    """What the day in the form means for the order's commitment; None without a day, or when nothing is ended."""
    day = form.typed_day if action.is_termination else None
    return terms_of(order).on(day) if day else None


def _posted(request: AuthenticatedHttpRequest, order: Order, action: RequestAction) -> HttpResponse:
    step = request.POST.get("step")
    if step not in ("review", "send"):
        return _form_page(request, order, action, form_for(action, request.POST))
    form = RequestForm(request.POST, action=action)
    if not form.is_valid():
        return _form_page(request, order, action, form, status=422)
    if step == "send":
        return _send(request, order, action, form)
    order = read_recently(order)
    if why_not := obstacle(order, action):
        return _not_possible(request, order, action, why_not, form)
    return _review(request, order, action, form)


def _send(
    request: AuthenticatedHttpRequest, order: Order, action: RequestAction, form: RequestForm
) -> HttpResponse:
    data = form.request_data(request.POST.getlist("seen"))
    try:
        operation = make_request(order, action, request.user, data, key=str(idempotency_key(request)))
    except NotPossible as error:
        return _not_possible(request, order, action, str(error), form)
    except Unseen:
        messages.warning(
            request,
            _("Another request was made on this order in the meantime. Nothing was sent: see it below."),
        )
        return _review(request, order, action, form, status=409)
    send_now(order.uuid)
    operation.refresh_from_db()
    if operation.is_finished:
        tasks.refresh(order)
    if operation.state == State.REFUSED and not obstacle(known_order(order.reference), action):
        return _form_page(request, order, action, refused_form(action, operation), status=422)
    report_outcome(request, operation)
    return redirect(order)


def report_outcome(request: AuthenticatedHttpRequest, operation: Operation) -> None:
    """Add a message on the state of a request."""
    name = {"name": operation.label}
    if operation.state == State.SUCCEEDED:
        messages.success(request, _("%(name)s: Covage has accepted the request.") % name)
    elif operation.state == State.REFUSED:
        sentence = _("%(name)s was refused. %(why)s")
        messages.error(request, sentence % (name | {"why": operation.failure_sentence}))
    elif operation.state == State.WITHDRAWN:
        messages.warning(request, _("%(name)s was withdrawn; nothing was sent.") % name)
    elif operation.state == State.SENDING:
        messages.info(request, _("%(name)s is being sent: its progress appears below.") % name)
    else:
        sentence = _("%(name)s is saved here and will go to Covage, once only, as soon as they respond.")
        messages.info(request, sentence % name)


def _form_page(
    request: AuthenticatedHttpRequest,
    order: Order,
    action: RequestAction,
    form: RequestForm,
    status: int = 200,
) -> HttpResponse:
    context = {
        "order": order,
        "action": action,
        "form": form,
        "review": review_of(order, action),
        "check": commitment_check(order, action, form),
    }
    return render(request, "tracking/requests/request.html", context, status=status)


def _review(
    request: AuthenticatedHttpRequest,
    order: Order,
    action: RequestAction,
    form: RequestForm,
    status: int = 200,
) -> HttpResponse:
    data = form.request_data()
    context = {
        "order": order,
        "action": action,
        "form": form,
        "review": review_of(order, action, data),
        "sent": [sent_block(data, action)],
    }
    return render(request, "tracking/requests/review.html", context, status=status)


def _not_possible(
    request: AuthenticatedHttpRequest,
    order: Order,
    action: RequestAction,
    why_not: str,
    form: RequestForm | None = None,
) -> HttpResponse:
    context = {
        "order": order,
        "action": action,
        "why_not": why_not,
        "possible": possible_actions(order),
        "typed": [sent_block(form.request_data(), action)] if form else [],
    }
    return render(request, "tracking/requests/not_possible.html", context, status=409 if form else 200)


@requires(SALES, BACK_OFFICE)
@require_GET
def requests(request: AuthenticatedHttpRequest) -> HttpResponseBase:
    """The vendor's list; above it the requests made in Carnet that they don't list yet, or refused."""
    context = {
        "unlisted": unlisted_requests(request.GET.get("ours", "")),
        "may_request": request.user.has_role(BACK_OFFICE),
    }
    return render_list(request, REQUESTS, listed_requests(), context)

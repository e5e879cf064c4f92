"""Terminating several orders at once: one reason, day and comment, and a separate request for each order."""

import uuid
from collections.abc import Iterable

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from accounts.requests import AuthenticatedHttpRequest
from accounts.roles import BACK_OFFICE, requires
from outbox.interactive import send_now
from outbox.models import Operation
from tracking.models import Order
from tracking.requests.actions import NotPossible, RequestAction, Unseen, make_request, obstacle
from tracking.requests.forms import RequestForm
from tracking.requests.prefill import form_for, read_unread
from tracking.requests.review import review_of, sent_block
from tracking.requests.views import open_action
from web.addresses import next_url
from web.idempotency import idempotency_key

State = Operation.State
MOST = 100  # orders


@requires(BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def terminate_many(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Terminate the orders selected in a list; after a sign-in a GET continues with what was posted before it."""
    action = open_action("terminate")
    posted = request.POST if request.method == "POST" else request.preserved_post
    orders = _selected(posted)
    if not orders:
        messages.warning(request, _("No orders were selected: tick some first. Nothing was done."))
        return redirect(next_url(request, "tracking:orders"))
    step = request.POST.get("step")
    if step not in ("review", "send"):
        return _form_page(request, read_unread(orders), action, form_for(action, posted))
    form = RequestForm(request.POST, action=action)
    if not form.is_valid():
        return _form_page(request, orders, action, form, status=422)
    return _send(request, orders, action, form) if step == "send" else _review(request, orders, action, form)


def _selected(posted: QueryDict) -> list[Order]:
    pks = [int(text) for text in posted.getlist("selected") if text.isdecimal() and len(text) < 19]
    orders = Order.objects.filter(pk__in=pks[:MOST]).select_related("details")
    return list(orders.order_by("reference"))


def _form_page(
    request: AuthenticatedHttpRequest,
    orders: list[Order],
    action: RequestAction,
    form: RequestForm,
    status: int = 200,
) -> HttpResponse:
    context = _reviews_and_left_out(orders, action) | {"form": form, "action": action}
    return render(request, "tracking/requests/many.html", context, status=status)


def _reviews_and_left_out(
    orders: Iterable[Order], action: RequestAction, form: RequestForm | None = None
) -> dict[str, object]:
    """The orders on which this can be requested, reviewed, and the others with the reason why not."""
    checked = [(order, obstacle(order, action)) for order in orders]
    data = form.request_data() if form else None
    return {
        "reviews": [review_of(order, action, data) for order, why_not in checked if not why_not],
        "left_out": [(order, why_not) for order, why_not in checked if why_not],
    }


def _review(
    request: AuthenticatedHttpRequest,
    orders: list[Order],
    action: RequestAction,
    form: RequestForm,
    status: int = 200,
) -> HttpResponse:
    context = _reviews_and_left_out(orders, action, form)
    context |= {"form": form, "action": action, "sent": [sent_block(form.request_data(), action)]}
    return render(request, "tracking/requests/many_review.html", context, status=status)


def _send(
    request: AuthenticatedHttpRequest, orders: list[Order], action: RequestAction, form: RequestForm
) -> HttpResponse:
    key, data = idempotency_key(request), form.request_data(request.POST.getlist("seen"))
    operations = []
    for order in orders:
        try:
            operations.append(
                make_request(order, action, request.user, data, key=str(uuid.uuid5(key, str(order.pk))))
            )
        except NotPossible as error:
            messages.warning(request, _("%(label)s: %(words)s") % {"label": order, "words": error})
        except Unseen:
            sentence = _(
                "%(order)s: another request was made on this order in the meantime; nothing was sent for it."
            )
            messages.warning(request, sentence % {"order": order})
    send_now(*(operation.subject_id for operation in operations))
    _report_outcomes(request, [operation.pk for operation in operations])
    return redirect("tracking:requests")


def _report_outcomes(request: AuthenticatedHttpRequest, pks: list[int]) -> None:
    operations = list(Operation.objects.filter(pk__in=pks).order_by("pk"))
    accepted = [operation for operation in operations if operation.state == State.SUCCEEDED]
    pending = [operation for operation in operations if not operation.is_finished]
    if accepted:
        sentence = ngettext(
            "Covage has accepted the termination of %(number)d order.",
            "Covage has accepted the termination of %(number)d orders.",
            len(accepted),
        )
        messages.success(request, sentence % {"number": len(accepted)})
    if pending:
        sentence = ngettext(
            "The termination of %(number)d order is saved here and will go to Covage, once only, as soon as"
            " they respond.",
            "The termination of %(number)d orders is saved here and will go to Covage, once only, as soon "
            "as they respond.",
            len(pending),
        )
        messages.info(request, sentence % {"number": len(pending)})
    for operation in operations:
        if operation.state == State.REFUSED:
            sentence = _("%(name)s was refused. %(why)s")
            messages.error(request, sentence % {"name": operation.label, "why": operation.failure_sentence})

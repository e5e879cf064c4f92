"""The termination of several orders at once: one reason, day and comment, and a request of its own for each order."""

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
from tracking.requests.actions import Action, NotPossible, Unseen, make_request, obstacle
from tracking.requests.forms import RequestForm
from tracking.requests.prefill import all_read, form_for
from tracking.requests.review import review_of, sent_block
from tracking.requests.views import open_action
from web.addresses import next_url
from web.idempotency import idempotency_key

State = Operation.State
MOST = 100


@requires(BACK_OFFICE)
@require_http_methods(["GET", "POST"])
def terminate_many(request: AuthenticatedHttpRequest) -> HttpResponse:
    """Terminate the orders that a list's form selects; what was posted while signed out is taken up by a GET."""
    action = open_action("terminate")
    posted = request.POST if request.method == "POST" else request.preserved_post
    orders = _selected(posted)
    if not orders:
        messages.warning(request, _("No orders were selected: tick some first. Nothing was done."))
        return redirect(next_url(request, "tracking:orders"))
    step = request.POST.get("step")
    if step not in ("review", "send"):
        return _form_page(request, all_read(orders), action, form_for(action, posted))
    form = RequestForm(request.POST, action=action)
    if not form.is_valid():
        return _form_page(request, orders, action, form, status=422)
    return _send(request, orders, action, form) if step == "send" else _review(request, orders, action, form)


def _selected(posted: QueryDict) -> list[Order]:
    numbers = [int(text) for text in posted.getlist("selected") if text.isdecimal() and len(text) < 19]
    orders = Order.objects.filter(pk__in=numbers[:MOST]).select_related("details")
    return list(orders.order_by("reference"))


def _form_page(
    request: AuthenticatedHttpRequest,
    orders: list[Order],
    action: Action,
    form: RequestForm,
    status: int = 200,
) -> HttpResponse:
    context = _parted(orders, action) | {"form": form, "action": action}
    return render(request, "tracking/requests/many.html", context, status=status)


def _parted(orders: Iterable[Order], action: Action, form: RequestForm | None = None) -> dict[str, object]:
    """The orders that can be asked for it, reviewed, and the others with why not."""
    told = [(order, obstacle(order, action)) for order in orders]
    asked = form.asked() if form else None
    return {
        "reviews": [review_of(order, action, asked) for order, why_not in told if not why_not],
        "left_out": [(order, why_not) for order, why_not in told if why_not],
    }


def _review(
    request: AuthenticatedHttpRequest,
    orders: list[Order],
    action: Action,
    form: RequestForm,
    status: int = 200,
) -> HttpResponse:
    context = _parted(orders, action, form)
    context |= {"form": form, "action": action, "sent": [sent_block(form.asked(), action)]}
    return render(request, "tracking/requests/many_review.html", context, status=status)


def _send(
    request: AuthenticatedHttpRequest, orders: list[Order], action: Action, form: RequestForm
) -> HttpResponse:
    key, asked = idempotency_key(request), form.asked(request.POST.getlist("seen"))
    operations = []
    for order in orders:
        try:
            operations.append(
                make_request(order, action, request.user, asked, key=str(uuid.uuid5(key, str(order.pk))))
            )
        except NotPossible as error:
            messages.warning(request, _("%(label)s: %(words)s") % {"label": order, "words": error})
        except Unseen:
            said = _(
                "%(order)s: another request was made on this order in the meantime; nothing was sent for it."
            )
            messages.warning(request, said % {"order": order})
    send_now(*(operation.subject_id for operation in operations))
    _say_what_became(request, [operation.pk for operation in operations])
    return redirect("tracking:requests")


def _say_what_became(request: AuthenticatedHttpRequest, keys: list[int]) -> None:
    operations = list(Operation.objects.filter(pk__in=keys).order_by("pk"))
    taken = [operation for operation in operations if operation.state == State.SUCCEEDED]
    pending = [operation for operation in operations if not operation.is_finished]
    if taken:
        said = ngettext(
            "Covage has accepted the termination of %(number)d order.",
            "Covage has accepted the termination of %(number)d orders.",
            len(taken),
        )
        messages.success(request, said % {"number": len(taken)})
    if pending:
        said = ngettext(
            "The termination of %(number)d order is saved here and will go to Covage, once only, as soon as"
            " they respond.",
            "The termination of %(number)d orders is saved here and will go to Covage, once only, as soon "
            "as they respond.",
            len(pending),
        )
        messages.info(request, said % {"number": len(pending)})
    for operation in operations:
        if operation.state == State.REFUSED:
            said = _("%(name)s was refused. %(why)s")
            messages.error(request, said % {"name": operation.label, "why": operation.failure_sentence})

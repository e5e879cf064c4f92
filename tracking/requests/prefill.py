"""The form of a request as a page opens it: empty with a day to start from, as it was typed, or as it was refused."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from outbox.models import Operation
from tracking import tasks
from tracking.access import known_order
from tracking.models import Order
from tracking.orders.commitment import terms_of
from tracking.requests.actions import Action
from tracking.requests.forms import RequestForm

# Whoever decides about an order should see it as of a few minutes ago at most.
LATELY = timedelta(minutes=5)


def read_lately(order: Order) -> Order:
    """The order as the vendor showed it in the last few minutes, where they can be asked."""
    if order.read_at and order.read_at > timezone.now() - LATELY:
        return order
    return known_order(order.reference) if tasks.refresh(order) else order


def all_read(orders: Iterable[Order]) -> list[Order]:
    """The orders, those read of which the vendor's own page was never read, as far as a person's patience goes."""
    until = timezone.now() + timedelta(seconds=settings.OUTBOX_INTERACTIVE_SECONDS)
    return [order if order.read_at or timezone.now() > until else read_lately(order) for order in orders]


def form_for(action: Action, typed: Mapping[str, Any], order: Order | None = None) -> RequestForm:
    """The form with what was typed in it and nothing said about it; untouched, with the earliest day without fees."""
    initial = {name: typed[name] for name in RequestForm.base_fields if typed.get(name)}
    if not initial and order and action.is_termination and (day := terms_of(order).free_from):
        initial["request_effective_date"] = day
    return RequestForm(initial=initial, action=action)


def mended_form(action: Action, refused: Operation) -> RequestForm:
    """The form as it was sent and refused, with the vendor's words at the fields; sent again it is another request."""
    form = RequestForm(initial={}, action=action)
    typed = {name: value for name, value in refused.payload["document"].items() if value is not None}
    form = RequestForm(typed | {"key": form["key"].value()}, action=action)
    form.add_refusals(refused.errors, refused.failure_sentence)
    return form

"""The form of a request when a page opens (empty, as typed, or as refused), on an order that was read recently."""

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
from tracking.requests.actions import RequestAction
from tracking.requests.forms import RequestForm

# Anyone deciding about an order should see data of the last few minutes.
RECENTLY = timedelta(minutes=5)


def read_recently(order: Order) -> Order:
    """The order with data of the last few minutes, where the vendor can be reached."""
    if order.read_at and order.read_at > timezone.now() - RECENTLY:
        return order
    return known_order(order.reference) if tasks.refresh(order) else order


def read_unread(orders: Iterable[Order]) -> list[Order]:
    """The orders; those whose own pages were never read are read now, for as long as a person can wait."""
    until = timezone.now() + timedelta(seconds=settings.OUTBOX_INTERACTIVE_SECONDS)
    return [order if order.read_at or timezone.now() > until else read_recently(order) for order in orders]


def form_for(action: RequestAction, typed: Mapping[str, Any], order: Order | None = None) -> RequestForm:
    """The form with what was typed, without errors; with nothing typed, the earliest day without fees."""
    initial = {name: typed[name] for name in RequestForm.base_fields if typed.get(name)}
    if not initial and order and action.is_termination and (day := terms_of(order).free_from):
        initial["request_effective_date"] = day
    return RequestForm(initial=initial, action=action)


def refused_form(action: RequestAction, refused: Operation) -> RequestForm:
    """The form as it was refused, with the vendor's errors at the fields and a key of its own."""
    form = RequestForm(initial={}, action=action)
    typed = {name: value for name, value in refused.payload["document"].items() if value is not None}
    form = RequestForm(typed | {"key": form["key"].value()}, action=action)
    form.add_refusals(refused.errors, refused.failure_sentence)
    return form

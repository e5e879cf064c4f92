"""The worklist items about copper orders. The back office is shown all of them, sales their own."""

from functools import partial
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.roles import BACK_OFFICE, SALES
from extranet.models import CopperOrder
from extranet.orders.activity import show
from extranet.orders.list_page import listed_orders
from extranet.states import status_label
from lists.cells import day
from outbox.apis import EXTRANET
from portal.worklists.item import Shortcut, WorklistItem, how_much_is_missing

if TYPE_CHECKING:
    from accounts.models import User


def orders_of(user: "User") -> Any:
    """The copper orders that concern a user: all for the back office, their own for sales."""
    orders = CopperOrder.objects.live()
    return orders if user.has_role(BACK_OFFICE) else orders.of(user)


def _orders(user: "User") -> Any:
    return orders_of(user).without_documents()


def _visible(user: "User") -> Any:
    return listed_orders(user).order_by("-created_at", "-id")


def _named(order: CopperOrder) -> str:
    parts = (str(order), order.end_customer_name, order.city)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def _what(order: CopperOrder) -> str:
    parts = (show("type", order.type), order.product_name or order.product_code)
    return " · ".join(part for part in parts if part)


def _whose(order: CopperOrder) -> str:
    return " · ".join(str(part) for part in (order.product_name, order.owner) if part)


def _answer_shortcuts(order: CopperOrder) -> tuple[Shortcut, ...]:
    """The pages on which each answer is reviewed and given."""
    return (
        Shortcut(gettext_lazy("Confirm…"), reverse("extranet:confirm", args=[order.uuid]), is_first=True),
        Shortcut(gettext_lazy("Cancel…"), reverse("extranet:cancel", args=[order.uuid])),
    )


_of_copper = partial(
    WorklistItem, roles=(SALES, BACK_OFFICE), url_name="extranet:orders", label=_named, api=EXTRANET
)
_own = partial(_of_copper, own="&mine=true")
_drafts = partial(_of_copper, roles=(SALES,))

PENDING = _of_copper(
    title=gettext_lazy("Waiting for your answer"),
    rows=lambda user: _visible(user).answerable_by(user).pending(),
    query="?pending=true",
    tone="bad",
    note=_what,
    shortcuts=_answer_shortcuts,
)
TO_REORDER = _own(
    title=gettext_lazy("Recently rejected copper orders, not ordered again"),
    rows=lambda user: _orders(user).to_reorder().order_by("-rejection_date", "-id"),
    query="?to_reorder=true",
    tone="bad",
    note=lambda order: day(order.rejection_date),
)
ON_HOLD = _own(
    title=gettext_lazy("Copper orders held at Covage"),
    rows=lambda user: _orders(user).on_hold().order_by("-created_at", "-id"),
    query="?held=true",
    tone="warning",
    note=lambda order: day(order.held_date),
)
TERM_ENDING = _own(
    title=gettext_lazy("Copper contracts ending within 90 days"),
    rows=lambda user: _orders(user).term_ending().order_by("term_ends_on", "id"),
    query="?term_ending=true",
    tone="warning",
    note=lambda order: day(order.term_ends_on),
)
TERMINATING = _own(
    title=gettext_lazy("Copper terminations under way"),
    rows=lambda user: _orders(user).terminating().order_by("-created_at", "-id"),
    query="?terminating=true",
    tone="info",
    note=lambda order: status_label(order.status, order.type),
)
CONFLICTS = _drafts(
    title=gettext_lazy("Copper drafts changed on both sides"),
    rows=lambda user: _visible(user).in_conflict(),
    query="?conflict=true",
    tone="warning",
    note=_whose,
)
READY = _drafts(
    title=gettext_lazy("Copper drafts ready to submit"),
    rows=lambda user: _visible(user).ready(),
    query="?ready=true",
    tone="good",
    note=_whose,
)
TERMINATIONS_READY = _of_copper(
    title=gettext_lazy("Copper terminations ready to submit"),
    roles=(BACK_OFFICE,),
    rows=lambda user: _visible(user).ready().ending(),
    query="?ready=true&type=terminate",
    tone="good",
    note=_whose,
)
MISSING = _drafts(
    title=gettext_lazy("Incomplete copper drafts"),
    rows=lambda user: _visible(user).lacking(),
    query="?missing=true",
    note=how_much_is_missing,
)
SETTLING = _own(
    title=gettext_lazy("Copper orders being submitted or answered"),
    rows=lambda user: _orders(user).settling().order_by("-created_at", "-id"),
    query="?settling=true",
    tone="info",
    note=_what,
)
UNOWNED = _drafts(
    title=gettext_lazy("Copper drafts created elsewhere, no owner yet"),
    rows=lambda user: _visible(user).unowned(),
    query="?unowned=true",
    note=lambda order: day(order.created_at),
)

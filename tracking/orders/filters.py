"""The filters of the list of orders. In the URL the vendor's fields have the vendor's names, the rest have ours."""

import re
from functools import partial
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

import web.distinct
from lists.filters import choices
from lists.filters.choices import Choices, labelled
from lists.filters.declarations import days, exact, indexed_words, moments, words
from lists.filters.filtersets import Flag, ReaderFilter, column, flag, ticks
from lists.filters.forms import GroupedForm
from notifications.changes.unread import unread
from notifications.watches.matching import watched
from tracking.models import Order, OrderCount
from tracking.orders import filters
from tracking.states import OrderState, Step, state_label

if TYPE_CHECKING:
    from tracking.querysets import OrderQuerySet


def states() -> Choices:
    """The documented states, and any others that orders are in."""
    counted = OrderCount.objects.order_by("state").values_list("state", flat=True)
    return labelled([*OrderState.values, *counted], state_label)


def steps() -> Choices:
    """The production steps, and any others that orders are in."""
    return labelled([*Step.values, *values_of("step")], state_label)


def technologies() -> Choices:
    found = OrderCount.objects.order_by("technology").values_list("technology", flat=True)
    return labelled(found, str)


def plain(column: str) -> Choices:
    """The values of a column as they are."""
    return choices.plain(Order, column)


def values_of(column: str, most: int = web.distinct.MOST) -> list[Any]:
    """The different values of an indexed column of orders."""
    return web.distinct.values_of(Order, column, most)


CHOICES = ("offer_technology", "offer_family", "step", "commitment", "project_id", "created_by")


class OrderFilterForm(GroupedForm):
    at_first = ("q", "place", "end_customer_name")
    ticked = "state"
    flags = ("late", "stuck", "notice_due", "terminating", "unread", "watched", "mine", "ordered_here")
    grouped = ((_("Product and origin"), CHOICES),)


_NUMBER = re.compile(r"[0-9]{1,6}")

# The yes-or-no filters.
FLAGS: dict[str, Flag] = {
    "late": lambda orders, user: orders.late(),
    "stuck": lambda orders, user: orders.stuck(),
    "notice_due": lambda orders, user: orders.notice_due(),
    "terminating": lambda orders, user: orders.terminating(),
    "mine": lambda orders, user: orders.of(user),
    "ordered_here": lambda orders, user: orders.ordered_here(),
    "unread": unread,
    "watched": watched,
}


class OrderFilter(ReaderFilter):
    """The filters of the list."""

    flags = FLAGS

    q = indexed_words(_("Text"))
    state = ticks(_("State"))
    late = flag(_("Late"))
    stuck = flag(_("Step taking longer than usual"))
    notice_due = flag(_("Notice due within 90 days"))
    terminating = flag(_("Termination under way"))
    unread = flag(_("Changed since I last looked"))
    watched = flag(_("Watched by me"))
    mine = flag(_("Mine and my teams'"))
    ordered_here = flag(_("Ordered in Carnet"))
    step = column(_("Production step"))
    offer_technology = column(_("Technology"))
    offer_family = column(_("Offer family"))
    commitment = column(_("Commitment (months)"))
    project_id = column(_("Project"))
    created_by = column(_("Created by"))
    end_customer_name = exact(_("End customer"), "end_customer_name")
    place = words(_("City or postcode"), "in_place")
    order_date_gt, order_date_lt = days("order_date", _("Ordered from"), _("Ordered up to"))
    modification_date_gt, modification_date_lt = moments(
        "modification_date", _("Changed from"), _("Changed up to")
    )
    estimated_delivery_date_gt, estimated_delivery_date_lt = days(
        "estimated_delivery_date", _("Delivery estimated from"), _("Delivery estimated up to")
    )
    completion_date_gt, completion_date_lt = days(
        "completion_date", _("Completed from"), _("Completed up to")
    )
    cancellation_date_gt, cancellation_date_lt = days(
        "cancellation_date", _("Cancelled from"), _("Cancelled up to")
    )
    commitment_end_date_gt, commitment_end_date_lt = days(
        "commitment_end_date", _("Commitment ends from"), _("Commitment ends up to")
    )
    notice_on_gt, notice_on_lt = days(
        "notice_on", _("Last day of notice from"), _("Last day of notice up to")
    )

    class Meta:
        model = Order
        form = OrderFilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("state", filters.states)
        self.offer("step", filters.steps)
        self.offer("offer_technology", filters.technologies)
        self.offer("commitment", partial(filters.plain, "commitment"), _NUMBER.fullmatch)
        for name in ("offer_family", "project_id", "created_by"):
            self.offer(name, partial(filters.plain, name))

    def in_place(self, queryset: "OrderQuerySet", name: str, text: str) -> "OrderQuerySet":
        return queryset.in_place(text)

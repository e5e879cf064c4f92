"""The filters of the list of orders. What the vendor names stands in the URL under their names, the rest under ours."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, cast

import django_filters
from django import forms
from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from accounts.requests import Request
from desk.columns import Words
from desk.filtering import choice, days, exact, indexed_words, know, moments, words
from desk.models import Unread, Watch
from tracking import choices
from tracking.filterform import OrderFilterForm
from tracking.models import Order

if TYPE_CHECKING:
    from accounts.models import User
    from tracking.querysets import OrderQuerySet

_NUMBER = re.compile(r"[0-9]{1,6}")


def _unread(orders: "OrderQuerySet", user: "User") -> "OrderQuerySet":
    return orders.filter(uuid__in=Unread.objects.filter(user=user).values("subject_id"))


def _watched(orders: "OrderQuerySet", user: "User") -> "OrderQuerySet":
    """The orders that a person watches, and those of the end customers whom they watch."""
    watches = Watch.objects.filter(user=user, view=None).values_list("subject_id", "customer")
    subjects = [subject for subject, _customer in watches if subject]
    customers = [customer for _subject, customer in watches if customer]
    return orders.filter(Q(uuid__in=subjects) | Q(end_customer_name__in=customers))


# What is asked of orders by a mere yes.
FLAGS: dict[str, Callable[["OrderQuerySet", "User"], "OrderQuerySet"]] = {
    "late": lambda orders, user: orders.late(),
    "stuck": lambda orders, user: orders.stuck(),
    "notice_due": lambda orders, user: orders.notice_due(),
    "terminating": lambda orders, user: orders.terminating(),
    "mine": lambda orders, user: orders.of(user),
    "ordered_here": lambda orders, user: orders.ordered_here(),
    "unread": _unread,
    "watched": _watched,
}


def _flag(label: Words) -> django_filters.BooleanFilter:
    return django_filters.BooleanFilter(label=label, method="by_flag", widget=forms.CheckboxInput)


def _column(label: Words) -> django_filters.ChoiceFilter:
    return choice(label, [], "by_column")


class OrderFilter(django_filters.FilterSet):  # type: ignore[misc]
    """What may be asked of the list. `user`, or else the request's, is the reader to whom "mine" and the like speak."""

    q = indexed_words(_("Text"))
    state = django_filters.MultipleChoiceFilter(
        method="in_states",
        label=_("State"),
        widget=forms.CheckboxSelectMultiple({"class": "form-check-input"}),
    )
    late = _flag(_("Late"))
    stuck = _flag(_("Longer in its step than usual"))
    notice_due = _flag(_("Notice to be given within 90 days"))
    terminating = _flag(_("Termination under way"))
    unread = _flag(_("Changed since I looked"))
    watched = _flag(_("Watched by me"))
    mine = _flag(_("Mine and my teams'"))
    ordered_here = _flag(_("Ordered in Carnet"))
    step = _column(_("Production step"))
    offer_technology = _column(_("Technology"))
    offer_family = _column(_("Offer family"))
    commitment = _column(_("Commitment (months)"))
    project_id = _column(_("Project"))
    created_by = _column(_("Created by"))
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

    def __init__(
        self,
        data: Any = None,
        queryset: Any = None,
        *,
        request: HttpRequest | None = None,
        user: "User | None" = None,
    ) -> None:
        super().__init__(data, queryset, request=request)
        self.user = user or cast(Request, request).user
        self._offer("state", choices.states())
        self._offer("step", choices.steps())
        self._offer("offer_technology", choices.technologies())
        for column in ("offer_family", "commitment", "project_id", "created_by"):
            self._offer(column, choices.plain(column))

    def _offer(self, name: str, offered: choices.Choices) -> None:
        """Offer values at a filter, and let others be asked for: links outlive what orders are like."""
        self.filters[name].extra["choices"] = offered
        for asked in self._asked(name):
            if name != "commitment" or _NUMBER.fullmatch(asked):
                know(self.filters[name], asked)

    def _asked(self, name: str) -> list[str]:
        if isinstance(self.data, QueryDict):
            return self.data.getlist(name)
        return [self.data[name]] if name in self.data else []

    def in_states(self, queryset: "OrderQuerySet", name: str, states: list[str]) -> "OrderQuerySet":
        return queryset.filter(state__in=states)

    def by_column(self, queryset: "OrderQuerySet", name: str, value: str) -> "OrderQuerySet":
        return queryset.filter(**{name: value})

    def in_place(self, queryset: "OrderQuerySet", name: str, text: str) -> "OrderQuerySet":
        return queryset.in_place(text)

    def by_flag(self, queryset: "OrderQuerySet", name: str, is_asked: bool) -> "OrderQuerySet":
        return FLAGS[name](queryset, self.user) if is_asked else queryset

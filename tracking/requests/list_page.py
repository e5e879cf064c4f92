"""The list of requests: its filters and columns, and the requests made here that the vendor doesn't list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from lists import cells
from lists.columns import Column, day_column, text_column
from lists.filters.declarations import accept, choice, days, exact, indexed_words, moments
from lists.pages import Empty, List
from lists.search import containing
from outbox.models import Operation
from outbox.status_badges import badge_of
from tracking.models import Order, Request, TerminationReason
from tracking.orders.dates import day_of
from tracking.requests.actions import ACTIONS, UNLISTED_STATES, action_of, action_title, unlisted_operations
from tracking.states import order_badge
from web.badge import Badge

if TYPE_CHECKING:
    from accounts.models import User

OURS = [
    ("pending", _("requested here, waiting to be sent")),
    ("unknown", _("requested here, outcome unknown")),
    ("refused", _("requested here, refused by Covage")),
    ("taken", _("requested here, accepted by Covage")),
    ("elsewhere", _("not requested here")),
]


class RequestFilter(django_filters.FilterSet):  # type: ignore[misc]
    """The API's own filters and fields by their names (order-tracking.txt, order requests list), then ours."""

    q = indexed_words(_("Order, customer or site"), "search")
    order_reference = exact(_("Order reference"), "order_reference")
    action = choice(_("Request"), [(one.vendor_label, one.title) for one in ACTIONS.values()], "of_action")
    reason = choice(_("Reason"), [], "for_reason")
    ours = choice(_("State in Carnet"), OURS, "of_ours")
    creation_date_gt, creation_date_lt = moments("creation_date", _("Requested from"), _("Requested up to"))
    effective_gt, effective_lt = days("request_effective_date", _("Effective from"), _("Effective up to"))

    class Meta:
        model = Request
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["q"].method = "about_orders"
        reasons = TerminationReason.objects.values_list("label", flat=True)
        self.filters["reason"].extra["choices"] = [(reason, reason) for reason in reasons]
        for name in ("action", "reason"):
            accept(self.filters[name], self.data.get(name, ""))

    def about_orders(self, queryset: "QuerySet[Request]", name: str, text: str) -> "QuerySet[Request]":
        """Requests on orders with every word in their references, customer, site or project."""
        orders = containing(Order.objects.all(), "search", text)
        return queryset.filter(order_reference__in=orders.values("reference"))

    def of_action(self, queryset: "QuerySet[Request]", name: str, label: str) -> "QuerySet[Request]":
        words = [action.word for action in ACTIONS.values() if action.vendor_label == label]
        return queryset.filter(action__in=[label, *words])

    def for_reason(self, queryset: "QuerySet[Request]", name: str, reason: str) -> "QuerySet[Request]":
        return queryset.filter(reason=reason)

    def of_ours(self, queryset: "QuerySet[Request]", name: str, state: str) -> "QuerySet[Request]":
        """Those made in Carnet, or elsewhere. Requests that the vendor hasn't accepted aren't in their list."""
        if state in UNLISTED_STATES:
            return queryset.none()
        return queryset.filter(requested_by__isnull=state == "elsewhere")


@dataclass(frozen=True)
class RequestRow:
    """A request with its order, if that is known here."""

    request: Request
    order: Order | None

    @property
    def customer(self) -> str:
        return self.order.end_customer_name if self.order else ""

    @property
    def site(self) -> str:
        return self.order.site_client if self.order else ""


def prefetch(requests: Sequence[Request], user: "User") -> list[RequestRow]:
    """The requests with their orders. One query."""
    orders = Order.objects.filter(reference__in={request.order_reference for request in requests})
    shown = orders.only("reference", "end_customer_name", "site_client", "state")
    known = {order.reference: order for order in shown}
    return [RequestRow(request, known.get(request.order_reference)) for request in requests]


def _order(row: RequestRow) -> str:
    if row.order:
        return cells.link(row.order.get_absolute_url(), row.order.reference)
    return row.request.order_reference


def _state(row: RequestRow) -> str:
    return cells.badge(order_badge(row.order.state)) if row.order else ""


REQUESTS = List(
    page="requests",
    title=_("Requests"),
    columns=(
        day_column("creation_date", _("Requested"), "request.creation_date", sort="creation_date"),
        Column("action", _("Request"), lambda row: action_title(row.request.action)),
        Column(
            "order_reference",
            _("Order"),
            _order,
            sort="order_reference",
            align="nowrap",
            value=lambda row: row.request.order_reference,
        ),
        Column(
            "order_state",
            _("Order's state"),
            _state,
            align="nowrap",
            value=lambda row: order_badge(row.order.state).label if row.order else "",
        ),
        text_column("end_customer_name", _("End customer"), "customer"),
        text_column("site", _("Site"), "site", shown=False),
        text_column("reason", _("Reason"), "request.reason"),
        day_column(
            "request_effective_date",
            _("Effective date"),
            "request.request_effective_date",
            sort="request_effective_date",
        ),
        text_column("message", _("Comment"), "request.message"),
        Column("requested_by", _("Requested by"), lambda row: str(row.request.requested_by or "")),
        day_column(
            "modification_date", pgettext_lazy("date", "Changed"), "request.modification_date", shown=False
        ),
        text_column("id", _("Covage identifier"), "request.upstream_id", shown=False),
    ),
    filter_class=RequestFilter,
    default_sort="-creation_date",
    template="tracking/requests/list.html",
    empty=Empty(
        title=_("No requests yet"),
        text=_("Requests are made on an order's page, or on orders selected in the list."),
        unlike=_("No requests at Covage match"),
    ),
    prefetch=prefetch,
)


def listed_requests() -> "QuerySet[Request]":
    return Request.objects.filter(gone_at=None).select_related("requested_by").defer("document")


@dataclass(frozen=True)
class UnlistedRequest:
    """A request made in Carnet that the vendor doesn't list: pending, of unknown outcome, or refused."""

    operation: Operation
    order: Order | None

    @property
    def title(self) -> str:
        return str(action_of(self.operation).title)

    @property
    def badge(self) -> Badge:
        return badge_of(self.operation)

    @property
    def day(self) -> str:
        return cells.day(day_of(self.operation.payload["document"]["request_effective_date"]))

    @property
    def form_url(self) -> str:
        """The page on which a refused one can be corrected and sent again; blank for one that is under way."""
        if self.operation.state != Operation.State.REFUSED:
            return ""
        payload = self.operation.payload
        return reverse("tracking:request", args=[payload["reference"], payload["action"]])


def unlisted_requests(state: str) -> list[UnlistedRequest]:
    """Requests made in Carnet that the vendor doesn't list, in the state of the filter, or all without one."""
    if state and state not in UNLISTED_STATES:
        return []
    operations = list(unlisted_operations(state)[:MOST_UNLISTED])
    orders = {
        order.uuid: order for order in Order.objects.filter(uuid__in={o.subject_id for o in operations})
    }
    return [UnlistedRequest(operation, orders.get(operation.subject_id)) for operation in operations]


MOST_UNLISTED = 100

"""The filters of the list of lines: every one that the API documents, and our own."""

from typing import TYPE_CHECKING, Any

import django_filters
from django.utils.translation import gettext_lazy as _

from lists.filters.declarations import accept, choice, days, exact, moments, words
from sessions_app.models import Line
from sessions_app.querysets import DRAFTS
from sessions_app.states import LineState

if TYPE_CHECKING:
    from sessions_app.querysets import LineQuerySet


class LineFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Names are those of the API's own filters (order-taking.txt, list of order lines)."""

    search = words(_("Text"), "containing")
    state = choice(_("State"), LineState.choices, "in_state")
    readiness = choice(
        _("Readiness"),
        [
            ("ready", _("nothing missing")),
            ("missing", _("something is missing")),
            ("expiring", _("draft expiring soon")),
            ("to-reorder", _("rejected, not ordered again")),
        ],
        "by_readiness",
    )
    order_reference = exact(_("Order reference"), "order_reference")
    temporary_reference = exact(_("Temporary reference"), "temporary_reference")
    customer_order_name = exact(_("Order name"), "customer_order_name")
    end_customer_name = exact(_("End customer"), "end_customer_name")
    creation_date_gt, creation_date_lt = moments("created_at", _("Created from"), _("Created up to"))
    order_date_gt, order_date_lt = moments("order_date", _("Ordered from"), _("Ordered up to"))
    expiration_date_gt, expiration_date_lt = days("expires_on", _("Expires from"), _("Expires up to"))

    class Meta:
        model = Line
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        accept(self.filters["state"], self.data.get("state", ""))

    def containing(self, queryset: "LineQuerySet", name: str, text: str) -> "LineQuerySet":
        return queryset.containing(text)

    def in_state(self, queryset: "LineQuerySet", name: str, state: str) -> "LineQuerySet":
        return queryset.filter(state__in=DRAFTS if state == LineState.CREATED else [state])

    def by_readiness(self, queryset: "LineQuerySet", name: str, value: str) -> "LineQuerySet":
        if value == "expiring":
            return queryset.expiring()
        if value == "to-reorder":
            return queryset.to_reorder()
        drafts = queryset.drafts()
        return drafts.filter(missing_count=0) if value == "ready" else drafts.filter(missing_count__gt=0)

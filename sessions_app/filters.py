"""The filters of the lists of carts and lines: every one that the API documents, and our own."""

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sessions_app.models import Cart, Line
from sessions_app.querysets import DRAFTS
from sessions_app.states import CartState, LineState

if TYPE_CHECKING:
    from sessions_app.querysets import CartQuerySet, LineQuerySet


def _exact(label: Any, field_name: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(field_name=field_name, lookup_expr="exact", label=label)


def _date(label: Any, field_name: str, lookup: str) -> django_filters.DateFilter:
    return django_filters.DateFilter(
        field_name=field_name, lookup_expr=lookup, label=label, widget=forms.DateInput({"type": "date"})
    )


def _on_day(field_name: str, lookup: str, label: Any) -> django_filters.DateFilter:
    """From or up to a whole day in the portal's zone, over a column of moments, in a way that an index serves."""

    def narrow(queryset: models.QuerySet[Any], name: str, day: Any) -> models.QuerySet[Any]:
        start = timezone.make_aware(datetime.combine(day, time.min))
        if lookup == "gte":
            return queryset.filter(**{f"{field_name}__gte": start})
        return queryset.filter(**{f"{field_name}__lt": start + timedelta(days=1)})

    return django_filters.DateFilter(method=narrow, label=label, widget=forms.DateInput({"type": "date"}))


class CartFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Names are those of the API's own filters where it has them (order-taking.txt, list of order sessions)."""

    q = django_filters.CharFilter(method="containing", label=_("Text"))
    state = django_filters.ChoiceFilter(
        method="in_state", label=_("State"), choices=CartState.choices, empty_label=_("any")
    )
    readiness = django_filters.ChoiceFilter(
        method="by_readiness",
        label=_("Readiness"),
        empty_label=_("any"),
        choices=[
            ("ready", _("ready to confirm")),
            ("missing", _("something is missing")),
            ("expiring", _("draft near its end")),
            ("conflict", _("changed on both sides")),
            ("unowned", _("made elsewhere, nobody's yet")),
            ("settling", _("being confirmed")),
        ],
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label=_("Owner"), empty_label=_("anyone")
    )
    external_id = _exact(_("Your reference"), "external_id")
    project_id = _exact(_("Project"), "project_id")
    creation_date_gt = _on_day("creation_date", "gte", _("Created from"))
    creation_date_lt = _on_day("creation_date", "lte", _("Created up to"))
    order_date_gt = _on_day("order_date", "gte", _("Ordered from"))
    order_date_lt = _on_day("order_date", "lte", _("Ordered up to"))
    completion_date_gt = _on_day("completion_date", "gte", _("Completed from"))
    completion_date_lt = _on_day("completion_date", "lte", _("Completed up to"))
    cancellation_date_gt = _on_day("cancellation_date", "gte", _("Cancelled from"))
    cancellation_date_lt = _on_day("cancellation_date", "lte", _("Cancelled up to"))

    class Meta:
        model = Cart
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = self.queryset.order_by().values("owner")
        self.filters["owner"].queryset = User.objects.filter(pk__in=owners).order_by("last_name", "username")

    def containing(self, queryset: "CartQuerySet", name: str, text: str) -> "CartQuerySet":
        """Every word in the cart's own references or in one of its lines."""
        for word in text.lower().split():
            lines = Line.objects.live().filter(search__contains=word).values("cart")
            queryset = queryset.filter(
                Q(external_id__icontains=word)
                | Q(project_id__icontains=word)
                | Q(upstream_id=word)
                | Q(pk__in=lines)
            )
        return queryset

    def in_state(self, queryset: "CartQuerySet", name: str, state: str) -> "CartQuerySet":
        return queryset.filter(state__in=DRAFTS if state == CartState.CREATED else [state])

    def by_readiness(self, queryset: "CartQuerySet", name: str, value: str) -> "CartQuerySet":
        narrow = {
            "ready": queryset.ready,
            "conflict": queryset.in_conflict,
            "unowned": queryset.unowned,
            "settling": queryset.settling,
        }
        if value in narrow:
            return narrow[value]()
        if value == "missing":
            return queryset.drafts().filter(missing_count__gt=0)
        return queryset.drafts().filter(pk__in=Line.objects.expiring().values("cart"))


class LineFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Names are those of the API's own filters (order-taking.txt, list of order lines)."""

    search = django_filters.CharFilter(method="containing", label=_("Text"))
    state = django_filters.ChoiceFilter(
        method="in_state", label=_("State"), choices=LineState.choices, empty_label=_("any")
    )
    readiness = django_filters.ChoiceFilter(
        method="by_readiness",
        label=_("Readiness"),
        empty_label=_("any"),
        choices=[
            ("ready", _("nothing missing")),
            ("missing", _("something is missing")),
            ("expiring", _("draft near its end")),
            ("to-reorder", _("rejected, not ordered again")),
        ],
    )
    order_reference = _exact(_("Order reference"), "order_reference")
    temporary_reference = _exact(_("Temporary reference"), "temporary_reference")
    customer_order_name = _exact(_("Order name"), "customer_order_name")
    end_customer_name = _exact(_("End customer"), "end_customer_name")
    creation_date_gt = _on_day("creation_date", "gte", _("Created from"))
    creation_date_lt = _on_day("creation_date", "lte", _("Created up to"))
    order_date_gt = _on_day("order_date", "gte", _("Ordered from"))
    order_date_lt = _on_day("order_date", "lte", _("Ordered up to"))
    expiration_date_gt = _date(_("Expires from"), "expires_on", "gte")
    expiration_date_lt = _date(_("Expires up to"), "expires_on", "lte")

    class Meta:
        model = Line
        fields: tuple[str, ...] = ()

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

"""The filters of the lists of carts and lines: every one that the API documents, and our own."""

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from sessions_app.models import Cart, Line
from sessions_app.querysets import DRAFTS
from sessions_app.states import CartState, LineState

if TYPE_CHECKING:
    from sessions_app.querysets import CartQuerySet, LineQuerySet


LONGEST_SEARCH = 200


def _exact(label: Any, field_name: str) -> django_filters.CharFilter:
    return django_filters.CharFilter(field_name=field_name, lookup_expr="exact", label=label)


def _containing() -> django_filters.CharFilter:
    return django_filters.CharFilter(method="containing", label=_("Text"), max_length=LONGEST_SEARCH)


def _state(choices: list[tuple[str, Any]]) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        method="in_state", label=_("State"), choices=choices, empty_label=_("any")
    )


def _know(state: django_filters.ChoiceFilter, asked: str) -> None:
    """Let a state be asked for that the documentation doesn't name: Covage may have new ones."""
    if asked.isprintable() and asked and asked not in dict(state.extra["choices"]):
        state.extra["choices"] = [*state.extra["choices"], (asked, asked)]


def _day(label: Any, **how: Any) -> django_filters.DateFilter:
    # Days at the ends of the calendar have no moment in every zone.
    within = [MinValueValidator(date(1900, 1, 1)), MaxValueValidator(date(2999, 12, 31))]
    widget = forms.DateInput({"type": "date"})
    return django_filters.DateFilter(label=label, widget=widget, validators=within, **how)


def _on_day(field_name: str, lookup: str, label: Any) -> django_filters.DateFilter:
    """From or up to a whole day in the portal's zone, over a column of moments, so that an index serves."""

    def narrow(queryset: models.QuerySet[Any], name: str, day: Any) -> models.QuerySet[Any]:
        start = timezone.make_aware(datetime.combine(day, time.min))
        if lookup == "gte":
            return queryset.filter(**{f"{field_name}__gte": start})
        return queryset.filter(**{f"{field_name}__lt": start + timedelta(days=1)})

    return _day(label, method=narrow)


class CartFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Names are those of the API's own filters (order-taking.txt, list of order sessions), then ours."""

    q = _containing()
    state = _state(CartState.choices)
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
    creation_date_gt = _on_day("created_at", "gte", _("Created from"))
    creation_date_lt = _on_day("created_at", "lte", _("Created up to"))
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
        owners = User.objects.filter(Exists(self.queryset.order_by().filter(owner=OuterRef("pk"))))
        if self.request:
            owners |= User.objects.filter(pk=self.request.user.pk)
        self.filters["owner"].queryset = owners.order_by("last_name", "username")
        _know(self.filters["state"], self.data.get("state", ""))

    def containing(self, queryset: "CartQuerySet", name: str, text: str) -> "CartQuerySet":
        """Every word in the cart's own references or in one of its lines."""
        for word in dict.fromkeys(text.split()):
            lines = Line.objects.live().containing(word).values("cart")
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

    search = _containing()
    state = _state(LineState.choices)
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
    creation_date_gt = _on_day("created_at", "gte", _("Created from"))
    creation_date_lt = _on_day("created_at", "lte", _("Created up to"))
    order_date_gt = _on_day("order_date", "gte", _("Ordered from"))
    order_date_lt = _on_day("order_date", "lte", _("Ordered up to"))
    expiration_date_gt = _day(_("Expires from"), field_name="expires_on", lookup_expr="gte")
    expiration_date_lt = _day(_("Expires up to"), field_name="expires_on", lookup_expr="lte")

    class Meta:
        model = Line
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _know(self.filters["state"], self.data.get("state", ""))

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

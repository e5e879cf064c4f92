"""The filters of the list of carts: every one that the API documents, and our own."""

from typing import TYPE_CHECKING, Any

import django_filters
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from lists.filters.declarations import accept, choice, exact, moments, words
from lists.search import normalised
from sessions_app.models import Cart, Line
from sessions_app.querysets import DRAFTS
from sessions_app.states import CartState

if TYPE_CHECKING:
    from sessions_app.querysets import CartQuerySet


class CartFilter(django_filters.FilterSet):  # type: ignore[misc]
    """Names are those of the API's own filters (order-taking.txt, list of order sessions), then ours."""

    q = words(_("Text"), "containing")
    state = choice(_("State"), CartState.choices, "in_state")
    readiness = choice(
        _("Readiness"),
        [
            ("ready", _("ready to confirm")),
            ("missing", _("something is missing")),
            ("expiring", _("draft expiring soon")),
            ("conflict", _("changed on both sides")),
            ("unowned", _("created elsewhere, no owner yet")),
            ("settling", _("being confirmed")),
        ],
        "by_readiness",
    )
    owner = django_filters.ModelChoiceFilter(
        queryset=User.objects.none(), label=_("Owner"), empty_label=_("Anyone")
    )
    external_id = exact(_("Your reference"), "external_id")
    project_id = exact(_("Project"), "project_id")
    creation_date_gt, creation_date_lt = moments("created_at", _("Created from"), _("Created up to"))
    order_date_gt, order_date_lt = moments("order_date", _("Ordered from"), _("Ordered up to"))
    completion_date_gt, completion_date_lt = moments(
        "completion_date", _("Completed from"), _("Completed up to")
    )
    cancellation_date_gt, cancellation_date_lt = moments(
        "cancellation_date", _("Cancelled from"), _("Cancelled up to")
    )

    class Meta:
        model = Cart
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = User.objects.filter(Exists(self.queryset.order_by().filter(owner=OuterRef("pk"))))
        if self.request:
            owners |= User.objects.filter(pk=self.request.user.pk)
        self.filters["owner"].queryset = owners.order_by("last_name", "username")
        accept(self.filters["state"], self.data.get("state", ""))

    def containing(self, queryset: "CartQuerySet", name: str, text: str) -> "CartQuerySet":
        """Every word in the cart's own references or in one of its lines."""
        for typed in dict.fromkeys(text.split()):
            lines = Line.objects.live().containing(typed).values("cart")
            by_id = Q(upstream_id__in=[typed, typed.lower()])
            queryset = queryset.filter(Q(search__contains=normalised(typed)) | by_id | Q(pk__in=lines))
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

"""How many copper orders there are of each status, and how many days they take; computed on request."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import Count
from django.utils import timezone

from extranet.models import CopperOrder
from extranet.states import Status, Type
from lists.counts import Counted, by_state, count_own, percentile

if TYPE_CHECKING:
    from accounts.models import User
    from extranet.querysets import CopperOrderQuerySet

YEAR, DAY = timedelta(days=365), timedelta(days=1)
# From how many of the newest completed activations the days are computed.
MOST_COMPLETED = 2000


@dataclass(frozen=True)
class Delivery:
    """The days from submission to completion of a product family's activations."""

    family: str
    count: int
    median: float
    p90: float


def all_by_status() -> Counted:
    """Every order by status and product family, from an index alone."""
    groups = CopperOrder.objects.live().values_list("status", "product_family")
    counted = groups.annotate(number=Count("*")).order_by("status", "product_family")
    rows = ((status or Status.DRAFT.value, family, number) for status, family, number in counted)
    return Counted(by_state(rows, Status.values), timezone.now())


def own_by_status(user: "User") -> Counted:
    """The user's own orders by status and product family."""
    own = CopperOrder.objects.live().of(user).values_list("status", "product_family")
    return count_own(own, Status.values, blank=Status.DRAFT.value)


def deliveries(orders: "CopperOrderQuerySet") -> list[Delivery]:
    """By product family, of the newest of these activations that were completed within 365 days."""
    lately = orders.live().filter(type=Type.ACTIVATE, completion_date__gte=timezone.now() - YEAR)
    dated = lately.exclude(submission_date=None).order_by("-completion_date", "-id")
    rows = dated.values_list("product_family", "submission_date", "completion_date")[:MOST_COMPLETED]
    days: dict[str, list[float]] = defaultdict(list)
    for family, begun, ended in rows:
        if begun and ended:
            days[family].append((ended - begun) / DAY)
    return [_delivery(family, sorted(times)) for family, times in sorted(days.items())]


def _delivery(family: str, times: list[float]) -> Delivery:
    return Delivery(family, len(times), percentile(times, 0.5), percentile(times, 0.9))

"""How many orders there are of each kind: a roll-up, for counting a million rows takes its time."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from tracking.models import Order, Tally
from tracking.states import OrderState, state_label

if TYPE_CHECKING:
    from accounts.models import User

# So many of a person's own orders are counted at most.
MOST_OWN = 10_000


@dataclass(frozen=True)
class StateCount:
    """How many orders are in a state, in all and by technology."""

    state: str
    total: int
    by_technology: dict[str, int]

    @property
    def label(self) -> str:
        return state_label(self.state)


@dataclass(frozen=True)
class Counted:
    """Orders by state, in the order of their life; `at` is when they were counted, None if that was never done.

    `is_cut` tells that a person has more orders than are counted.
    """

    states: list[StateCount]
    at: datetime | None
    is_cut: bool = False

    @property
    def total(self) -> int:
        return sum(one.total for one in self.states)

    @property
    def technologies(self) -> list[str]:
        """Every technology that there is, the most frequent first."""
        numbers: Counter[str] = Counter()
        for one in self.states:
            numbers.update(one.by_technology)
        return [technology for technology, _number in numbers.most_common()]


def tally() -> None:
    """Count the orders by state and technology. Two may do so at once."""
    counted_at = timezone.now()
    groups = Order.objects.values_list("state", "offer_technology")
    counted = groups.annotate(number=Count("*")).order_by("state", "offer_technology")
    rows = [
        Tally(state=state, technology=technology, count=number, counted_at=counted_at)
        for state, technology, number in counted
    ]
    with transaction.atomic():
        Tally.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["state", "technology"],
            update_fields=["count", "counted_at"],
        )
        Tally.objects.filter(counted_at__lt=counted_at).delete()


def all_by_state() -> Counted:
    """Every order, as counted last."""
    tallies = list(Tally.objects.all())
    rows = [(row.state, row.technology, row.count) for row in tallies]
    return Counted(_by_state(rows), min((row.counted_at for row in tallies), default=None))


def own_by_state(user: "User") -> Counted:
    """A person's own orders, counted now."""
    own = Order.objects.of(user).values_list("state", "offer_technology")
    rows = list(own[: MOST_OWN + 1])
    numbers = Counter(rows[:MOST_OWN])
    counted = _by_state((state, technology, number) for (state, technology), number in numbers.items())
    return Counted(counted, timezone.now(), is_cut=len(rows) > MOST_OWN)


def _by_state(rows: Iterable[tuple[str, str, int]]) -> list[StateCount]:
    by_state: dict[str, dict[str, int]] = defaultdict(dict)
    for state, technology, number in rows:
        by_state[state][technology] = number
    known = [state for state in OrderState.values if state in by_state]
    others = sorted(by_state.keys() - set(known))
    return [StateCount(state, sum(by_state[state].values()), by_state[state]) for state in known + others]

"""Counts of rows by state, and percentiles of how long something took."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

# No more of a person's own rows than this are counted.
MOST_OWN = 10_000


@dataclass(frozen=True)
class StateCount:
    """How many rows are in a state, in all and by kind."""

    state: str
    total: int
    by_kind: dict[str, int]


@dataclass(frozen=True)
class Counted:
    """Counts by state, in the order of their life; `at` is when they were counted, None for never.

    `is_cut` says that a person has more rows than are counted.
    """

    states: list[StateCount]
    at: datetime | None
    is_cut: bool = False

    @property
    def total(self) -> int:
        return sum(one.total for one in self.states)

    @property
    def kinds(self) -> list[str]:
        """Every kind that occurs, the most frequent first."""
        numbers: Counter[str] = Counter()
        for one in self.states:
            numbers.update(one.by_kind)
        return [kind for kind, _number in numbers.most_common()]


def count_own(pairs: QuerySet[Any, tuple[str, str]], known: Sequence[str], blank: str = "") -> Counted:
    """Count a person's own rows, given as (state, kind), but no more of them than `MOST_OWN`.

    Rows without a state count as `blank`.
    """
    rows = list(pairs[: MOST_OWN + 1])
    numbers = Counter(rows[:MOST_OWN]).items()
    counted = by_state(((state or blank, kind, number) for (state, kind), number in numbers), known)
    return Counted(counted, timezone.now(), is_cut=len(rows) > MOST_OWN)


def by_state(numbers: Iterable[tuple[str, str, int]], known: Sequence[str]) -> list[StateCount]:
    """Group numbers of (state, kind) by state: the known ones in their order, then the others. Equal pairs add up."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for state, kind, number in numbers:
        found[state][kind] = found[state].get(kind, 0) + number
    in_order = [state for state in known if state in found]
    others = sorted(found.keys() - set(in_order))
    return [StateCount(state, sum(found[state].values()), found[state]) for state in in_order + others]


def percentile(times: Sequence[float], share: float) -> float:
    """Returns the smallest of some sorted times that a `share` of them don't exceed. Raises IndexError without any."""
    return times[max(math.ceil(share * len(times)), 1) - 1]

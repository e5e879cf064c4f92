"""All tracked orders: the generated past, and what has changed or been added since.

An order of the past is computed each time it is read, and stored from its first change on.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any, Self, overload

from sandbox.clock import PARIS
from sandbox.dice import Dice
from sandbox.order_taking.model import Line
from sandbox.order_taking.reference import Reference
from sandbox.order_tracking.detail import order_of_line, order_of_the_past
from sandbox.order_tracking.order import Order
from sandbox.order_tracking.past import Past, number_of

# At up to this pace the past goes on: somewhere among its orders one step is taken in so many paces.
LIVELY_PACE = 60.0  # seconds
PACES_PER_STEP = 40
_MOST_AT_ONCE = 200
# What state files written earlier call a field.
_EARLIER_NAMES = {"extra_papers": "extra_documents"}


class Orders(Sequence[dict[str, Any]]):
    """As a sequence, the documents of the list of orders, oldest order first."""

    def __init__(self, seed: int, count: int, pace: float, today: date, reference: Reference) -> None:
        self.seed = seed
        self.pace = pace
        self.reference = reference
        projects = [project["code"] for project in reference.projects]
        self.past = Past(seed, count, today, projects)
        self.last = count
        self.kept: dict[int, Order] = {}
        self.born: dict[str, int] = {}  # numbers of orders that were lines, by PO reference
        self.removed: set[int] = set()
        self._moving: set[int] = set()  # kept orders that go on by themselves
        self._ticked_at: datetime | None = None
        self._in_production: list[int] | None = None

    def clear(self) -> None:
        """Back to the generated past, as it was at the start."""
        self.last = self.past.count
        self.kept.clear()
        self.born.clear()
        self.removed.clear()
        self._moving.clear()
        self._ticked_at = self._in_production = None

    def __len__(self) -> int:
        return self.last - len(self.removed)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        numbers = self.numbers()[index]
        return self._listed(numbers) if isinstance(numbers, int) else [self._listed(n) for n in numbers]

    def _listed(self, number: int) -> dict[str, Any]:
        order = self.kept.get(number)
        return order.listed() if order else self.past.listed(number)

    def numbers(self) -> Sequence[int]:
        everything = range(1, self.last + 1)
        if not self.removed:
            return everything
        return [number for number in everything if number not in self.removed]

    def get(self, reference: str) -> Order | None:
        """Return the order of this CMD or PO reference, to be read; None when there is none."""
        number = self.born.get(reference) or number_of(reference)
        if not 1 <= number <= self.last or number in self.removed:
            return None
        order = self._at(number)
        return order if reference in (order.reference, order.fields["id"]) else None

    def _at(self, number: int) -> Order:
        return self.kept.get(number) or order_of_the_past(self.past, number, self.reference)

    def keep(self, order: Order) -> None:
        """Store this order with its changes."""
        self.kept[order.number] = order
        if order.next_at:
            self._moving.add(order.number)
        else:
            self._moving.discard(order.number)

    def remove(self, order: Order) -> None:
        """Remove the order as if it had never existed."""
        self.removed.add(order.number)
        self._moving.discard(order.number)

    def in_state(self, state: str) -> Iterator[Order]:
        """Yield the orders in this state, oldest first."""
        for number in self.numbers():
            kept = self.kept.get(number)
            if (kept.state if kept else self.past.fate(number).state) == state:
                yield self._at(number)

    def begin(self, lines: Iterable[Line]) -> None:
        """Make orders of those lines that were accepted and are none yet."""
        for line in lines:
            if line.order_reference not in self.born and (at := line.accepted_at):
                self.last += 1
                self.born[line.order_reference] = self.last
                self.keep(order_of_line(line, self.last, at, self.pace))

    def let_time_pass(self, now: datetime) -> bool:
        """Take every step that is due by now; return whether there was any."""
        due = [number for number in self._moving if _due(self.kept[number], now)]
        for number in due:
            order = self.kept[number]
            while order.next_at and order.next_at <= now:
                order.go_on(order.next_at)
            self.keep(order)
        return self._let_the_past_go_on(now) or bool(due)

    def _let_the_past_go_on(self, now: datetime) -> bool:
        """Take one step among the orders of the past for each interval that is over; return whether any was."""
        if not self.past.count or self.pace > LIVELY_PACE:
            return False
        interval = timedelta(seconds=PACES_PER_STEP * self.pace)
        if self._ticked_at is None or not interval:
            self._ticked_at = now
        ticks = min(int((now - self._ticked_at) / interval), _MOST_AT_ONCE) if interval else 0
        for _ in range(ticks):
            self._ticked_at += interval
            self._tick(self._ticked_at)
        if ticks == _MOST_AT_ONCE:
            self._ticked_at = now
        return ticks > 0

    def _tick(self, at: datetime) -> None:
        """Let one order take a step, if it isn't waiting for an appointment."""
        if self._in_production is None:
            self._in_production = self.past.in_production()
        dice = Dice(self.seed, "tick", at.isoformat())
        for _ in range(10):
            order = self._at(dice.choice(self._in_production)) if self._in_production else None
            if order and order.number not in self.removed and _free(order, at):
                order.go_on(at)
                self.keep(order)
                return

    def as_document(self) -> dict[str, Any]:
        """Return what a restart restores, as JSON values."""
        return {
            "past": self.past.count,
            "today": self.past.today.isoformat(),
            "kept": [_stored(order) for order in self.kept.values()],
            "born": self.born,
            "last": self.last,
            "removed": sorted(self.removed),
        }

    def restored(self, document: Mapping[str, Any]) -> Self:
        """Return the orders that `as_document` wrote, over their own past, which stood still meanwhile."""
        today = date.fromisoformat(document["today"])
        orders = type(self)(self.seed, document["past"], self.pace, today, self.reference)
        orders.last = document["last"]
        orders.born = dict(document["born"])
        orders.removed = set(document["removed"])
        for stored in document["kept"]:
            next_at = stored["next_at"] and datetime.fromisoformat(stored["next_at"])
            values = {_EARLIER_NAMES.get(name, name): value for name, value in stored.items()}
            orders.keep(Order(**{**values, "next_at": next_at}))
        return orders


def _due(order: Order, now: datetime) -> bool:
    return order.next_at is not None and order.next_at <= now


def _free(order: Order, at: datetime) -> bool:
    """Whether the order is in production, and not bound to wait for an appointment, or to go at its own pace."""
    if not order.is_under_way or order.next_at:
        return False
    return order.appointed is None or order.appointed <= at.astimezone(PARIS).date()


def _stored(order: Order) -> dict[str, Any]:
    return asdict(order) | {"next_at": order.next_at and order.next_at.isoformat()}

"""Events: one for each change of an order, by anyone.

`event_date` is when it happened, `creation_date` when the event was written, which may be a little later.
`sort_value` rises in that order, so a list can be continued after the last known event.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import PARIS
from sandbox.extranet.identifiers import extranet_moment, new_id, short_id
from sandbox.extranet.order import CopperOrder
from sandbox.extranet.orders import CopperOrders
from sandbox.extranet.past import CopperPast
from sandbox.extranet.progress import REASONS

Document = dict[str, Any]
_CREATED = "created"
_MOST_PER_ORDER = 10  # events of one order of the past


class Events:
    """The events written since the start, after those that the past implies."""

    def __init__(self, orders: CopperOrders, written: Sequence[Document] = (), count: int = 0) -> None:
        self.orders = orders
        self.written = list(written)
        self.count = count  # goes on after a reset, so that no sort_value comes twice
        self._of_the_past: list[Document] | None = None

    def clear(self) -> None:
        self.written.clear()

    def note(self, order: CopperOrder, what: str, at: datetime, now: datetime) -> None:
        """Write an event: this happened to the order at that moment."""
        self.count += 1
        self.written.append(_document(new_id(), order.uuid, what, at, now, self.count))

    def about(self, order_uuid: str) -> list[Document]:
        """Return the events of this order, or of all if it is empty, oldest first."""
        if not order_uuid:
            return [*self._all_of_the_past(), *self.written]
        past = self.orders.past
        number = past.number_of_order(order_uuid)
        before = _of_the_past(past, number) if number else []
        return before + [event for event in self.written if event["object_uuid"] == order_uuid]

    def _all_of_the_past(self) -> list[Document]:
        if self._of_the_past is None:
            past = self.orders.past
            events = [event for n in range(1, past.count + 1) for event in _of_the_past(past, n)]
            self._of_the_past = sorted(events, key=lambda event: str(event["sort_value"]))
        return self._of_the_past


def _of_the_past(past: CopperPast, number: int) -> list[Document]:
    order_uuid = short_id("order", number)
    events = []
    for place, (status, at) in enumerate(past.moments(number)):
        serial = number * _MOST_PER_ORDER + place
        written = at + timedelta(seconds=1 + serial % 40)
        what = status if place else _CREATED
        events.append(_document(short_id("event", serial), order_uuid, what, at, written, serial))
    return events


def _document(
    event_uuid: str, order_uuid: str, what: str, at: datetime, written: datetime, serial: int
) -> Document:
    return {
        "event_uuid": event_uuid,
        "model": "event",
        "type": f"order-{what}",
        "object_type": "order",
        "object_uuid": order_uuid,
        "event_date": extranet_moment(at),
        "creation_date": extranet_moment(written),
        "modification_date": extranet_moment(written),
        "data": {"reason": REASONS[what]} if what in REASONS else None,
        "sort_value": f"{written.astimezone(PARIS).timestamp() * 1000:.0f}.{serial:08d}",
    }

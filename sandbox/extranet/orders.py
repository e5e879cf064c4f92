"""All copper orders: those of the past, computed when they are read, and what was changed or added since."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, overload

from sandbox.clock import PARIS
from sandbox.extranet.identifiers import extranet_moment, new_id, order_alias, service_alias
from sandbox.extranet.order import DRAFT, CopperOrder
from sandbox.extranet.past import CopperPast
from sandbox.extranet.tokens import OPERATOR_UUID

_WITHOUT_EFFECT = (DRAFT, "rejected", "canceled")  # terminations that leave the service alone
# What state files written earlier call a field.
_EARLIER_NAMES = {"way": "next_statuses"}


class CopperOrders(Sequence[dict[str, Any]]):
    """As a sequence, the documents of all orders, oldest first."""

    def __init__(self, past: CopperPast) -> None:
        self.past = past
        self.last = past.count
        self.next_alias = 0
        self.kept: dict[int, CopperOrder] = {}
        self.born: dict[str, int] = {}  # numbers of orders made since, by uuid
        self.removed: set[int] = set()
        self.moving: set[int] = set()  # kept orders that go on by themselves

    def clear(self) -> None:
        """Back to the past as it was at the start; references go on, so that none comes twice."""
        self.last = self.past.count
        self.kept.clear()
        self.born.clear()
        self.removed.clear()
        self.moving.clear()

    def __len__(self) -> int:
        return self.last - len(self.removed)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        numbers = self.numbers()[index]
        return self._at(numbers).fields if isinstance(numbers, int) else [self._at(n).fields for n in numbers]

    def numbers(self) -> Sequence[int]:
        everything = range(1, self.last + 1)
        return [number for number in everything if number not in self.removed] if self.removed else everything

    def in_status(self, status: str) -> Iterator[CopperOrder]:
        """Yield the orders in this status, or in any if it is empty, oldest first."""
        for number in self.numbers():
            order = self._at(number)
            if status in ("", order.status):
                yield order

    def get(self, order_uuid: str) -> CopperOrder | None:
        number = self.born.get(order_uuid) or self.past.number_of_order(order_uuid)
        return self._at(number) if number and number not in self.removed else None

    def _at(self, number: int) -> CopperOrder:
        return self.kept.get(number) or self.past.order(number)

    def add(self, values: Mapping[str, Any], now: datetime) -> CopperOrder:
        """Add and return a new draft with these values."""
        self.last += 1
        identity = {
            "model": "order",
            "order_uuid": new_id(),
            "alias": order_alias(now.astimezone(PARIS).date(), self._alias_number(now)),
            "operator_uuid": OPERATOR_UUID,
            "creation_date": extranet_moment(now),
            "modification_date": extranet_moment(now),
            "status": DRAFT,
        }
        order = CopperOrder(self.last, identity | dict(values))
        self.born[order.uuid] = order.number
        self.keep(order)
        return order

    def _alias_number(self, now: datetime) -> int:
        here = now.astimezone(PARIS)
        if not self.next_alias:  # a restart must not hand out this morning's references again
            self.next_alias = 1 + here.hour * 3600 + here.minute * 60 + here.second
        number, self.next_alias = self.next_alias, self.next_alias + 1
        return number

    def keep(self, order: CopperOrder) -> None:
        """Store this order with its changes."""
        self.kept[order.number] = order
        if order.next_at:
            self.moving.add(order.number)
        else:
            self.moving.discard(order.number)

    def remove(self, order: CopperOrder) -> None:
        """Remove the order as if it had never existed."""
        self.removed.add(order.number)
        self.kept.pop(order.number, None)
        self.moving.discard(order.number)

    def due(self, now: datetime) -> CopperOrder | None:
        """Return the order whose next status was due first by now, or None."""
        moving = [self.kept[number] for number in self.moving]
        first = min(moving, key=lambda order: order.next_at or now, default=None)
        return first if first and first.next_at and first.next_at <= now else None

    def deliver(self, order: CopperOrder, at: datetime) -> None:
        """Give a completed activation its service."""
        if not order.terminates and "service_uuid" not in order.fields:
            alias = service_alias(at.astimezone(PARIS).date(), 50_000 + order.number)
            order.change(at, service_uuid=new_id(), service_alias=alias)

    def of_service(self, reference: str) -> CopperOrder | None:
        """Return the activation that made the service of this uuid or alias, or None."""
        for order in self.kept.values():
            names = (order.fields.get("service_uuid"), order.fields.get("service_alias"))
            if not order.terminates and reference in names:
                return order
        number = self.past.number_of_service(reference)
        return self._at(number) if number and number not in self.removed else None

    def termination_of(self, activation: CopperOrder) -> CopperOrder | None:
        """Return the order that has ended, or is about to end, the service of this activation, or None."""
        service_uuid = activation.fields.get("service_uuid")
        of_the_past = self.past.fates.terminated_by(activation.number)
        candidates = [self._at(of_the_past)] if of_the_past and of_the_past not in self.removed else []
        candidates += [order for order in self.kept.values() if order.terminates]
        effective = (order for order in candidates if order.status not in _WITHOUT_EFFECT)
        return next((order for order in effective if order.fields["service_uuid"] == service_uuid), None)

    def as_document(self) -> dict[str, Any]:
        """Return what a restart restores, as JSON values."""
        return {
            "copper": self.past.copper,
            "today": self.past.today.isoformat(),
            "kept": [_stored(order) for order in self.kept.values()],
            "born": self.born,
            "last": self.last,
            "next_alias": self.next_alias,
            "removed": sorted(self.removed),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any], seed: int) -> "CopperOrders":
        """Return the orders that `as_document` wrote, over their own past."""
        orders = cls(CopperPast(seed, document["copper"], date.fromisoformat(document["today"])))
        orders.last = document["last"]
        orders.next_alias = document["next_alias"]
        orders.born = dict(document["born"])
        orders.removed = set(document["removed"])
        for stored in document["kept"]:
            next_at = stored["next_at"] and datetime.fromisoformat(stored["next_at"])
            values = {_EARLIER_NAMES.get(name, name): value for name, value in stored.items()}
            orders.keep(CopperOrder(**{**values, "next_at": next_at}))
        return orders


def _stored(order: CopperOrder) -> dict[str, Any]:
    return asdict(order) | {"next_at": order.next_at and order.next_at.isoformat()}

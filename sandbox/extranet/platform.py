"""The state of the extranet, and what can be done to its orders."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.clock import Clock
from sandbox.extranet.contacts import Contacts
from sandbox.extranet.events import Events
from sandbox.extranet.order import DRAFT, UNDER_WAY, CopperOrder
from sandbox.extranet.orders import CopperOrders
from sandbox.extranet.past import CopperPast
from sandbox.extranet.progress import PENDING, statuses_after, statuses_ahead
from sandbox.extranet.refusals import REQUIRED, invalid, refuse, refused
from sandbox.extranet.rules import missing, read_activation, read_changes, read_termination
from sandbox.extranet.tokens import Tokens

_INDOORS = frozenset({"building", "stairs", "floor", "door"})
STATUS_AFTER_ANSWER = {"confirm": "running", "cancel": "canceled"}


class Platform:
    """The extranet's whole state. Hold the world's lock to read or change anything here; `pace` is in seconds."""

    def __init__(self, clock: Clock, seed: int, pace: float, copper: int, edition: str, today: date) -> None:
        self.clock = clock
        self.seed = seed
        self.pace = timedelta(seconds=pace)
        self.tokens = Tokens(clock, edition)
        self.contacts = Contacts()
        self.orders = CopperOrders(CopperPast(seed, copper, today))
        self.events = Events(self.orders)

    def reset(self) -> None:
        """Back to the start; tokens stay valid."""
        self.contacts.clear()
        self.orders.clear()
        self.events.clear()

    def order(self, order_uuid: str) -> CopperOrder:
        """Return the order, to be read or changed; raises Refusal 404."""
        order = self.orders.get(order_uuid)
        if order is None:
            raise refused(404, f"No order {order_uuid}.")
        return order

    def create(self, document: object) -> CopperOrder:
        """Create and return a draft; raises Refusal 400."""
        if not isinstance(document, dict):
            raise invalid({"": ["Send a JSON object."]})
        kind = document.get("type")
        if kind == "activate":
            values = read_activation(document, self.contacts.all)
            values = _with_the_address_near(values)
        elif kind == "terminate":
            values = read_termination(document, self.contacts.all) | self._service(document)
        else:
            raise invalid({"type": [f"“{kind}” is not a valid choice." if kind else REQUIRED]})
        now = self.clock.now()
        order = self.orders.add({"type": kind, "origin": _origin(values), **values}, now)
        self.events.note(order, "created", now, now)
        return order

    def _service(self, document: Mapping[str, Any]) -> dict[str, Any]:
        """Return the service that a termination names by uuid or alias, as the order shows it; raises Refusal 400."""
        field = "service_uuid" if document.get("service_uuid") else "service_alias"
        reference = document.get(field)
        if not reference:
            raise invalid({"service_uuid": [REQUIRED]})
        activation = self.orders.of_service(str(reference))
        if activation is None:
            raise invalid({field: [f"There is no service {reference}."]})
        if activation.is_enni:
            raise invalid({field: ["An ENNI service can't be terminated here."]})
        self._refuse_if_terminated(activation, field)
        names = ("service_uuid", "service_alias", "product", "owner")
        return {name: activation.fields[name] for name in names if name in activation.fields}

    def _refuse_if_terminated(self, activation: CopperOrder, field: str) -> None:
        if other := self.orders.termination_of(activation):
            raise invalid({field: [f"Order {other.fields['alias']} terminates this service already."]})

    def replace(self, order: CopperOrder, document: object) -> None:
        """Carry out a PUT: what may change and isn't there is taken away; raises Refusal 409 or 400."""
        _draft_only(order)
        values = read_changes(document, order, self.contacts.all)
        now = self.clock.now()
        order.change(now, **values, origin=_origin(values))
        self.orders.keep(order)
        self.events.note(order, "modified", now, now)

    def delete(self, order: CopperOrder) -> None:
        """Delete a draft; raises Refusal 409."""
        _draft_only(order)
        now = self.clock.now()
        self.orders.remove(order)
        self.events.note(order, "deleted", now, now)

    def submit(self, order: CopperOrder) -> None:
        """Submit a draft; raises Refusal 409 or 400."""
        _draft_only(order)
        refuse(missing(order))
        if order.terminates:
            activation = self.orders.of_service(order.fields["service_uuid"])
            assert activation is not None  # a service is never forgotten
            self._refuse_if_terminated(activation, "service_uuid")
        order.next_statuses = statuses_ahead(order, self.seed)
        self._enter(order, "submitted", self.clock.now())

    def answer(self, order: CopperOrder, action: str) -> None:
        """Confirm or cancel a pending order; raises Refusal 404 or 409."""
        if action not in STATUS_AFTER_ANSWER:
            raise refused(404, f"There is no action {action}.")
        if order.status != PENDING:
            raise refused(409, f"Order {order.uuid} is {order.status}: it waits for no answer.")
        if action == "cancel":
            order.next_statuses = []
        elif order.next_statuses[:1] == [STATUS_AFTER_ANSWER[action]]:
            order.next_statuses = order.next_statuses[1:]
        self._enter(order, STATUS_AFTER_ANSWER[action], self.clock.now())

    def force(self, order: CopperOrder, status: str) -> None:
        """Put an order into a status as if it had reached it by itself."""
        order.next_statuses = statuses_after(status)
        self._enter(order, status, self.clock.now())

    def change_elsewhere(self, order: CopperOrder, values: Mapping[str, Any]) -> None:
        """Set any fields of an order, whatever its status, as Covage's own people might."""
        now = self.clock.now()
        order.change(now, **values)
        self.orders.keep(order)
        self.events.note(order, "modified", now, now)

    def go_on(self, order: CopperOrder) -> None:
        """Take the next step before it is due; do nothing without one, or while the order waits for an answer."""
        if order.next_statuses and order.status in UNDER_WAY and order.status != PENDING:
            self._enter(order, order.next_statuses.pop(0), self.clock.now())

    def let_time_pass(self, now: datetime) -> bool:
        """Take every step that is due by now, in the order of their times; return whether there was any."""
        moved = False
        while order := self.orders.due(now):
            assert order.next_at is not None
            self._enter(order, order.next_statuses.pop(0), order.next_at)
            moved = True
        return moved

    def _enter(self, order: CopperOrder, status: str, at: datetime) -> None:
        order.enter(status, at)
        if status == "completed":
            self.orders.deliver(order, at)
        waits = status in (DRAFT, PENDING) or not order.next_statuses
        order.next_at = None if waits else at + self.pace
        self.orders.keep(order)
        self.events.note(order, status, at, self.clock.now())

    def as_document(self) -> dict[str, Any]:
        """Return what a restart restores, as JSON values."""
        return {
            "orders": self.orders.as_document(),
            "contacts": self.contacts.all,
            "events": self.events.written,
            "events_count": self.events.count,
        }

    def restore(self, document: Mapping[str, Any]) -> None:
        self.orders = CopperOrders.from_document(document["orders"], self.seed)
        self.contacts.all = dict(document["contacts"])
        self.events = Events(self.orders, document["events"], document["events_count"])


def _draft_only(order: CopperOrder) -> None:
    if not order.is_draft:
        raise refused(409, f"Order {order.uuid} is {order.status}: only a draft can be changed.")


def _origin(values: Mapping[str, Any]) -> str:
    return "mass_migration" if values.get("batch_alias") else "standard"


def _with_the_address_near(values: dict[str, Any]) -> dict[str, Any]:
    """Return the values with the address of the reference endpoint, if one was given and no other street or city."""
    given = values.get("address") or {}
    if "reference_endpoint" not in values or not given.keys() <= _INDOORS:
        return values
    address = {
        "street_number": "00004", "street_name": "RUE ANDREI SAKHAROV", "rivoli_code": "0230",
        "insee_code": "76451", "city": "MONT SAINT AIGNAN",
    }  # fmt: skip
    return values | {"address": address | given}

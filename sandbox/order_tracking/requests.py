"""Requests about an order: termination, change, cancellation.

A termination is carried out two paces after its request, or when its effective date begins if that is later; a
change after two paces; a cancellation at once.
"""

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sandbox.clock import PARIS
from sandbox.dice import Dice
from sandbox.exchange import Refusal
from sandbox.order_tracking.order import IN_PRODUCTION, Order
from sandbox.order_tracking.orders import Orders
from sandbox.order_tracking.past import Past, reference
from sandbox.order_tracking.steps import moment_of

OTHER_REASON = "Autres motifs, précisez en commentaire"
TERMINATION_REASONS = (
    "Cessation d'activité",
    "Changement d'Operateur d'Infrastructure",
    "Déménagement sans reprise de lien COVAGE",
    "Déménagement avec reprise de lien COVAGE",
    OTHER_REASON,
)
LABELS = {"terminate": "Résiliation", "change": "Modification", "cancel": "Annulation"}
_POSSIBLE = {"terminate": ("active",), "change": ("active",), "cancel": IN_PRODUCTION}
_REQUIRED = "This field is required."

Document = dict[str, Any]


class OrderRequests:
    """The requests made, beside those that the generated past implies."""

    def __init__(self, orders: Orders, made: Iterable[Document] = ()) -> None:
        self.orders = orders
        self.made = list(made)
        self._of_the_past: list[Document] | None = None

    def make(self, order: Order, action: str, document: object, now: datetime) -> Document:
        """Carry a request out and return its document; raises Refusal 404, 409 or 400."""
        if action not in LABELS:
            raise Refusal(404, {"detail": f"There is no action {action}."})
        if order.state not in _POSSIBLE[action]:
            states = " or ".join(_POSSIBLE[action])
            detail = f"Order {order.reference} is {order.state}: only an order that is {states} allows this."
            raise Refusal(409, {"detail": detail})
        values = _read(action, document, now.astimezone(PARIS).date())
        self._carry_out(order, action, values, now)
        request = _document(uuid.uuid4(), order.reference, action, now) | values
        self.made.append(request)
        return request

    def _carry_out(self, order: Order, action: str, values: Mapping[str, Any], now: datetime) -> None:
        later = now + timedelta(seconds=2 * self.orders.pace)
        if action == "cancel":
            reason = values["reason"] or values["message"]
            today = now.astimezone(PARIS).date().isoformat()
            order.enter("cancelled", now, reason, cancellation_date=today, cancellation_reason=reason)
            order.next_at = None
        elif action == "change":
            order.enter("change_in_progress", now, values["message"])
            order.next_at = later
        else:
            order.enter("terminate_in_progress", now, values["reason"])
            effective = values["request_effective_date"]
            order.next_at = max(later, _beginning(effective)) if effective else later
        self.orders.keep(order)

    def listed(self, order_reference: str, action: str) -> Sequence[Document]:
        """Return the requests on this order and of this kind, oldest first; empty texts stand for any."""
        wanted = LABELS.get(action.lower(), action)
        return [
            request
            for request in self._about(order_reference)
            if not wanted or request["action"].casefold() == wanted.casefold()
        ]

    def _about(self, order_reference: str) -> Iterator[Document]:
        if order_reference:
            order = self.orders.get(order_reference)
            if order and order.number <= self.orders.past.count:
                yield from _request_of_the_past(self.orders.past, order.number)
            names = {order_reference, order.reference} if order else {order_reference}
            yield from (request for request in self.made if request["order_reference"] in names)
            return
        if self._of_the_past is None:
            past = self.orders.past
            numbers = range(1, past.count + 1)
            self._of_the_past = [request for n in numbers for request in _request_of_the_past(past, n)]
        yield from self._of_the_past
        yield from self.made


def _request_of_the_past(past: Past, number: int) -> Iterator[Document]:
    """Yield the request that the order's fate implies, if any."""
    fate = past.fate(number)
    if not fate.requested:
        return
    dice = Dice(past.seed, "request", number)
    action = "terminate" if fate.state.startswith("terminate") else "change"
    made = moment_of(fate.requested)
    document = _document(uuid.UUID(int=dice.below(1 << 128), version=4), reference(number), action, made)
    if fate.carried_out:
        document["modification_date"] = _shown(moment_of(fate.carried_out))
    if action == "terminate":
        document["reason"] = dice.choice(TERMINATION_REASONS)
        document["message"] = "Fermeture du site." if document["reason"] == OTHER_REASON else ""
        document["request_effective_date"] = _effective(fate.carried_out, past, dice)
    else:
        document["message"] = dice.choice(("Passage à 1G.", "Ajout de la GTR 24/7.", "Changement de VLAN."))
    yield document


def _effective(carried_out: float, past: Past, dice: Dice) -> str | None:
    if carried_out:
        return moment_of(carried_out).date().isoformat()
    later = past.today + timedelta(days=1 + dice.below(60))
    return later.isoformat() if dice.chance(700) else None


def _document(request_id: uuid.UUID, order_reference: str, action: str, at: datetime) -> Document:
    return {
        "id": str(request_id),
        "creation_date": _shown(at),
        "modification_date": _shown(at),
        "order_reference": order_reference,
        "action": LABELS[action],
        "request_effective_date": None,
        "message": "",
        "reason": "",
    }


def _shown(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _beginning(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=PARIS)


def _read(action: str, document: object, today: date) -> Document:
    """Return the three fields of a request's body; raises Refusal 400 naming all that is wrong with them."""
    if not isinstance(document, dict):
        raise Refusal(400, {"detail": "Send a JSON object."})
    errors: dict[str, list[str]] = {}
    values = {name: document.get(name) or "" for name in ("reason", "message", "request_effective_date")}
    for name, value in values.items():
        if not isinstance(value, str):
            errors[name] = ["Not a valid string."]
    if not errors:
        checks = (("request_effective_date", _date_problem), *_CHECKS[action])
        problems = ((name, check(values, today)) for name, check in checks)
        errors = {name: [problem] for name, problem in problems if problem}
    if errors:
        raise Refusal(400, errors)
    return values | {"request_effective_date": values["request_effective_date"] or None}


def _date_problem(values: Document, today: date) -> str:
    text = values["request_effective_date"]
    try:
        past = bool(text) and datetime.strptime(text, "%Y-%m-%d").date() < today
    except ValueError:
        return "Date has wrong format. Use YYYY-MM-DD."
    return "The effective date can't be in the past." if past else ""


def _reason_problem(values: Document, today: date) -> str:
    reason = values["reason"]
    if not reason:
        return _REQUIRED
    return "" if reason in TERMINATION_REASONS else f"“{reason}” is not a valid choice."


def _comment_problem(values: Document, today: date) -> str:
    return _REQUIRED if values["reason"] == OTHER_REASON and not values["message"].strip() else ""


def _message_problem(values: Document, today: date) -> str:
    return "" if values["message"].strip() else _REQUIRED


_Check = Callable[[Document, date], str]
_CHECKS: Mapping[str, tuple[tuple[str, _Check], ...]] = {
    "terminate": (("reason", _reason_problem), ("message", _comment_problem)),
    "change": (("message", _message_problem),),
    "cancel": (),
}

"""What tests and demonstrations do to tracked orders, under /_sandbox/orders and /_sandbox/exports."""

import base64
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any

from sandbox.clock import parsed
from sandbox.exchange import HttpRequest, Refusal
from sandbox.order_tracking.api import order_by_reference
from sandbox.order_tracking.documents import PDF
from sandbox.order_tracking.order import Order
from sandbox.world import World

_MOST = 1000


def find_orders(world: World, request: HttpRequest) -> object:
    """Return the first orders in a state, each as the list shows it; raises Refusal 400."""
    state, limit = request.query.get("state", ""), request.query.get("limit", "1")
    if not state or not limit.isdecimal() or int(limit) > _MOST:
        raise Refusal(400, {"detail": f"Say ?state=active&limit=1, with {_MOST} at most."})
    return [order.listed() for order in islice(world.orders.in_state(state), int(limit))]


def fail_next_export(world: World, request: HttpRequest) -> object:
    world.exports.next_fails = True
    return {"next_fails": True}


def on_order(world: World, request: HttpRequest, reference: str, call: str) -> object:
    """Carry out one call on this order; raises Refusal 404 where either is unknown."""
    handler = _CALLS.get((request.method, call))
    if handler is None:
        raise Refusal(404, {"detail": f"No control call {request.method} {request.path}."})
    order = order_by_reference(world, reference)
    handler(world, order, request)
    world.changed = True
    return {"order": order.listed(), "history": order.history}


def _advance(world: World, order: Order, request: HttpRequest) -> None:
    steps = _object(request).get("steps", 1)
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise Refusal(400, {"detail": 'Send {"steps": N}, N being one or more.'})
    for _ in range(steps):
        order.go_on(world.clock.now())
    world.orders.keep(order)


def _change(world: World, order: Order, request: HttpRequest) -> None:
    order.change(_object(request), world.clock.now())
    world.orders.keep(order)


def _note(world: World, order: Order, request: HttpRequest) -> None:
    values = _object(request)
    at = _moment(values.get("change_date")) or world.clock.now()
    order.note(_text(values, "state"), at, _text(values, "change_reason", ""))
    world.orders.keep(order)


def _add_document(world: World, order: Order, request: HttpRequest) -> None:
    values = _object(request)
    body = _text(values, "text", "").encode() or _bytes(_text(values, "base64", ""))
    order.extra_documents.append(
        {
            "type": _text(values, "type"),
            "filename": _text(values, "filename"),
            "content_type": _text(values, "content_type", PDF),
            "body": base64.b64encode(body).decode(),
        }
    )
    order.change({}, world.clock.now())
    world.orders.keep(order)


def _remove(world: World, order: Order, request: HttpRequest) -> None:
    world.orders.remove(order)


_CALLS: Mapping[tuple[str, str], Callable[[World, Order, HttpRequest], None]] = {
    ("POST", "advance"): _advance,
    ("POST", "change"): _change,
    ("POST", "history"): _note,
    ("POST", "documents"): _add_document,
    ("DELETE", ""): _remove,
}


def _object(request: HttpRequest) -> dict[str, Any]:
    document = request.document() if request.body else {}
    if not isinstance(document, dict):
        raise Refusal(400, {"detail": "Send a JSON object."})
    return document


def _text(values: Mapping[str, Any], name: str, default: str | None = None) -> str:
    value = values.get(name, default)
    if not isinstance(value, str):
        raise Refusal(400, {"detail": f"Send {name} as text."})
    return value


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise Refusal(400, {"detail": f"Send base64 as its name says: {error}."}) from error


def _moment(text: object) -> datetime | None:
    try:
        return parsed(str(text)) if text else None
    except ValueError as error:
        raise Refusal(400, {"detail": f"{text} is no moment: {error}."}) from error

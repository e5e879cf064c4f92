"""What tests and demonstrations do to copper orders, under /_sandbox/copper."""

from collections.abc import Callable, Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from sandbox.exchange import HttpRequest, Refusal
from sandbox.extranet.order import STATUSES, CopperOrder
from sandbox.extranet.platform import Platform

if TYPE_CHECKING:
    from sandbox.world import World

_MOST = 1000


def find_orders(world: "World", request: HttpRequest) -> object:
    """Return the first orders in a status, or in any; raises Refusal 400."""
    status, limit = request.query.get("status", ""), request.query.get("limit", "1")
    if not limit.isdecimal() or int(limit) > _MOST:
        raise Refusal(400, {"detail": f"Say ?status=pending&limit=1, with {_MOST} at most."})
    return [order.fields for order in islice(world.extranet.orders.in_status(status), int(limit))]


def on_order(world: "World", request: HttpRequest, order_uuid: str, call: str) -> object:
    """Carry out one call on this order; raises Refusal 404 where either is unknown."""
    handler = _CALLS.get((request.method, call))
    if handler is None:
        raise Refusal(404, {"detail": f"No control call {request.method} {request.path}."})
    order = world.extranet.order(order_uuid)
    handler(world.extranet, order, _object(request))
    world.changed = True
    return {"order": order.fields, "events": world.extranet.events.about(order_uuid)}


def _advance(platform: Platform, order: CopperOrder, values: Mapping[str, Any]) -> None:
    steps = values.get("steps", 1)
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        raise Refusal(400, {"detail": 'Send {"steps": N}, N being one or more.'})
    for _ in range(steps):
        platform.go_on(order)


def _force(platform: Platform, order: CopperOrder, values: Mapping[str, Any]) -> None:
    if values.get("status") not in STATUSES:
        raise Refusal(400, {"detail": f"Send a status among {', '.join(STATUSES)}."})
    platform.force(order, values["status"])


def _change(platform: Platform, order: CopperOrder, values: Mapping[str, Any]) -> None:
    platform.change_elsewhere(order, values)


def _remove(platform: Platform, order: CopperOrder, values: Mapping[str, Any]) -> None:
    platform.orders.remove(order)


_CALLS: Mapping[tuple[str, str], Callable[[Platform, CopperOrder, Mapping[str, Any]], None]] = {
    ("POST", "advance"): _advance,
    ("POST", "status"): _force,
    ("POST", "change"): _change,
    ("DELETE", ""): _remove,
}


def _object(request: HttpRequest) -> dict[str, Any]:
    document = request.document() if request.body else {}
    if not isinstance(document, dict):
        raise Refusal(400, {"detail": "Send a JSON object."})
    return document

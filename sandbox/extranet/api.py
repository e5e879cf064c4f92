"""The extranet's endpoints."""

import operator
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from sandbox.clock import PARIS, parsed
from sandbox.exchange import Answer, HttpRequest, answer
from sandbox.extranet import products
from sandbox.extranet.refusals import REQUIRED, invalid
from sandbox.extranet.slots import slots
from sandbox.extranet.tokens import REFRESH_PATH, V1_PATH, V2_PATH
from sandbox.listing import Filters, paged
from sandbox.routing import Route, find

if TYPE_CHECKING:
    from sandbox.world import World

Document = dict[str, Any]
_ORDERS = Filters[Document](
    equal={"status": lambda order: str(order["status"]), "type": lambda order: str(order["type"])},
    moments={"modification_date": lambda order: parsed(order["modification_date"])},
)
_EVENTS = Filters[Document](
    equal={name: operator.itemgetter(name) for name in ("type", "object_type")},
    moments={
        "creation_date": lambda event: parsed(event["creation_date"]),
        "event_date": lambda event: parsed(event["event_date"]),
    },
)
_PLACE = operator.itemgetter("sort_value")


def carry_out(world: "World", request: HttpRequest) -> Answer:
    """Carry the request out; raises Refusal."""
    route, ids = find(ROUTES, request)
    if route not in _SIGNING_IN:
        world.hold_to_rate()
        world.extranet.tokens.authorize(request)
    return route.endpoint(world, request, **ids)


def _listed(world: "World", request: HttpRequest, documents: list[Document]) -> Answer:
    return answer(200, paged(request, documents, world.settings.page_shape, world.settings.page_size))


def sign_in(world: "World", request: HttpRequest) -> Answer:
    return answer(200, world.extranet.tokens.sign_in(request))


def sign_in_v2(world: "World", request: HttpRequest) -> Answer:
    return answer(200, world.extranet.tokens.sign_in_v2(request))


def refresh(world: "World", request: HttpRequest) -> Answer:
    return answer(200, world.extranet.tokens.refresh(request))


def list_orders(world: "World", request: HttpRequest) -> Answer:
    """All orders, or those of a status or type, or changed after a moment (docs/vendor-readings.md, 27)."""
    settings, orders = world.settings, world.extranet.orders
    narrowed = any(name.startswith(("status", "type", "modification_date")) for name in request.query)
    found = _ORDERS.apply(orders, request.query) if narrowed else orders
    return answer(200, paged(request, found, settings.page_shape, settings.page_size))


def create_order(world: "World", request: HttpRequest) -> Answer:
    order = world.extranet.create(request.document())
    world.journal.count("extranet_orders_created", str(order.fields.get("operator_order_ref", "")))
    return answer(200, order.fields)


def show_order(world: "World", request: HttpRequest, order_uuid: str) -> Answer:
    return answer(200, world.extranet.order(order_uuid).fields)


def replace_order(world: "World", request: HttpRequest, order_uuid: str) -> Answer:
    order = world.extranet.order(order_uuid)
    world.extranet.replace(order, request.document())
    return answer(200, order.fields)


def delete_order(world: "World", request: HttpRequest, order_uuid: str) -> Answer:
    world.extranet.delete(world.extranet.order(order_uuid))
    return answer(200, {})


def submit_order(world: "World", request: HttpRequest, order_uuid: str) -> Answer:
    world.extranet.submit(world.extranet.order(order_uuid))
    world.journal.count("extranet_submissions", order_uuid)
    return answer(200, {})


def answer_order(world: "World", request: HttpRequest, order_uuid: str, action: str) -> Answer:
    world.extranet.answer(world.extranet.order(order_uuid), action)
    world.journal.count("extranet_answers", order_uuid)
    return answer(200, {})


def list_contacts(world: "World", request: HttpRequest) -> Answer:
    return _listed(world, request, list(world.extranet.contacts.all.values()))


def create_contact(world: "World", request: HttpRequest) -> Answer:
    return answer(200, world.extranet.contacts.create(request.document()))


def show_contact(world: "World", request: HttpRequest, contact_uuid: str) -> Answer:
    return answer(200, world.extranet.contacts.get(contact_uuid))


def replace_contact(world: "World", request: HttpRequest, contact_uuid: str) -> Answer:
    world.extranet.contacts.get(contact_uuid)
    return answer(200, world.extranet.contacts.put(contact_uuid, request.document()))


def delete_contact(world: "World", request: HttpRequest, contact_uuid: str) -> Answer:
    world.extranet.contacts.get(contact_uuid)
    del world.extranet.contacts.all[contact_uuid]
    return answer(200, {})


def list_events(world: "World", request: HttpRequest) -> Answer:
    """Newest first, or with `sort=creation_date` oldest first; those that follow the sort_value `after`."""
    settings, query = world.settings, request.query
    events = world.extranet.events.about(query.get("object_uuid", ""))
    oldest_first, position = query.get("sort") == "creation_date", query.get("after")
    if position and oldest_first:
        events = events[bisect_right(events, position, key=_PLACE) :]
    elif position:
        events = events[: bisect_left(events, position, key=_PLACE)]
    events = _EVENTS.apply(events if oldest_first else reversed(events), query)
    if settings.page_shape == "list":
        return answer(200, events[: settings.page_size])
    return _listed(world, request, events)


def list_products(world: "World", request: HttpRequest) -> Answer:
    return _listed(world, request, products.products())


def list_product_lines(world: "World", request: HttpRequest) -> Answer:
    return _listed(world, request, products.lines())


def list_product_families(world: "World", request: HttpRequest) -> Answer:
    return _listed(world, request, products.families())


def list_slots(world: "World", request: HttpRequest) -> Answer:
    query = request.query
    if not query.get("order_uuid"):
        raise invalid({"order_uuid": [REQUIRED]})
    order = world.extranet.order(query["order_uuid"])
    today = world.clock.now().astimezone(PARIS).date()
    days = query.get("start_date", ""), query.get("end_date", "")
    return answer(200, slots(order, *days, query.get("level") or "standard", today, world.settings.seed))


_SIGNING_IN = (
    Route("POST", V1_PATH, sign_in),
    Route("POST", V2_PATH, sign_in_v2),
    Route("POST", REFRESH_PATH, refresh),
)
_ORDER = "/api/orders/{order_uuid}/"
_CONTACT = "/api/contacts/{contact_uuid}/"
ROUTES = (
    *_SIGNING_IN,
    Route("GET", "/api/orders/", list_orders),
    Route("POST", "/api/orders/", create_order),
    Route("GET", _ORDER, show_order),
    Route("PUT", _ORDER, replace_order),
    Route("DELETE", _ORDER, delete_order),
    Route("POST", f"{_ORDER}submit/", submit_order),
    Route("POST", f"{_ORDER}{{action}}/", answer_order),
    Route("GET", "/api/contacts/", list_contacts),
    Route("POST", "/api/contacts/", create_contact),
    Route("GET", _CONTACT, show_contact),
    Route("PUT", _CONTACT, replace_contact),
    Route("DELETE", _CONTACT, delete_contact),
    Route("GET", "/api/events/", list_events),
    Route("GET", "/api/products/", list_products),
    Route("GET", "/api/product-lines/", list_product_lines),
    Route("GET", "/api/product-families/", list_product_families),
    Route("GET", "/api/v2/appointment/slots/", list_slots),
)

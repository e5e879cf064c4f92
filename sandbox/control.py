"""The control API under /_sandbox/, always answered, whatever faults are in force.

GET, POST, DELETE faults   the fault rules in force, in place of all others, none
POST down                  {"down": true}: every other connection is closed unanswered
GET, POST clock            {"advance_seconds": 60}: for tokens, drafts and orders time passes
GET log?since=N            the latest requests after that sequence
GET counters               requests by route, faults, and what took effect: creations and confirmations,
                           requests_made by order, exports_started by account; extranet_orders_created by
                           operator_order_ref, extranet_submissions and extranet_answers by order_uuid
GET state                  every session with its lines, every order of either kind that has changed,
                           requests, exports, contacts and events
POST load                  {"sessions": 5, "lines": 10}: open sessions with valid lines
GET orders?state=S&limit=N the first N (1) tracked orders in this state, as the list shows them
POST orders/R/advance      {"steps": 2}: the order R goes on: in production, or to terminated
POST orders/R/change       {"bandwidth": "1G"}: any fields of list or detail, as if changed elsewhere
POST orders/R/history      {"state": "lost", "change_reason": "", "change_date": …}: one more entry
POST orders/R/documents    {"type": "BDC", "filename": "../a.pdf", "text": "no PDF", "content_type": "text/html"}:
                           one more document; `base64` in place of `text`, content_type application/pdf unless said
DELETE orders/R            there is no such order any more
GET copper?status=S&limit=N  the first N (1) copper orders in this status, or of any
POST copper/U/advance      {"steps": 2}: the copper order U goes on as it would by itself; one that waits for an
                           answer, or has ended, stays
POST copper/U/status       {"status": "pending"}: it is in that status from now on, and goes on from there
POST copper/U/change       {"batch_alias": "B261121_00001"}: any fields, as if changed elsewhere; null takes one away
DELETE copper/U            there is no such copper order any more, and no event reports it
POST exports               the next export to be started fails
POST forget_tokens         every token stops working
POST reset                 forget all of this
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sandbox.clock import shown
from sandbox.exchange import Answer, HttpRequest, Refusal, answer
from sandbox.extranet.control import find_orders as find_copper
from sandbox.extranet.control import on_order as on_copper
from sandbox.order_taking.reference import FIRST_ENNI
from sandbox.order_taking.wire import Edition, emptied
from sandbox.order_tracking.control import fail_next_export, find_orders, on_order
from sandbox.world import World

PREFIX = "/_sandbox/"
Handler = Callable[[World, HttpRequest], object]

_LOADED_BY = "carnet@example.test"
_SITES = (
    ("Mont-Saint-Aignan", "76130", "76451", "Rue Andrei Sakharov", 49.4744077, 1.091455),
    ("Lyon", "69007", "69387", "Avenue Jean Jaurès", 45.7466, 4.8412),
    ("Lille", "59000", "59350", "Rue Nationale", 50.6365, 3.0635),
    ("Nantes", "44000", "44109", "Rue de Strasbourg", 47.2184, -1.5536),
)


def control(world: World, request: HttpRequest) -> Answer:
    """Carry out a control call, whatever faults are in force, and return its answer. Never raises a Refusal."""
    try:
        handler = _handler(request.method, request.path.removeprefix(PREFIX).rstrip("/"))
        if handler is None:
            raise Refusal(404, {"detail": f"No control call {request.method} {request.path}."})
        with world.lock:
            world.let_time_pass()
            return answer(200, handler(world, request))
    except Refusal as refusal:
        return refusal.answer


def _handler(method: str, name: str) -> Handler | None:
    if name.startswith("orders/"):
        _, reference, call = f"{name}/".split("/", 2)
        return partial(on_order, reference=reference, call=call.rstrip("/"))
    if name.startswith("copper/"):
        _, order_uuid, call = f"{name}/".split("/", 2)
        return partial(on_copper, order_uuid=order_uuid, call=call.rstrip("/"))
    return _HANDLERS.get((method, name))


def _show_faults(world: World, request: HttpRequest) -> object:
    return world.faults.documents()


def _set_faults(world: World, request: HttpRequest) -> object:
    world.faults.replace(request.document())
    return world.faults.documents()


def _clear_faults(world: World, request: HttpRequest) -> object:
    world.faults.replace([])
    return []


def _set_down(world: World, request: HttpRequest) -> object:
    down = _values(request).get("down")
    if not isinstance(down, bool):
        raise Refusal(400, {"detail": 'Send {"down": true} or {"down": false}.'})
    world.down = down
    return {"down": down}


def _show_clock(world: World, request: HttpRequest) -> object:
    return {"now": shown(world.clock.now()), "offset_seconds": world.clock.offset.total_seconds()}


def _move_clock(world: World, request: HttpRequest) -> object:
    seconds = _values(request).get("advance_seconds")
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or seconds < 0:
        raise Refusal(400, {"detail": 'Send {"advance_seconds": N}, N being zero or more.'})
    world.clock.advance(seconds)
    world.changed = True
    world.let_time_pass()
    return _show_clock(world, request)


def _log(world: World, request: HttpRequest) -> object:
    since = request.query.get("since", "0")
    if not since.isdecimal():
        raise Refusal(400, {"detail": "since is the sequence of the last entry already known."})
    return world.journal.since(int(since))


def _counters(world: World, request: HttpRequest) -> object:
    return world.journal.counters()


def _state(world: World, request: HttpRequest) -> object:
    return world.as_document()


def _reset(world: World, request: HttpRequest) -> object:
    world.reset()
    return {}


def _forget_tokens(world: World, request: HttpRequest) -> object:
    world.tokens.clear()
    world.extranet.tokens.clear()
    return {}


def _load(world: World, request: HttpRequest) -> object:
    """Fill with open sessions of valid lines, the same each time except for ids, references and dates."""
    wanted = _values(request)
    sessions, lines = (_count(wanted, name) for name in ("sessions", "lines"))
    return {"session_ids": [_add_session(world, number, lines) for number in range(1, sessions + 1)]}


def _add_session(world: World, number: int, lines: int) -> str:
    now = world.clock.now()
    session = world.store.add_session(f"LOAD-{number:05d}", "", now)
    for index in range(1, lines + 1):
        world.store.add_line(session, _line_fields(world.edition, number, index), now, _LOADED_BY)
    world.changed = True
    return session.id


def _line_fields(edition: Edition, number: int, index: int) -> dict[str, Any]:
    values = {
        "end_customer_name": f"Customer {number:05d}-{index:04d}",
        "external_id": f"LOAD-{number:05d}-{index:04d}",
        "product_offering_id": "2173",
        "product_offering_qualification_item_id": f"00000000-0000-4000-8000-{number:06d}{index:06d}",
        "enni": f"CN{FIRST_ENNI:06d}",
        "customer_order_name": "John Doe",
        "related_contact_information": [_contact(edition, number, index)],
        "offer_family": "BPE",
        "offer_technology": "FIBDE",
    }
    kinds = edition.line_kinds()
    return emptied(kinds) | {name: value for name, value in values.items() if name in kinds}


def _contact(edition: Edition, number: int, index: int) -> dict[str, Any]:
    city, postcode, insee_code, street, latitude, longitude = _SITES[(number + index) % len(_SITES)]
    values = {
        "end_customer_name": f"Customer {number:05d}-{index:04d}",
        "siret": "00000000000000",
        "contact1_email_address": "john.doe@example.test",
        "contact1_name": "John Doe",
        "contact1_firstname": "John",
        "contact1_lastname": "Doe",
        "contact1_phone_number": "0123456789",
        "city": city,
        "postcode": postcode,
        "street_name": street,
        "street_number": str(index),
        "insee_code": insee_code,
        "latitude": latitude,
        "longitude": longitude,
    }
    kinds = edition.contact_kinds()
    return emptied(kinds) | {name: value for name, value in values.items() if name in kinds}


def _count(values: Mapping[str, Any], name: str) -> int:
    count = values.get(name)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0:
        raise Refusal(400, {"detail": 'Send {"sessions": N, "lines": M}, two whole numbers.'})
    return count


def _values(request: HttpRequest) -> dict[str, Any]:
    document = request.document()
    if not isinstance(document, dict):
        raise Refusal(400, {"detail": "Send a JSON object."})
    return document


_HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "faults"): _show_faults,
    ("POST", "faults"): _set_faults,
    ("DELETE", "faults"): _clear_faults,
    ("POST", "down"): _set_down,
    ("GET", "clock"): _show_clock,
    ("POST", "clock"): _move_clock,
    ("GET", "log"): _log,
    ("GET", "counters"): _counters,
    ("GET", "state"): _state,
    ("POST", "reset"): _reset,
    ("POST", "forget_tokens"): _forget_tokens,
    ("POST", "load"): _load,
    ("GET", "orders"): find_orders,
    ("POST", "exports"): fail_next_export,
    ("GET", "copper"): find_copper,
}

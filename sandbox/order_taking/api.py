"""The reference and order-taking endpoints, and what leads a request to any endpoint of the stand-in."""

from typing import Any

from sandbox.auth import TOKEN_PATH
from sandbox.exchange import Answer, HttpRequest, Refusal, answer
from sandbox.extranet import api as extranet
from sandbox.extranet.refusals import as_the_extranet_says, concerns
from sandbox.listing import ENNIS, LINES, PROJECTS, SESSIONS, ordered, paged, searched
from sandbox.order_taking.confirmation import confirm
from sandbox.order_taking.model import Line, Session
from sandbox.order_taking.rules import read_line_changes, read_new_line, read_session
from sandbox.order_taking.wire import (
    created_line_document,
    line_detail,
    line_document,
    line_summary,
    session_detail,
    session_document,
)
from sandbox.order_tracking.api import ROUTES as TRACKING_ROUTES
from sandbox.routing import Route, find, method_not_allowed
from sandbox.world import World


def respond(world: World, request: HttpRequest) -> Answer:
    """Carry the request out and return its answer, a refusal included. Never raises a Refusal."""
    try:
        with world.lock:
            world.let_time_pass()
            world.changed |= request.method != "GET"
            return _dispatch(world, request)
    except Refusal as refusal:
        return as_the_extranet_says(refusal) if concerns(request.path) else refusal.answer


def route_name(method: str, path: str) -> str:
    """Return the method and the route's template, for counting."""
    names = (
        f"{method} {route.template}" for route in EVERY_ROUTE if route.method == method and route.match(path)
    )
    return next(names, f"{method} {path}")


def _dispatch(world: World, request: HttpRequest) -> Answer:
    if request.path == TOKEN_PATH:
        if request.method != "POST":
            raise method_not_allowed({"POST"})
        return world.tokens.grant(request)
    if concerns(request.path):
        return extranet.carry_out(world, request)
    if not request.path.startswith("/api/"):
        raise Refusal(404, {"detail": "Not Found"})
    world.hold_to_rate()
    account = world.tokens.authorize(request)
    route, ids = find(ROUTES, request)
    if "/referential/" in route.template and not account.reads_reference:
        raise Refusal(403, {"detail": "You do not have permission to perform this action."})
    return route.endpoint(world, request, **ids)


def _session(world: World, session_id: str) -> Session:
    try:
        return world.store.sessions[session_id]
    except KeyError as error:
        raise Refusal(404, {"detail": f"No order session {session_id}."}) from error


def _line(world: World, line_id: str) -> Line:
    try:
        return world.store.lines[line_id]
    except KeyError as error:
        raise Refusal(404, {"detail": f"No order line {line_id}."}) from error


def _line_in(world: World, session_id: str, line_id: str) -> tuple[Session, Line]:
    session, line = _session(world, session_id), _line(world, line_id)
    if line.session_id != session.id:
        raise Refusal(404, {"detail": f"No order line {line_id} in order session {session_id}."})
    return session, line


def _draft_only(session: Session, action: str) -> None:
    if not session.is_draft:
        detail = f"Order session {session.id} is {session.state}: {action} is no longer possible."
        raise Refusal(409, {"detail": detail})


def _detail(world: World, session: Session) -> dict[str, Any]:
    return session_detail(session, world.store.lines_of(session), world.edition)


def _listed(world: World, request: HttpRequest, documents: list[dict[str, Any]]) -> Answer:
    settings = world.settings
    return answer(200, paged(request, documents, settings.page_shape, settings.page_size))


def create_session(world: World, request: HttpRequest) -> Answer:
    values = read_session(request.document(), world.edition)
    external_id = values.get("external_id", "")
    session = world.store.add_session(external_id, values.get("project_id", ""), world.clock.now())
    world.journal.count("sessions_created", external_id)
    return answer(201, session_document(session))


def list_sessions(world: World, request: HttpRequest) -> Answer:
    sessions = SESSIONS.apply(world.store.sessions.values(), request.query)
    return _listed(world, request, [session_document(session) for session in sessions])


def show_session(world: World, request: HttpRequest, session_id: str) -> Answer:
    return answer(200, _detail(world, _session(world, session_id)))


def update_session(world: World, request: HttpRequest, session_id: str) -> Answer:
    session = _session(world, session_id)
    values = read_session(request.document(), world.edition)
    session.external_id = values.get("external_id", session.external_id)
    session.project_id = values.get("project_id", session.project_id)
    return answer(200, _detail(world, session))


def delete_session(world: World, request: HttpRequest, session_id: str) -> Answer:
    session = _session(world, session_id)
    _draft_only(session, "deleting it")
    world.store.remove_session(session)
    return Answer(204)


def confirm_session(world: World, request: HttpRequest, session_id: str) -> Answer:
    session = _session(world, session_id)
    confirm(world.store, session, world.edition, world.clock.now())
    world.journal.count("confirmations", session.id)
    return answer(200, _detail(world, session))


def create_line(world: World, request: HttpRequest, session_id: str) -> Answer:
    session = _session(world, session_id)
    _draft_only(session, "adding an order line")
    values = read_new_line(request.document(), world.edition)
    line = world.store.add_line(session, values, world.clock.now(), request.account)
    world.journal.count("lines_created", values["external_id"])
    return answer(201, created_line_document(line, world.edition))


def update_line(world: World, request: HttpRequest, session_id: str, line_id: str) -> Answer:
    session, line = _line_in(world, session_id, line_id)
    _draft_only(session, "changing its order lines")
    line.fields = line.fields | read_line_changes(request.document(), world.edition, line)
    return answer(200, line_document(line, world.edition))


def delete_line(world: World, request: HttpRequest, session_id: str, line_id: str) -> Answer:
    session, line = _line_in(world, session_id, line_id)
    _draft_only(session, "deleting its order lines")
    world.store.remove_line(line)
    return answer(200, _detail(world, session))


def list_lines(world: World, request: HttpRequest) -> Answer:
    lines = LINES.apply(world.store.lines.values(), request.query)
    documents = [line_summary(line, world.edition) for line in lines]
    if text := request.query.get("search"):
        documents = searched(documents, text)
    if sort := request.query.get("sort"):
        documents = ordered(documents, sort)
    return _listed(world, request, documents)


def show_line(world: World, request: HttpRequest, line_id: str) -> Answer:
    return answer(200, line_detail(_line(world, line_id), world.edition))


def list_projects(world: World, request: HttpRequest) -> Answer:
    return _listed(world, request, PROJECTS.apply(world.reference.projects, request.query))


def list_ennis(world: World, request: HttpRequest) -> Answer:
    return _listed(world, request, ENNIS.apply(world.reference.ennis, request.query))


_ORDER = "/api/v1/product_order"
ROUTES = (
    Route("POST", _ORDER, create_session),
    Route("GET", f"{_ORDER}/", list_sessions),
    Route("GET", f"{_ORDER}/{{session_id}}/", show_session),
    Route("PATCH", f"{_ORDER}/{{session_id}}/", update_session),
    Route("DELETE", f"{_ORDER}/{{session_id}}/", delete_session),
    Route("PATCH", f"{_ORDER}/{{session_id}}/confirm/", confirm_session),
    Route("POST", f"{_ORDER}/{{session_id}}/product_order_item", create_line),
    Route("PATCH", f"{_ORDER}/{{session_id}}/product_order_item/{{line_id}}", update_line),
    Route("DELETE", f"{_ORDER}/{{session_id}}/product_order_item/{{line_id}}/", delete_line),
    Route("GET", "/api/v1/product_order_item/", list_lines),
    Route("GET", "/api/v1/product_order_item/{line_id}/", show_line),
    Route("GET", "/api/v1/referential/project", list_projects),
    Route("GET", "/api/v1/referential/enni/", list_ennis),
    *TRACKING_ROUTES,
)
EVERY_ROUTE = (*ROUTES, *extranet.ROUTES)

"""The order-tracking endpoints."""

from urllib.parse import unquote

from sandbox.exchange import Answer, HttpRequest, Refusal, answer
from sandbox.listing import paged
from sandbox.order_tracking.documents import document_file, documents
from sandbox.order_tracking.exports import rows
from sandbox.order_tracking.order import Order
from sandbox.order_tracking.requests import TERMINATION_REASONS
from sandbox.routing import Route
from sandbox.world import World


def order_by_reference(world: World, reference: str) -> Order:
    """Return the order of this CMD or PO reference; raises Refusal 404."""
    order = world.orders.get(reference)
    if order is None:
        raise Refusal(404, {"detail": f"No order {reference}."})
    return order


def list_orders(world: World, request: HttpRequest) -> Answer:
    settings = world.settings
    return answer(200, paged(request, world.orders, settings.page_shape, settings.page_size))


def show_order(world: World, request: HttpRequest, reference: str) -> Answer:
    return answer(200, order_by_reference(world, reference).detail())


def show_history(world: World, request: HttpRequest, reference: str) -> Answer:
    return answer(200, {"results": order_by_reference(world, reference).history})


def list_documents(world: World, request: HttpRequest, reference: str) -> Answer:
    return answer(200, documents(order_by_reference(world, reference)))


def download_document(world: World, request: HttpRequest, reference: str, filename: str) -> Answer:
    """Return the bytes under the percent-encoded name (docs/vendor-readings.md, 23); raises Refusal 404."""
    name = unquote(filename)
    found = document_file(order_by_reference(world, reference), name)
    if found is None:
        raise Refusal(404, {"detail": f"Order {reference} has no document {name}."})
    return Answer(200, found.body, found.content_type)


def request_order(world: World, request: HttpRequest, reference: str, action: str) -> Answer:
    """Request a termination, a change or a cancellation (docs/vendor-readings.md, 20 and 22)."""
    order = order_by_reference(world, reference)
    document = world.order_requests.make(order, action, request.document(), world.clock.now())
    world.journal.count("requests_made", order.reference)
    return answer(201, document)


def list_requests(world: World, request: HttpRequest) -> Answer:
    query, settings = request.query, world.settings
    found = world.order_requests.listed(query.get("order_reference", ""), query.get("action", ""))
    return answer(200, paged(request, found, settings.page_shape, settings.page_size))


def list_termination_reasons(world: World, request: HttpRequest) -> Answer:
    return answer(200, {"terminate_reasons": TERMINATION_REASONS})


def start_export(world: World, request: HttpRequest) -> Answer:
    export = world.exports.start(request.account, world.clock.now())
    world.journal.count("exports_started", request.account)
    return answer(200, {"task_id": export.id})


def show_export(world: World, request: HttpRequest, task_id: str) -> Answer:
    export = world.exports.get(task_id, request.account)
    return answer(200, export.status(world.clock.now()))


def download_export(world: World, request: HttpRequest, task_id: str) -> Answer:
    export = world.exports.get(task_id, request.account)
    if not export.success(world.clock.now()):
        raise Refusal(404, {"detail": f"Export task {task_id} has no file."})
    return Answer(200, content_type="text/csv", chunks=rows(world.orders))


_ORDER = "/api/v1/order"
# Exports come first: their paths fit the templates of orders as well.
ROUTES = (
    Route("POST", f"{_ORDER}/export/csv/", start_export),
    Route("GET", f"{_ORDER}/export/{{task_id}}/status/", show_export),
    Route("GET", f"{_ORDER}/export/{{task_id}}/download/", download_export),
    Route("GET", f"{_ORDER}/", list_orders),
    Route("GET", f"{_ORDER}/{{reference}}/", show_order),
    Route("GET", f"{_ORDER}/{{reference}}/documents/", list_documents),
    Route("GET", f"{_ORDER}/{{reference}}/historic/", show_history),
    Route("GET", f"{_ORDER}/{{reference}}/{{filename}}/download/", download_document),
    Route("POST", f"{_ORDER}/{{reference}}/{{action}}/", request_order),
    Route("GET", "/api/v1/terminate_reason/", list_termination_reasons),
    Route("GET", "/api/v1/order_request/", list_requests),
)

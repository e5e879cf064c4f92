"""The client: one method for each endpoint of order taking, its reference data and order tracking."""

from collections.abc import Iterator, Mapping
from typing import Any, Unpack

from . import download, orders, wire
from .connected import Connected, http_url, segment
from .download import Download
from .filters import EnniFilters, LineFilters, ProjectFilters, RequestFilters, SessionFilters, query
from .keycloak import PasswordGrant
from .listing import pages, positioned
from .orders import OrderPage
from .pool import Timeouts
from .responses import document
from .transport import Method, Observer
from .wire import Document

SESSIONS = "/api/v1/product_order"
LINES = "/api/v1/product_order_item"
PROJECTS = "/api/v1/referential/project"
ENNIS = "/api/v1/referential/enni"
ORDERS = "/api/v1/order"
EXPORTS = f"{ORDERS}/export"
REQUESTS = "/api/v1/order_request"
REASONS = "/api/v1/terminate_reason"

SET_AT_CREATION = frozenset({"offer_family", "offer_technology"})


class Covage(Connected):
    """The vendor's order taking and order tracking for one account.

    Safe to share between threads; make one per process.

    Documents go in and come out as plain dicts under the `current` edition's names, whatever `edition` the
    server speaks. Failures are `CovageError`s: reads are tried again before they fail, writes never go out
    twice (except after a 401, which certainly wasn't processed). `observer` is called after each try: with None when
    the vendor gave a sensible answer, refusals included, else with the error. Time-outs are in seconds.

    Raises ValueError for an edition that doesn't exist or an address that isn't http(s).
    """

    def __init__(
        self,
        *,
        api_url: str,
        token_url: str,
        client_id: str,
        username: str,
        password: str,
        edition: str = "current",
        connect_timeout: float = 3.05,
        read_timeout: float = 30.0,
        retries: int = 3,
        observer: Observer | None = None,
    ) -> None:
        grant = PasswordGrant(http_url(token_url), client_id=client_id, username=username, password=password)
        timeouts = Timeouts(connect_timeout, read_timeout)
        super().__init__(http_url(api_url), grant, timeouts, retries, observer)
        self._edition = wire.edition_named(edition)

    # Carts

    def session_pages(self, **filters: Unpack[SessionFilters]) -> Iterator[list[Document]]:
        """The carts, one list a page. The state of a cart is given here, and hardly anywhere else."""
        return self._pages(f"{SESSIONS}/", query(filters, SessionFilters))

    def session(self, id: str) -> Document:
        """A cart with its lines."""
        return self._read(f"{SESSIONS}/{segment(id)}/")

    def create_session(self, document: Mapping[str, Any]) -> Document:
        """Create a cart."""
        return self._write("POST", SESSIONS, document)

    def update_session(self, id: str, changes: Mapping[str, Any]) -> Document:
        """Change a cart's own fields."""
        return self._write("PATCH", f"{SESSIONS}/{segment(id)}/", changes)

    def delete_session(self, id: str) -> None:
        """Delete a cart and all its lines."""
        self._delete(f"{SESSIONS}/{segment(id)}/")

    def confirm_session(self, id: str) -> Document:
        """Turn a cart's lines into orders. Can't be undone."""
        return self._write("PATCH", f"{SESSIONS}/{segment(id)}/confirm/")

    # Order lines

    def line_pages(self, **filters: Unpack[LineFilters]) -> Iterator[list[Document]]:
        """The order lines of all carts, one list a page, with fewer fields than `line` gives."""
        return self._pages(f"{LINES}/", query(filters, LineFilters))

    def line(self, id: str) -> Document:
        """An order line in full."""
        return self._read(f"{LINES}/{segment(id)}/")

    def create_line(self, session_id: str, document: Mapping[str, Any]) -> Document:
        """Add an order line to a cart."""
        return self._write("POST", f"{SESSIONS}/{segment(session_id)}/product_order_item", document)

    def update_line(self, session_id: str, line_id: str, changes: Mapping[str, Any]) -> Document:
        """Change fields of an order line.

        Raises ValueError for what is set at creation only (docs/vendor-readings.md, 17).
        """
        if fixed := sorted(SET_AT_CREATION & changes.keys()):
            raise ValueError(f"{', '.join(fixed)} can be set when a line is created, but not changed.")
        return self._write("PATCH", _line_path(session_id, line_id), changes)

    def delete_line(self, session_id: str, line_id: str) -> None:
        """Remove an order line from its cart."""
        self._delete(f"{_line_path(session_id, line_id)}/")

    # Reference data

    def project_pages(self, **filters: Unpack[ProjectFilters]) -> Iterator[list[dict[str, Any]]]:
        """The projects. Raises Forbidden or NotFound when the account has no right to them."""
        return pages(self._transport, PROJECTS, query(filters, ProjectFilters))

    def enni_pages(self, **filters: Unpack[EnniFilters]) -> Iterator[list[dict[str, Any]]]:
        """The collection doors. Raises Forbidden or NotFound when the account has no right to them."""
        return pages(self._transport, f"{ENNIS}/", query(filters, EnniFilters))

    # Orders

    def order_pages(self, position: str = "") -> Iterator[OrderPage]:
        """The orders, one page at a time: at least one page, and the last one's position is "".

        The `position` of a page that was read before makes the listing go on after that page. Raises BadAnswer
        when the list goes in circles or leads to another host.
        """
        for page, next_position in positioned(self._transport, f"{ORDERS}/", [], position):
            yield OrderPage([wire.read(item) for item in page.objects], next_position, page.count)

    def order(self, reference: str) -> Document:
        """An order in full."""
        return self._read(f"{_order_path(reference)}/")

    def order_history(self, reference: str) -> list[dict[str, Any]]:
        """The states that an order has been through, in the vendor's order."""
        return self._all(f"{_order_path(reference)}/historic/")

    def order_documents(self, reference: str) -> list[dict[str, Any]]:
        """The names of an order's documents, one object for each type of them."""
        return self._all(f"{_order_path(reference)}/documents/")

    def download_document(self, reference: str, filename: str, *, most: int = download.LARGEST) -> Download:
        """Begin to download one of an order's documents; to be closed, preferably by a `with`.

        Raises BadAnswer when it is larger than `most` bytes, ValueError for a name that is more than a file's.
        """
        return self._transport.download(f"{_order_path(reference)}/{_file(filename)}/download/", most)

    # Requests about orders

    def termination_reasons(self) -> list[str]:
        """The reasons of which a termination must name one."""
        return self._transport.read(f"{REASONS}/", orders.reasons)

    def request_order(self, reference: str, action: str, document: Mapping[str, Any]) -> Document:
        """Request an action on an order; `action` is its word in the path, as `terminate`.

        Returns the request as the vendor stores it, or an empty document when the vendor only accepts it
        (docs/vendor-readings.md, 20, 22 and 39).
        """
        path = f"{_order_path(reference)}/{segment(action)}/"
        return self._transport.write("POST", path, orders.requested, wire.write(document, self._edition))

    def request_pages(self, **filters: Unpack[RequestFilters]) -> Iterator[list[dict[str, Any]]]:
        """The requests made about orders, one list a page."""
        return pages(self._transport, f"{REQUESTS}/", query(filters, RequestFilters))

    # The export of all orders

    def start_export(self) -> str:
        """Have the vendor write all orders into a CSV file; returns the export's id.

        Raises RateLimited within five minutes of the previous one.
        """
        path = f"{EXPORTS}/csv/"
        return self._transport.write("POST", path, orders.task_id, default_pause=orders.BETWEEN_EXPORTS)

    def export_status(self, task_id: str) -> dict[str, Any]:
        """The state of an export: its `success` is None until it has ended, True when there is a file."""
        return self._transport.read(f"{EXPORTS}/{segment(task_id)}/status/", orders.export_state)

    def download_export(self, task_id: str, *, most: int = download.LARGEST) -> Download:
        """Begin to download an export's file, like `download_document`."""
        return self._transport.download(f"{EXPORTS}/{segment(task_id)}/download/", most)

    def _pages(self, path: str, params: list[tuple[str, str]]) -> Iterator[list[Document]]:
        for objects in pages(self._transport, path, params):
            yield [wire.read(item) for item in objects]

    def _read(self, path: str) -> Document:
        return wire.read(self._transport.read(path, document))

    def _write(self, method: Method, path: str, content: Mapping[str, Any] | None = None) -> Document:
        sent = None if content is None else wire.write(content, self._edition)
        return wire.read(self._transport.write(method, path, document, sent))


def _line_path(session_id: str, line_id: str) -> str:
    return f"{SESSIONS}/{segment(session_id)}/product_order_item/{segment(line_id)}"


def _order_path(reference: str) -> str:
    return f"{ORDERS}/{segment(reference)}"


def _file(name: str) -> str:
    """A file's name as one part of a path. Raises ValueError for what names no plain file."""
    if any(sign in name for sign in "/\\\0"):
        raise ValueError("The name of a document can't hold a slash, a backslash or a NUL.")
    return segment(name)

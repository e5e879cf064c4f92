"""The client: one method for each endpoint of order taking and its reference data."""

from collections.abc import Iterator, Mapping
from copy import copy
from typing import Any, Self, Unpack
from urllib.parse import quote, urlsplit

from . import wire
from .answers import document, nothing
from .filters import EnniFilters, LineFilters, ProjectFilters, SessionFilters, query
from .listing import pages
from .pool import Pool, Timeouts
from .token import Tokens
from .transport import Method, Observer, Transport
from .wire import Document

SESSIONS = "/api/v1/product_order"
LINES = "/api/v1/product_order_item"
PROJECTS = "/api/v1/referential/project"
ENNIS = "/api/v1/referential/enni"

SET_AT_CREATION = frozenset({"offer_family", "offer_technology"})


class Covage:
    """The vendor's order-taking API for one account. Safe to share between threads; make one per process.

    Documents go in and come out as plain dicts under the `current` edition's names, whatever `edition` the
    server speaks. Failures are `CovageError`s: reads are tried again before they fail, writes never go out
    twice (but for a 401, which surely wasn't processed). `observer` is called after each try: with None when
    the vendor answered sensibly, refusals included, else with the error.

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
        pool = Pool()
        tokens = Tokens(pool, _http_url(token_url), client_id=client_id, username=username, password=password)
        timeouts = Timeouts(connect_timeout, read_timeout)
        self._edition = wire.edition_named(edition)
        self._transport = Transport(_http_url(api_url), pool, tokens, timeouts, retries, observer)

    def with_timeout(self, seconds: float) -> Self:
        """The same client with the same connections and token, but little patience: no call is repeated."""
        hasty = copy(self)
        hasty._transport = self._transport.hasty(seconds)
        return hasty

    def close(self) -> None:
        """Close the idle connections."""
        self._transport.pool.close()

    # Carts

    def session_pages(self, **filters: Unpack[SessionFilters]) -> Iterator[list[Document]]:
        """The carts, one list a page. The state of a cart is told here, hardly anywhere else."""
        return self._pages(f"{SESSIONS}/", query(filters, SessionFilters))

    def session(self, id: str) -> Document:
        """A cart with its lines."""
        return self._read(f"{SESSIONS}/{_segment(id)}/")

    def create_session(self, document: Mapping[str, Any]) -> Document:
        """Create a cart."""
        return self._write("POST", SESSIONS, document)

    def update_session(self, id: str, changes: Mapping[str, Any]) -> Document:
        """Change a cart's own fields."""
        return self._write("PATCH", f"{SESSIONS}/{_segment(id)}/", changes)

    def delete_session(self, id: str) -> None:
        """Delete a cart and all its lines."""
        self._delete(f"{SESSIONS}/{_segment(id)}/")

    def confirm_session(self, id: str) -> Document:
        """Turn a cart's lines into orders. Can't be taken back."""
        return self._write("PATCH", f"{SESSIONS}/{_segment(id)}/confirm/")

    # Order lines

    def line_pages(self, **filters: Unpack[LineFilters]) -> Iterator[list[Document]]:
        """The order lines of all carts, one list a page, with fewer fields than `line` gives."""
        return self._pages(f"{LINES}/", query(filters, LineFilters))

    def line(self, id: str) -> Document:
        """An order line in full."""
        return self._read(f"{LINES}/{_segment(id)}/")

    def create_line(self, session_id: str, document: Mapping[str, Any]) -> Document:
        """Add an order line to a cart."""
        return self._write("POST", f"{SESSIONS}/{_segment(session_id)}/product_order_item", document)

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

    def _pages(self, path: str, params: list[tuple[str, str]]) -> Iterator[list[Document]]:
        for objects in pages(self._transport, path, params):
            yield [wire.read(item) for item in objects]

    def _read(self, path: str) -> Document:
        return wire.read(self._transport.read(path, document))

    def _write(self, method: Method, path: str, content: Mapping[str, Any] | None = None) -> Document:
        sent = None if content is None else wire.write(content, self._edition)
        return wire.read(self._transport.write(method, path, document, sent))

    def _delete(self, path: str) -> None:
        self._transport.write("DELETE", path, nothing)


def _http_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The addresses of the vendor's API must be whole http:// or https:// addresses.")
    return url.rstrip("/")


def _line_path(session_id: str, line_id: str) -> str:
    return f"{SESSIONS}/{_segment(session_id)}/product_order_item/{_segment(line_id)}"


def _segment(id: str) -> str:
    """An id as one part of a path. Raises ValueError for those that would lead elsewhere."""
    if id in ("", ".", ".."):
        raise ValueError("An id at the vendor can't be empty or made of dots.")
    return quote(id, safe="")

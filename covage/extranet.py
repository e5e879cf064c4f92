"""The client of the extranet: one method for each endpoint of copper orders and their neighbours."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Unpack

from . import copper
from .account import Account
from .connected import Connected, http_url, segment
from .copper import Document, EventPage, Level
from .filters import EventFilters, ExtranetFilters, Moment, query
from .listing import pages, positioned
from .pool import Timeouts
from .responses import document, document_if_any
from .transport import Observer

ORDERS = "/api/orders/"
CONTACTS = "/api/contacts/"
EVENTS = "/api/events/"
PRODUCTS = "/api/products/"
PRODUCT_LINES = "/api/product-lines/"
PRODUCT_FAMILIES = "/api/product-families/"
SLOTS = "/api/v2/appointment/slots/"


class Extranet(Connected):
    """The vendor's extranet for one account, in either edition of its authentication.

    Safe to share between threads; make one per process.

    Documents go in and come out as plain dicts, as the vendor has them. Failures are `CovageError`s, with the
    `request_uuid` that the vendor's support asks for: reads are tried again before they fail, writes never go
    out twice (except after a 401, which certainly wasn't processed). `observer` is called after each try: with None
    when the vendor gave a sensible answer, refusals included, else with the error. Time-outs are in seconds.

    Raises ValueError for an address that isn't http(s).
    """

    def __init__(
        self,
        *,
        api_url: str,
        email: str,
        password: str,
        connect_timeout: float = 3.05,
        read_timeout: float = 30.0,
        retries: int = 3,
        observer: Observer | None = None,
    ) -> None:
        url = http_url(api_url)
        account = Account(url, email=email, password=password)
        super().__init__(url, account, Timeouts(connect_timeout, read_timeout), retries, observer)

    # Orders

    def order_pages(self, **filters: Unpack[ExtranetFilters]) -> Iterator[list[Document]]:
        """The orders, one list a page (docs/vendor-readings.md, 27)."""
        for objects in pages(self._transport, ORDERS, query(filters, ExtranetFilters)):
            yield [copper.order(item) for item in objects]

    def order(self, order_uuid: str) -> Document:
        """An order in full."""
        return self._transport.read(_order_path(order_uuid), copper.order_document)

    def create_order(self, document: Mapping[str, Any]) -> Document:
        """Create a draft. Raises BadAnswer when the answer doesn't say under which `order_uuid`."""
        return copper.order(self._transport.write("POST", ORDERS, copper.made("order_uuid"), document))

    def replace_order(self, order_uuid: str, document: Mapping[str, Any]) -> Document:
        """Change a draft by its whole document: what is left out of it is deleted (docs/vendor-readings.md, 26).

        Returns as much of the order as the vendor does; read it again to see what was accepted.
        """
        return self._transport.write("PUT", _order_path(order_uuid), copper.order_document_if_any, document)

    def delete_order(self, order_uuid: str) -> None:
        """Delete a draft."""
        self._delete(_order_path(order_uuid))

    def submit_order(self, order_uuid: str) -> Document:
        """Submit a draft for production. Returns the vendor's document: often an empty one."""
        return self._transport.write(
            "POST", f"{_order_path(order_uuid)}submit/", copper.order_document_if_any
        )

    def answer_order(self, order_uuid: str, answer: str) -> Document:
        """Send one of `copper.POSSIBLE_ANSWERS` to a pending order. Returns the vendor's document: often an empty one.

        Raises ValueError for any other answer.
        """
        if answer not in copper.POSSIBLE_ANSWERS:
            raise ValueError(f"A pending order is answered by {' or '.join(copper.POSSIBLE_ANSWERS)}.")
        return self._transport.write(
            "POST", f"{_order_path(order_uuid)}{answer}/", copper.order_document_if_any
        )

    # Contacts

    def contacts(self) -> list[Document]:
        """The people whom an order can name as the operator's contact."""
        return self._all(CONTACTS)

    def contact(self, contact_uuid: str) -> Document:
        """One of these people."""
        return self._transport.read(_contact_path(contact_uuid), document)

    def create_contact(self, document: Mapping[str, Any]) -> Document:
        """Add somebody. Raises BadAnswer when the answer doesn't say under which `contact_uuid`."""
        return self._transport.write("POST", CONTACTS, copper.made("contact_uuid"), document)

    def replace_contact(self, contact_uuid: str, document: Mapping[str, Any]) -> Document:
        """Change somebody by the whole document. Returns as much of it as the vendor does."""
        return self._transport.write("PUT", _contact_path(contact_uuid), document_if_any, document)

    def delete_contact(self, contact_uuid: str) -> None:
        """Remove somebody."""
        self._delete(_contact_path(contact_uuid))

    # Events

    def event_pages(self, after: str = "", since: Moment | None = None) -> Iterator[EventPage]:
        """What has happened, oldest first, in pages that are never empty.

        `after` is the position of a page that was read before; without it, `since` may name a moment. Raises
        BadAnswer when the list goes in circles.
        """
        params = copper.OLDEST_FIRST + query({"creation_date_gt": since}, EventFilters)
        for page, _ in positioned(self._transport, EVENTS, params, copper.after_link(after), copper.events):
            if page.objects:
                yield EventPage(page.objects, copper.sort_value(page.objects))

    # Products

    def products(self) -> list[Document]:
        """The products that can be ordered."""
        return self._all(PRODUCTS)

    def product_lines(self) -> list[Document]:
        """The lines that products belong to."""
        return self._all(PRODUCT_LINES)

    def product_families(self) -> list[Document]:
        """The families that these lines belong to."""
        return self._all(PRODUCT_FAMILIES)

    # Appointments

    def appointment_slots(
        self, order_uuid: str, start_date: date, end_date: date, level: Level = "standard"
    ) -> list[Document]:
        """When somebody could come to build an order's line, from the first to the last of these days."""
        days = [("start_date", f"{start_date:%Y-%m-%d}"), ("end_date", f"{end_date:%Y-%m-%d}")]
        return self._all(SLOTS, [("order_uuid", order_uuid), *days, ("level", level)])


def _order_path(order_uuid: str) -> str:
    return f"{ORDERS}{segment(order_uuid)}/"


def _contact_path(contact_uuid: str) -> str:
    return f"{CONTACTS}{segment(contact_uuid)}/"

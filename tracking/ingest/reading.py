"""An order's own pages at the vendor's: read one by one, or for many orders a few at once."""

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from django.db import connections
from django.utils import timezone
from django.utils.translation import gettext_noop

from covage import BadAnswer, Covage, CovageError, Forbidden, NotFound, ServerError
from tracking.ingest.store import Reading
from tracking.orders.history import entries

# Fewer than the connection pool holds, so that a page somebody is waiting for always finds a connection.
AT_ONCE = 4  # orders

UNREAD_HISTORY = gettext_noop("Covage couldn't show this order's history. What was already known is kept.")
UNREAD_DOCUMENTS = gettext_noop("Covage couldn't list this order's documents. Those already known are kept.")
UNREAD_BOTH = gettext_noop(
    "Covage couldn't show this order's history or its documents. What was already known is kept."
)
UNREAD_PAGE = gettext_noop("Covage couldn't show this order's details. What was already known is kept.")
UNREADABLE_HISTORY = gettext_noop(
    "Some entries in this order's history have no readable state or date. Nothing is calculated from them."
)


def read(client: Covage, reference: str) -> Reading:
    """Read an order's page, its history and its documents.

    Either of the last two may be missing without harm. Raises CovageError when the page itself can't be read:
    NotFound when the vendor has no such order.
    """
    at = timezone.now()
    detail = client.order(reference)
    history = _or_none(lambda: client.order_history(reference))
    documents = _or_none(lambda: client.order_documents(reference))
    return Reading(reference, at, detail, history, documents, _failure(history, documents))


def read_all(client: Covage, references: Iterable[str]) -> Iterator[tuple[str, Reading | CovageError]]:
    """Read many orders, a few at once; yields each with its reading, or the error that prevented one."""
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="orders") as pool:
        yield from pool.map(lambda reference: _read_or_error(client, reference), references)


def _read_or_error(client: Covage, reference: str) -> tuple[str, Reading | CovageError]:
    try:
        return reference, read(client, reference)
    except CovageError as error:
        return reference, error
    finally:
        # The API's health is stored over this thread's own database connection, which nothing else would close.
        connections.close_all()


def _or_none(fetch: Callable[[], list[Any]]) -> list[Any] | None:
    try:
        return fetch()
    except (NotFound, Forbidden, BadAnswer, ServerError):
        return None


def _failure(history: list[Any] | None, documents: list[Any] | None) -> str:
    if history is None:
        return UNREAD_BOTH if documents is None else UNREAD_HISTORY
    if documents is None:
        return UNREAD_DOCUMENTS
    return UNREADABLE_HISTORY if sum(1 for entry in entries(history) if entry.at) < len(history) else ""

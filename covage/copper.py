"""What the extranet sends and accepts (the vendor's page extranet-orders.txt and its neighbours).

Documents come in and go out as they are, unknown fields included; only an order's status has two spellings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from .errors import BadAnswer
from .listing import ListingPage, Params, understood
from .pool import Answer
from .responses import document, document_if_any, failed

Document = dict[str, Any]
Level = Literal["standard", "premium"]

POSSIBLE_ANSWERS = ("confirm", "cancel")
STATUS_SPELLINGS = {"cancelled": "canceled"}
OLDEST_FIRST: Params = [("sort", "creation_date")]
AFTER = "after"  # no page names the parameter that takes a `sort_value`


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, oldest first. `position` is where to go on after them, "" when the vendor gives none."""

    items: list[Document]
    position: str


def order(content: Mapping[str, Any]) -> Document:
    """Return the order as the vendor sent it, its status spelled as in `canceled`."""
    document = dict(content)
    status = document.get("status")
    if isinstance(status, str):
        document["status"] = STATUS_SPELLINGS.get(status, status)
    return document


def order_document(answer: Answer) -> Document:
    """Return the order in an answer. Raises BadAnswer when there is none."""
    return order(document(answer))


def order_document_if_any(answer: Answer) -> Document:
    """Return as much of the order as the answer to a change holds: often nothing.

    Raises BadAnswer when it is neither empty nor an object.
    """
    return order(document_if_any(answer))


def made(name: str) -> Callable[[Answer], Document]:
    """Return a reader of what was created, which raises BadAnswer when it has no id of that name."""

    def understand(answer: Answer) -> Document:
        created = document(answer)
        if not isinstance(created.get(name), str) or not created[name]:
            raise failed(BadAnswer, answer, f"no {name} is given.")
        return created

    return understand


def events(answer: Answer) -> ListingPage:
    """Return a page of events; an empty one is the last. Raises BadAnswer when the answer isn't a list.

    The next one is requested by the last event's `sort_value` where it has one, whatever the list's shape.
    """
    page = understood(answer)
    after = sort_value(page.objects)
    return ListingPage(page.objects, next=after_link(after)) if after or not page.objects else page


def after_link(after: str) -> str:
    """Return the link to the events after that position, relative to their list; "" without a position."""
    return "?" + urlencode([*OLDEST_FIRST, (AFTER, after)]) if after else ""


def sort_value(items: list[Document]) -> str:
    """Return the position of the last event, "" when there is none."""
    value = items[-1].get("sort_value") if items else None
    return str(value) if isinstance(value, (str, int, float)) else ""

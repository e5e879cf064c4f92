"""What the answers of the extranet hold (the vendor's page extranet-orders.txt and its neighbours).

Documents come in and go out as they are, unknown fields included; only an order's status has two spellings.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlencode

from .answers import document, document_if_any, failed
from .errors import BadAnswer
from .listing import Page, Params, understood
from .pool import Answer

Document = dict[str, Any]
Level = Literal["standard", "premium"]

ANSWERS = ("confirm", "cancel")
STATUS_SPELLINGS = {"cancelled": "canceled"}
OLDEST_FIRST: Params = [("sort", "creation_date")]
AFTER = "after"  # no page names the parameter that takes a `sort_value`


@dataclass(frozen=True, slots=True)
class EventPage:
    """Some events, oldest first. `position` is where to go on after them, "" when the vendor doesn't tell."""

    items: list[Document]
    position: str


def order(content: Mapping[str, Any]) -> Document:
    """An order as told, its status spelled as in `canceled`."""
    told = dict(content)
    status = told.get("status")
    if isinstance(status, str):
        told["status"] = STATUS_SPELLINGS.get(status, status)
    return told


def order_told(answer: Answer) -> Document:
    """The order in an answer."""
    return order(document(answer))


def order_if_told(answer: Answer) -> Document:
    """The order, or as much of it as the answer to a change tells: often nothing."""
    return order(document_if_any(answer))


def made(name: str) -> Callable[[Answer], Document]:
    """How to read what was created. Raises BadAnswer when it has no id of that name."""

    def understand(answer: Answer) -> Document:
        told = document(answer)
        if not isinstance(told.get(name), str) or not told[name]:
            raise failed(BadAnswer, answer, f"no {name} is told.")
        return told

    return understand


def events(answer: Answer) -> Page:
    """A page of events; an empty one is the last.

    The next one is asked for by the last event's `sort_value` where that is told, whatever the list's shape.
    """
    page = understood(answer)
    after = sort_value(page.objects)
    return Page(page.objects, next=after_link(after)) if after or not page.objects else page


def after_link(after: str) -> str:
    """Where the events after that position are, as seen from their list; "" without a position."""
    return "?" + urlencode([*OLDEST_FIRST, (AFTER, after)]) if after else ""


def sort_value(items: list[Document]) -> str:
    """The position of the last event, "" when there is none."""
    told = items[-1].get("sort_value") if items else None
    return str(told) if isinstance(told, (str, int, float)) else ""

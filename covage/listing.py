"""Lists in their three shapes, page by page (docs/vendor-readings.md, 14).

A bare list is one page; `{count, next, previous, results}` is paged by its `next` link; `{items, count}` by
`limit` and `offset`, written as a link as well. So one text, a link, is the position in any list. A listing
always ends: normally when the vendor has no more, with a BadAnswer when a page holds nothing new, because such
a listing must not pass for a complete one.
"""

import json
import logging
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from .errors import BadAnswer
from .pool import Answer
from .responses import decoded, failed
from .transport import Transport

logger = logging.getLogger(__name__)

Params = list[tuple[str, str]]

_WINDOW = re.compile(r"[?&]limit=([0-9]{1,9})&offset=([0-9]{1,9})\Z")


@dataclass(frozen=True, slots=True)
class ListingPage:
    """One page as received: its objects, and what it says about further ones."""

    objects: list[dict[str, Any]]
    next: str = ""
    by_offset: bool = False
    count: int | None = None

    def is_followed_by_offset(self, received: int) -> bool:
        """Whether to request more: until the count is reached or, where that is wrong, until nothing comes."""
        return self.by_offset and bool(self.objects) and received != self.count


def understood(answer: Answer) -> ListingPage:
    """Return the page that an answer holds. Raises BadAnswer when it has none of the three shapes."""
    content = decoded(answer)
    if isinstance(content, list):
        return ListingPage(_objects(content, answer))
    if isinstance(content, dict) and "results" in content:
        link, count = _link(content.get("next"), answer), _count(content.get("count"))
        return ListingPage(_objects(content["results"], answer), next=link, count=count)
    if isinstance(content, dict) and "items" in content:
        return ListingPage(
            _objects(content["items"], answer), by_offset=True, count=_count(content.get("count"))
        )
    raise failed(BadAnswer, answer, "expected a list, got something else.")


def pages(transport: Transport, path: str, params: Params) -> Iterator[list[dict[str, Any]]]:
    """Yield the objects of a list, page by page, requested as they are needed. Empty pages are left out.

    Raises BadAnswer when an answer isn't a list, or the list goes in circles.
    """
    return (page.objects for page, _ in positioned(transport, path, params) if page.objects)


def positioned(
    transport: Transport,
    path: str,
    params: Params,
    position: str = "",
    understand: Callable[[Answer], ListingPage] = understood,
) -> Iterator[tuple[ListingPage, str]]:
    """Yield each page with the position after it, "" after the last; at least one page, even if empty.

    A `position` that was given out before makes the listing go on from there. `understand` finds the page in an
    answer. Raises BadAnswer like `pages`, also for a position on another host.
    """
    limit, received = _window(position)
    seen: set[int] = set()
    link = position
    while True:
        page = transport.follow(path, link, understand) if link else transport.read(path, understand, params)
        _check_new(page, seen, path)
        limit = limit or len(page.objects)
        received += len(page.objects)
        link = page.next
        if page.is_followed_by_offset(received):
            link = "?" + urlencode([*params, ("limit", limit), ("offset", received)])
        yield page, link
        if not link:
            break
    if page.count is not None and received != page.count and not position:
        logger.warning("GET %s: the list ended after %d of %d.", path, received, page.count)


def _objects(content: object, answer: Answer) -> list[dict[str, Any]]:
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise failed(BadAnswer, answer, "expected a list of objects.")
    return content


def _link(value: object, answer: Answer) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise failed(BadAnswer, answer, "its link to the next page is not a text.")
    return value


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _window(position: str) -> tuple[int, int]:
    """The limit and the offset of a position in a list that is paged by them; else zeros."""
    window = _WINDOW.search(position)
    return (int(window[1]), int(window[2])) if window else (0, 0)


def _check_new(page: ListingPage, seen: set[int], path: str) -> None:
    """Remember digests, not objects: lists are long. Raises BadAnswer when the page holds nothing new."""
    new = {_digest(item) for item in page.objects} - seen
    if not new and (page.objects or page.next):
        raise BadAnswer(f"GET {path}: a page holds nothing new, so the list can't be read to its end.")
    seen |= new


def _digest(item: dict[str, Any]) -> int:
    return hash(str(item["id"]) if item.get("id") else json.dumps(item, sort_keys=True))

"""Lists in their three shapes, page by page (docs/vendor-readings.md, 14).

A bare list is one page; `{count, next, previous, results}` is paged by its `next` link; `{items, count}` by
`limit` and `offset`. A listing always comes to an end: quietly when the vendor has no more, with a BadAnswer
when a page holds nothing new, because such a listing must not pass for a complete one.
"""

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from .answers import decoded
from .errors import BadAnswer
from .pool import Answer
from .transport import Transport

logger = logging.getLogger(__name__)

Params = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """One page: its objects, and what it says about further ones."""

    objects: list[dict[str, Any]]
    next: str | None = None
    by_offset: bool = False
    count: int | None = None

    def is_followed_by_offset(self, received: int) -> bool:
        """Whether to ask for more: until the count is met, or, should it be wrong, until nothing comes."""
        return self.by_offset and bool(self.objects) and received != self.count


def pages(transport: Transport, path: str, params: Params) -> Iterator[list[dict[str, Any]]]:
    """The pages of a list, asked for one at a time as they are wanted. Empty ones are left out.

    Raises BadAnswer when an answer is no list, or the list goes in circles.
    """
    page = transport.read(path, understood, params)
    limit, received = len(page.objects), 0
    seen: set[int] = set()
    while True:
        _check_new(page, seen, path)
        received += len(page.objects)
        if page.objects:
            yield page.objects
        if page.next is not None:
            page = transport.follow(path, page.next, understood)
        elif page.is_followed_by_offset(received):
            window = [("limit", str(limit)), ("offset", str(received))]
            page = transport.read(path, understood, [*params, *window])
        else:
            break
    if page.count is not None and received != page.count:
        logger.warning("GET %s: the list ended after %d of %d.", path, received, page.count)


def understood(answer: Answer) -> Page:
    """The page that an answer holds. Raises BadAnswer when it has none of the three shapes."""
    content = decoded(answer)
    if isinstance(content, list):
        return Page(_objects(content, answer))
    if isinstance(content, dict) and "results" in content:
        return Page(_objects(content["results"], answer), next=_link(content.get("next"), answer))
    if isinstance(content, dict) and "items" in content:
        return Page(_objects(content["items"], answer), by_offset=True, count=_count(content.get("count")))
    raise BadAnswer(f"{answer.request}: expected a list, got something else.", status=answer.status)


def _objects(content: object, answer: Answer) -> list[dict[str, Any]]:
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise BadAnswer(f"{answer.request}: expected a list of objects.", status=answer.status)
    return content


def _link(value: object, answer: Answer) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str):
        raise BadAnswer(f"{answer.request}: its link to the next page is not a text.", status=answer.status)
    return value


def _count(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _check_new(page: Page, seen: set[int], path: str) -> None:
    """Remember digests, not objects: lists are long."""
    new = {_digest(item) for item in page.objects} - seen
    if not new and (page.objects or page.next is not None):
        raise BadAnswer(f"GET {path}: a page holds nothing new, so the list can't be read to its end.")
    seen |= new


def _digest(item: dict[str, Any]) -> int:
    return hash(str(item["id"]) if item.get("id") else json.dumps(item, sort_keys=True))

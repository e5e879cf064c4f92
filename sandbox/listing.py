"""Lists: documented filters, sorting, and the three page shapes that "paginated" may mean."""

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from sandbox.clock import parsed
from sandbox.exchange import HttpRequest, Refusal
from sandbox.order_taking.model import Line, Session

PAGE_SHAPES = ("list", "results", "items")
Item = TypeVar("Item")

_COMPARISONS: Mapping[str, Callable[[datetime, datetime], bool]] = {"gt": operator.gt, "lt": operator.lt}
_FLAGS = {"true": True, "1": True, "false": False, "0": False}


@dataclass(frozen=True)
class Filters(Generic[Item]):
    """What a list can be narrowed by; empty and unknown query parameters narrow nothing."""

    equal: Mapping[str, Callable[[Item], str]] = field(default_factory=dict)
    moments: Mapping[str, Callable[[Item], datetime | None]] = field(default_factory=dict)
    flags: Mapping[str, Callable[[Item], bool]] = field(default_factory=dict)

    def apply(self, rows: Iterable[Item], query: Mapping[str, str]) -> list[Item]:
        """Return the rows that pass every filter in the query; raises Refusal 400 for a value of the wrong kind."""
        tests = [test for name, text in query.items() if text and (test := self._test(name, text))]
        return [row for row in rows if all(test(row) for test in tests)]

    def _test(self, name: str, text: str) -> Callable[[Item], bool] | None:
        stem, _, comparison = name.rpartition("_")
        if name in self.equal:
            value = self.equal[name]
            return lambda row: value(row) == text
        if name in self.flags:
            flag, wanted = self.flags[name], _flag(name, text)
            return lambda row: flag(row) == wanted
        if stem in self.moments and comparison in _COMPARISONS:
            return _moment_test(self.moments[stem], _COMPARISONS[comparison], _moment(name, text))
        return None


def _moment_test(
    value: Callable[[Item], datetime | None], compare: Callable[[datetime, datetime], bool], bound: datetime
) -> Callable[[Item], bool]:
    def test(row: Item) -> bool:
        moment = value(row)
        return moment is not None and compare(moment, bound)

    return test


def _moment(name: str, text: str) -> datetime:
    try:
        return parsed(text)
    except ValueError as error:
        raise _bad_query(name, "datetime_parsing", f"Input should be a valid datetime: {text}") from error


def _flag(name: str, text: str) -> bool:
    if text.lower() not in _FLAGS:
        raise _bad_query(name, "bool_parsing", f"Input should be a valid boolean: {text}")
    return _FLAGS[text.lower()]


def _bad_query(name: str, code: str, message: str) -> Refusal:
    return Refusal(400, {"detail": [{"loc": ["query", name], "msg": message, "type": code}]})


SESSIONS = Filters[Session](
    equal={
        "state": lambda session: session.state,
        "external_id": lambda session: session.external_id,
        "project_id": lambda session: session.project_id,
    },
    moments={
        "creation_date": lambda session: session.creation_date,
        "order_date": lambda session: session.order_date,
        "completion_date": lambda session: session.completion_date,
        "cancellation_date": lambda session: session.cancellation_date,
    },
)
LINES = Filters[Line](
    equal={
        "state": lambda line: line.state,
        "order_reference": lambda line: line.order_reference,
        "temporary_reference": lambda line: line.order_reference,
        "customer_order_name": lambda line: str(line.fields["customer_order_name"]),
        "end_customer_name": lambda line: str(line.fields["end_customer_name"]),
    },
    moments={
        "creation_date": lambda line: line.creation_date,
        "order_date": lambda line: line.order_date,
        "expiration_date": lambda line: line.expiration_date,
    },
)
PROJECTS = Filters[dict[str, Any]](
    equal={"code": operator.itemgetter("code")}, flags={"active": operator.itemgetter("active")}
)
_ENNI_FILTERS = ("reference", "name", "short_name", "offer", "dsp", "delivery_mode")
ENNIS = Filters[dict[str, Any]](
    equal={name: operator.itemgetter(name) for name in _ENNI_FILTERS},
    flags={"active": operator.itemgetter("active")},
)


def searched(documents: Sequence[dict[str, Any]], text: str) -> list[dict[str, Any]]:
    """Return the documents with the text, in any case, in one of their values."""
    needle = text.casefold()
    return [
        document
        for document in documents
        if any(isinstance(value, str) and needle in value.casefold() for value in document.values())
    ]


def ordered(documents: list[dict[str, Any]], sort: str) -> list[dict[str, Any]]:
    """Return the documents sorted by one of their fields, backwards with a `-`; raises Refusal 400 for another."""
    name = sort.removeprefix("-")
    if documents and name not in documents[0]:
        raise _bad_query("sort", "value_error", f"Lines cannot be sorted by {name}")
    return sorted(documents, key=lambda document: document[name] or "", reverse=sort.startswith("-"))


def paged(request: HttpRequest, documents: Sequence[dict[str, Any]], shape: str, size: int) -> object:
    """Return one page in the shape chosen at start; `list` gives everything at once.

    Raises Refusal 404 beyond the last page, 400 for a bad number.
    """
    if shape == "results":
        return _numbered_page(request, documents, size)
    if shape == "items":
        limit = min(_number(request, "limit", size, least=1), size)
        offset = _number(request, "offset", 0, least=0)
        return {"items": documents[offset : offset + limit], "count": len(documents)}
    return documents[:]


def _numbered_page(request: HttpRequest, documents: Sequence[dict[str, Any]], size: int) -> object:
    page = _number(request, "page", 1, least=1)
    last = max(1, -(-len(documents) // size))
    if page > last:
        raise Refusal(404, {"detail": "Invalid page."})
    return {
        "count": len(documents),
        "next": _page_url(request, page + 1) if page < last else None,
        "previous": _page_url(request, page - 1) if page > 1 else None,
        "results": documents[(page - 1) * size : page * size],
    }


def _page_url(request: HttpRequest, page: int) -> str:
    return f"{request.base_url}{request.path}?{urlencode({**request.query, 'page': page})}"


def _number(request: HttpRequest, name: str, default: int, least: int) -> int:
    text = request.query.get(name) or str(default)
    if not text.isdecimal() or int(text) < least:
        raise _bad_query(name, "int_parsing", f"Input should be a whole number from {least} up: {text}")
    return int(text)

"""Documents as sent: are their values of the documented types, and are the two required fields there?

Unknown keys are ignored, null empties an optional field. Refusals have the shape
`{"detail": [{"loc": ["body", …], "msg": …, "type": …}]}`.
"""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sandbox.exchange import Refusal
from sandbox.order_taking.model import Line
from sandbox.order_taking.wire import NOT_IN_UPDATES, SESSION_KINDS, Edition, emptied

REQUIRED = ("product_offering_id", "product_offering_qualification_item_id")
LOCKED_BY_QUOTE = (
    "end_customer_name",
    "product_offering_id",
    "product_offering_qualification_item_id",
    "customer_order_name",
    "business_code",
)
_MISSING = ("missing", "Field required")

Problem = dict[str, Any]
Location = tuple[str | int, ...]


class _BadValueError(ValueError):
    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def read_session(document: object, edition: Edition) -> dict[str, Any]:
    """Return the session's metadata among what was sent; raises Refusal 400."""
    return _Reader(edition).read(document, SESSION_KINDS)


def read_new_line(document: object, edition: Edition) -> dict[str, Any]:
    """Return all fields of a line to be created, empty where not sent; raises Refusal 400."""
    kinds = edition.line_kinds()
    reader = _Reader(edition)
    return emptied(kinds) | reader.read(document, kinds, required=REQUIRED)


def read_line_changes(document: object, edition: Edition, line: Line) -> dict[str, Any]:
    """Return the fields of a line that are to change; raises Refusal 400, also for fields locked by a quotation."""
    kinds = {name: kind for name, kind in edition.line_kinds().items() if name not in NOT_IN_UPDATES}
    changes = _Reader(edition).read(document, kinds)
    problems = [_problem(("body", edition.spelt(name)), *_MISSING) for name in _emptied_required(changes)]
    problems += [
        _problem(
            ("body", edition.spelt(name)),
            "locked",
            "This field cannot be edited: the order originates from a quotation",
        )
        for name in LOCKED_BY_QUOTE
        if line.fields["quote_item_id"] and changes.get(name, line.fields[name]) != line.fields[name]
    ]
    _refuse(problems)
    return changes


def _emptied_required(changes: Mapping[str, Any]) -> list[str]:
    return [name for name in REQUIRED if name in changes and not changes[name]]


class _Reader:
    """Reads one document and collects everything that is wrong with it."""

    def __init__(self, edition: Edition) -> None:
        self.edition = edition
        self.problems: list[Problem] = []

    def read(
        self, document: object, kinds: Mapping[str, str], required: tuple[str, ...] = ()
    ) -> dict[str, Any]:
        values = self._fields(document, kinds, ("body",))
        if isinstance(document, dict):
            bad = {problem["loc"][1] for problem in self.problems}
            missing = (name for name in required if not values.get(name) and name not in bad)
            self.problems += [_problem(("body", self.edition.spelt(name)), *_MISSING) for name in missing]
        _refuse(self.problems)
        return values

    def _fields(self, document: object, kinds: Mapping[str, str], location: Location) -> dict[str, Any]:
        if not isinstance(document, dict):
            self.problems.append(_problem(location, "dict_type", "Input should be an object"))
            return {}
        return {
            name: self._value(document[wire_name], kind, (*location, wire_name))
            for name, kind in kinds.items()
            if (wire_name := self.edition.spelt(name)) in document
        }

    def _value(self, value: object, kind: str, location: Location) -> object:
        if kind == "contacts":
            return self._contacts(value, location)
        if value is None:
            return emptied({"": kind})[""]
        try:
            return _CHECKS[kind](value)
        except _BadValueError as error:
            self.problems.append(_problem(location, error.code, str(error)))
            return None

    def _contacts(self, value: object, location: Location) -> list[dict[str, Any]]:
        if value is None:
            return []
        if not isinstance(value, list):
            self.problems.append(_problem(location, "list_type", "Input should be a valid list"))
            return []
        kinds = self.edition.contact_kinds()
        return [
            emptied(kinds) | self._fields(contact, kinds, (*location, index))
            for index, contact in enumerate(value)
        ]


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise _BadValueError("string_type", "Input should be a valid string")
    return value


def _strings(value: object) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _BadValueError("list_type", "Input should be a list of strings")
    return value


def _boolean(value: object) -> bool:
    if not isinstance(value, bool):
        raise _BadValueError("bool_type", "Input should be a valid boolean")
    return value


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _BadValueError("float_type", "Input should be a valid number")
    return value


def _integer(value: object) -> int:
    """Return a whole number, also from digits: the documentation shows `"1257"`. Raises _BadValueError."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and re.fullmatch(r"[0-9]{1,9}", value):
        return int(value)
    raise _BadValueError("int_type", "Input should be a valid integer")


def _date(value: object) -> str:
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise _BadValueError("date_parsing", f"Input should be a valid date: {error}") from error
    raise _BadValueError("date_type", "Input should be a valid date, as 2025-09-21")


_CHECKS: Mapping[str, Callable[[object], object]] = {
    "string": _string,
    "strings": _strings,
    "boolean": _boolean,
    "number": _number,
    "integer": _integer,
    "date": _date,
}


def _problem(location: Location, code: str, message: str) -> Problem:
    return {"loc": list(location), "msg": message, "type": code}


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise Refusal(400, {"detail": problems})

"""The filters that the vendor's lists document, and how their values are sent."""

from collections.abc import Mapping
from datetime import date
from typing import TypedDict

from .moments import moment

Moment = date | str  # a datetime is a date as well


class SessionFilters(TypedDict, total=False):
    """Filters of the carts' list."""

    state: str | None
    external_id: str | None
    project_id: str | None
    creation_date_gt: Moment | None
    creation_date_lt: Moment | None
    order_date_gt: Moment | None
    order_date_lt: Moment | None
    completion_date_gt: Moment | None
    completion_date_lt: Moment | None
    cancellation_date_gt: Moment | None
    cancellation_date_lt: Moment | None


class LineFilters(TypedDict, total=False):
    """Filters of the order lines' list."""

    state: str | None
    order_reference: str | None
    temporary_reference: str | None
    customer_order_name: str | None
    end_customer_name: str | None
    creation_date_gt: Moment | None
    creation_date_lt: Moment | None
    order_date_gt: Moment | None
    order_date_lt: Moment | None
    expiration_date_gt: Moment | None
    expiration_date_lt: Moment | None
    search: str | None
    sort: str | None


class ProjectFilters(TypedDict, total=False):
    """Filters of the projects' list."""

    code: str | None
    active: bool | None


class EnniFilters(TypedDict, total=False):
    """Filters of the collection doors' list."""

    reference: str | None
    name: str | None
    short_name: str | None
    active: bool | None
    offer: str | None
    dsp: str | None
    delivery_mode: str | None


class RequestFilters(TypedDict, total=False):
    """Filters of the list of requests about orders."""

    order_reference: str | None
    action: str | None


class ExtranetFilters(TypedDict, total=False):
    """Filters of the extranet's list of orders. No page documents any: a server may ignore them."""

    status: str | None
    type: str | None
    modification_date_gt: Moment | None


class EventFilters(TypedDict, total=False):
    """Filters of the extranet's list of events. No page documents any: a server may ignore them."""

    creation_date_gt: Moment | None


def query(given: Mapping[str, object], known: type) -> list[tuple[str, str]]:
    """Return the query parameters for the filters given; None filters nothing.

    Raises TypeError for a filter that the list doesn't have or a value of another type, ValueError for a moment off
    the calendar.
    """
    if unknown := sorted(given.keys() - known.__annotations__.keys()):
        raise TypeError(f"The list has no filter {', '.join(unknown)}.")
    return [(name, _sent(name, value)) for name, value in given.items() if value is not None]


def _sent(name: str, value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, date):
        return _sent_moment(name, value)
    if isinstance(value, str):
        return value
    raise TypeError(f"The filter {name} takes a text, a date, a datetime or a bool.")


def _sent_moment(name: str, value: date) -> str:
    """Return ISO 8601 with offset, in UTC; a naive one is Europe/Paris. Raises ValueError off the calendar."""
    aware = moment(value)
    if aware is None:
        raise ValueError(f"The filter {name} is not a moment that every time zone knows.")
    return aware.isoformat()

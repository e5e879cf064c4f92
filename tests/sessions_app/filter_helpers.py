"""Carts and lines with given columns, and what the filters of their lists find of them."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from lists.search import normalised
from sessions_app.carts.filters import CartFilter
from sessions_app.lines.filters import LineFilter
from sessions_app.models import Cart, Line

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 3, 10)
MOMENT_FIELDS = {"creation_date": "created_at"}


def carts(**query: Any) -> set[Cart]:
    return set(CartFilter(query, Cart.objects.all()).qs)


def lines(**query: Any) -> set[Line]:
    return set(LineFilter(query, Line.objects.all()).qs)


def cart(**columns: Any) -> Cart:
    names = f"{columns.get('external_id', '')} {columns.get('project_id', '')}"
    return Cart.objects.create(upstream_id=str(uuid.uuid4()), search=normalised(names), **columns)


def line(**columns: Any) -> Line:
    columns["search"] = normalised(columns.get("search", ""))
    return Line.objects.create(**({"cart": cart()} if "cart" not in columns else {}), **columns)


def at(hour: int, minute: int = 0, *, days: int = 0) -> datetime:
    return datetime(2026, 3, 10, hour, minute, tzinfo=PARIS) + timedelta(days=days)


def assert_whole_days(make: Any, find: Any, name: str) -> None:
    """A day's first and last moment in Paris are in it, those around it aren't."""
    column = MOMENT_FIELDS.get(name, name)
    before, first, last, after = (
        make(**{column: moment}) for moment in (at(23, 59, days=-1), at(0), at(23, 59), at(0, days=1))
    )
    assert find(**{f"{name}_gt": DAY.isoformat()}) & {before, first, last, after} == {first, last, after}
    assert find(**{f"{name}_lt": DAY.isoformat()}) & {before, first, last, after} == {before, first, last}

"""What the filters of the list of orders offer: the values that orders have, found without reading them all."""

from typing import Any

from django.db import connection

from tracking.models import Order, Tally
from tracking.states import OrderState, Step, state_label

MOST = 300

Choices = list[tuple[str, Any]]


def states() -> Choices:
    """The documented states, and whatever else orders are in."""
    return _labelled([*OrderState.values, *Tally.objects.order_by("state").values_list("state", flat=True)])


def steps() -> Choices:
    """The steps of production, and whatever else histories tell."""
    return _labelled([*Step.values, *values_of("step")])


def technologies() -> Choices:
    found = Tally.objects.order_by("technology").values_list("technology", flat=True)
    return [(code, code) for code in dict.fromkeys(found) if code]


def plain(column: str) -> Choices:
    """The values of a column as they are."""
    return [(str(value), str(value)) for value in values_of(column)]


def values_of(column: str, most: int = MOST) -> list[Any]:
    """The different values of an indexed column in their order, `most` at most, blank left out.

    Each is found by a step from the one before it into the index, for neither database does so by DISTINCT.
    """
    table, name = Order._meta.db_table, connection.ops.quote_name(column)
    least = f"(SELECT MIN({name}) FROM {table}{{}})"
    statement = (
        f"WITH RECURSIVE found (value) AS (SELECT {least.format('')} UNION ALL "
        f"SELECT {least.format(f' WHERE {name} > found.value')} FROM found WHERE found.value IS NOT NULL) "
        "SELECT value FROM found WHERE value IS NOT NULL LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [most + 1])
        return [value for (value,) in cursor.fetchall() if value != ""][:most]


def _labelled(codes: list[str]) -> Choices:
    return [(code, state_label(code)) for code in dict.fromkeys(codes) if code]

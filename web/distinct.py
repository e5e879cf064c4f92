"""The values that a column has, for filters to offer, found without reading all rows."""

from typing import Any

from django.db import connections, models

MOST = 300  # values


def values_of(model: type[models.Model], column: str, most: int = MOST) -> list[Any]:
    """The different values of an indexed column in their order, `most` at most, blank left out.

    Each is found by a step from the one before it into the index, for neither database does so by DISTINCT.
    """
    connection = connections[model._default_manager.db]
    table, name = (connection.ops.quote_name(one) for one in (model._meta.db_table, column))
    least = f"(SELECT MIN({name}) FROM {table}{{}})"
    statement = (
        f"WITH RECURSIVE found (value) AS (SELECT {least.format('')} UNION ALL "
        f"SELECT {least.format(f' WHERE {name} > found.value')} FROM found WHERE found.value IS NOT NULL) "
        "SELECT value FROM found WHERE value IS NOT NULL LIMIT %s"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [most + 1])
        return [value for (value,) in cursor.fetchall() if value != ""][:most]

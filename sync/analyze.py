"""The database's statistics of its tables, without which query plans are guesses."""

from django.db import connection, models


def refresh(model: type[models.Model]) -> None:
    """Recompute a table's statistics: worth it when many of its rows changed at once."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 2000")
        cursor.execute(f"ANALYZE {table}")

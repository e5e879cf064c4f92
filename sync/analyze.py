"""What the database knows of how its rows are spread: without it a plan is a guess."""

from django.db import connection, models


def refresh(model: type[models.Model]) -> None:
    """Let the database look at a table anew: worth it when many of its rows changed at once."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA analysis_limit = 2000")
        cursor.execute(f"ANALYZE {table}")

"""A page of the vendor's answer into rows, as one statement that touches only the rows whose content differs."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection, models


def digest(document: Mapping[str, Any]) -> str:
    """A short stable mark of a document's content, whatever the order of its keys."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def upsert(model: type[models.Model], rows: Iterable[models.Model], key: str, *, newer: str | None = None) -> int:
    """Insert the rows, or update those that stand under the same `key` and have another `digest`.

    One INSERT … ON CONFLICT statement, rows in key order so that concurrent runs can't deadlock. With `newer`, a column
    of moments, a row is left as it is when it bears a later one than the row offered. Answers how many rows were written.
    """
    unique = {getattr(row, key): row for row in rows}
    ordered = [unique[value] for value in sorted(unique)]
    if not ordered:
        return 0
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    sql = _statement(model, [f.column for f in fields], len(ordered), key, newer)
    values = [f.get_db_prep_save(getattr(row, f.attname), connection) for row in ordered for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def _statement(model: type[models.Model], columns: Sequence[str], rows: int, key: str, newer: str | None) -> str:
    quote = connection.ops.quote_name
    table = quote(model._meta.db_table)
    values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows)
    updates = ", ".join(f"{quote(c)} = excluded.{quote(c)}" for c in columns if c != key)
    differs = f"{table}.digest <> excluded.digest"
    if newer:
        column = quote(newer)
        differs += f" AND ({table}.{column} IS NULL OR excluded.{column} >= {table}.{column})"
    return (
        f"INSERT INTO {table} ({', '.join(map(quote, columns))}) VALUES {values} "
        f"ON CONFLICT ({quote(key)}) DO UPDATE SET {updates} WHERE {differs}"
    )

"""Writing a page of the vendor's documents as rows, in one statement that touches only rows that differ."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

from django.db import DEFAULT_DB_ALIAS, connections, models

Field: TypeAlias = "models.Field[Any, Any]"


def digest(document: Mapping[str, Any]) -> str:
    """Returns a short stable hash of a document's content, whatever the order of its keys."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def upsert(
    model: type[models.Model],
    rows: Iterable[models.Model],
    key: str,
    *,
    newer: str | None = None,
    ours: Sequence[str] = (),
) -> int:
    """Insert the rows, or update those with the same `key` and another `digest`.

    One INSERT … ON CONFLICT statement (several where the database can't take that many values at once), rows in
    key order so that concurrent runs can't deadlock. With `newer`, a column of moments, a row is left as it
    is when it has a later one than the row offered. Fields named in `ours` are only inserted, never updated.
    Of several rows with one key the last counts, or with `newer` the newest. Returns how many rows were written.
    """
    ordered = _one_a_key(rows, key, newer)
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.AutoField)]
    connection = connections[DEFAULT_DB_ALIAS]
    batch = max(connection.ops.bulk_batch_size(fields, ordered), 1)
    return sum(
        _write(model, fields, ordered[start : start + batch], key, newer, ours)
        for start in range(0, len(ordered), batch)
    )


def _one_a_key(rows: Iterable[models.Model], key: str, newer: str | None) -> list[models.Model]:
    unique: dict[Any, models.Model] = {}
    for row in rows:
        earlier = unique.get(getattr(row, key))
        if earlier is None or newer is None or not _is_later(getattr(earlier, newer), getattr(row, newer)):
            unique[getattr(row, key)] = row
    return [unique[value] for value in sorted(unique)]


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is not None and other is not None and one > other


def _write(
    model: type[models.Model],
    fields: Sequence[Field],
    rows: Sequence[models.Model],
    key: str,
    newer: str | None,
    ours: Sequence[str],
) -> int:
    connection = connections[DEFAULT_DB_ALIAS]
    values = [f.get_db_prep_save(getattr(row, f.attname), connection) for row in rows for f in fields]
    with connection.cursor() as cursor:
        cursor.execute(_statement(model, fields, len(rows), key, newer, ours), values)
        return int(cursor.rowcount)


def _statement(
    model: type[models.Model],
    fields: Sequence[Field],
    rows: int,
    key: str,
    newer: str | None,
    ours: Sequence[str],
) -> str:
    quote = connections[DEFAULT_DB_ALIAS].ops.quote_name
    table = quote(model._meta.db_table)
    columns = {f.name: quote(str(f.column)) for f in fields}
    values = ", ".join([f"({', '.join(['%s'] * len(columns))})"] * rows)
    updated = [columns[f.name] for f in fields if f.name not in {key, *ours} and not f.primary_key]
    updates = ", ".join(f"{column} = excluded.{column}" for column in updated)
    differs = f"{table}.digest <> excluded.digest"
    if newer:
        stored, offered = f"{table}.{columns[newer]}", f"excluded.{columns[newer]}"
        # A moment that isn't given can't be earlier.
        differs += f" AND ({stored} IS NULL OR {offered} IS NULL OR {offered} >= {stored})"
    return (
        f"INSERT INTO {table} ({', '.join(columns.values())}) VALUES {values} "
        f"ON CONFLICT ({columns[key]}) DO UPDATE SET {updates} WHERE {differs}"
    )

"""Search by words in a column of text, which holds it as `normalised` writes it.

`by_words` serves any such column. `containing` does so by an index, on PostgreSQL and on SQLite alike. An app declares
it when it is ready, and the index is there after the next `migrate`:

    search.index_when_migrated(self, "Order", "search")

PostgreSQL has trigram indexes. For SQLite the same is a full-text table over the model's own, named
`<table>_<column>_words`, whose rows triggers keep in step. Django drops the triggers when it rebuilds a table
for a migration; they come back after it.
"""

import functools
import unicodedata
from typing import Any, TypeVar

from django.apps import AppConfig
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_migrate

LEAST = 3
MANY = 5000
LIGATURES = str.maketrans({"Œ": "OE", "Æ": "AE", "Ø": "O"})

Rows = models.QuerySet[Any]
Some = TypeVar("Some", bound=Rows)


class TooShort(ValueError):
    """A text without any word that is long enough for the index."""


def normalised(text: str) -> str:
    """The text as it is kept and searched: upper case, without accents and control characters, blanks collapsed."""
    if text.isascii() and text.isprintable():
        return " ".join(text.upper().split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper()).upper()
    kept = "".join(_kept(character) for character in plain.translate(LIGATURES))
    return " ".join(kept.split())


@functools.lru_cache(maxsize=2048)
def _kept(character: str) -> str:
    kind = unicodedata.category(character)
    return "" if kind in ("Mn", "Cf") else " " if kind in ("Cc", "Cs") else character


def words_of(text: str) -> list[str]:
    """The different words of a text, normalised. Raises TooShort when there are some and none has three characters."""
    words = _different(text)
    if words and max(map(len, words)) < LEAST:
        raise TooShort("No word has three characters.")
    return words


def by_words(rows: Some, column: str, text: str) -> Some:
    """The rows in whose column every word of a text occurs, however short: all of them if the text has no word."""
    for word in _different(text):
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


def containing(queryset: Rows, column: str, text: str) -> Rows:
    """The rows in whose column every word of a text occurs: all of them if the text has no word.

    Raises TooShort when no word has three characters. Shorter ones beside such a word are looked for in what
    the index finds.
    """
    words = words_of(text)
    queryset = by_words(queryset, column, text)
    if not words or connections[queryset.db].vendor != "sqlite":
        return queryset
    index = _index_name(queryset.model, column)
    asked = " ".join(_quoted(word) for word in words if len(word) >= LEAST)
    found = f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s'
    # What so many rows hold is found soonest by going through them in the order wanted.
    if _rows_of(f"SELECT count(*) FROM ({found} LIMIT {MANY})", asked, queryset.db) == MANY:
        return queryset
    return queryset.filter(pk__in=RawSQL(found, [asked]))


def _different(text: str) -> list[str]:
    return list(dict.fromkeys(normalised(text).split()))


def _rows_of(counting: str, asked: str, using: str) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute(counting, [asked])
        return int(cursor.fetchone()[0])


def index_when_migrated(app: AppConfig, model: str, column: str) -> None:
    """Declare that a model's column is searched: after each `migrate` its index is there and in step."""

    def ensure(using: str, **kwargs: Any) -> None:
        ensure_search_index(app.get_model(model), column, using)

    mark = f"search index of {app.label}.{model}.{column}"
    post_migrate.connect(ensure, sender=app, weak=False, dispatch_uid=mark)


def ensure_search_index(model: type[models.Model], column: str, using: str) -> None:
    """Make the index over a column, or make it anew where it is out of step. Does nothing where it is in order."""
    connection = connections[using]
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    if model._meta.db_table not in tables:
        return
    with transaction.atomic(using):
        if connection.vendor == "postgresql":
            _ensure_trigrams(connection, model, column)
        else:
            _ensure_words(connection, model, column)


def _index_name(model: type[models.Model], column: str) -> str:
    return f"{model._meta.db_table}_{column}_words"


def _quoted(word: str) -> str:
    """A word of which nothing is an operator of the full-text table."""
    return '"{}"'.format(word.replace('"', '""'))


def _ensure_trigrams(connection: BaseDatabaseWrapper, model: type[models.Model], column: str) -> None:
    index, table = _index_name(model, column), model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f'"{index}"'])
        if cursor.fetchone() == (None,):
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(f'CREATE INDEX "{index}" ON "{table}" USING gin ("{column}" gin_trgm_ops)')


def _ensure_words(connection: BaseDatabaseWrapper, model: type[models.Model], column: str) -> None:
    if not isinstance(model._meta.pk, models.IntegerField):
        raise TypeError(
            f"{model.__name__} has no whole number as its key, by which SQLite's index finds rows."
        )
    index, table = _index_name(model, column), model._meta.db_table
    wanted = _words_schema(index, table, str(model._meta.pk.column), column)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT name, sql FROM sqlite_master WHERE name IN ({', '.join(['%s'] * len(wanted))})",
            [*wanted],
        )
        there = dict(cursor.fetchall())
        if there == wanted and _is_filled(cursor, index, table):
            return
        for name in wanted:
            cursor.execute(f'DROP {"TABLE" if name == index else "TRIGGER"} IF EXISTS "{name}"')
        for statement in wanted.values():
            cursor.execute(statement)
        cursor.execute(f"""INSERT INTO "{index}" ("{index}") VALUES ('rebuild')""")


def _is_filled(cursor: Any, index: str, table: str) -> bool:
    cursor.execute(f'SELECT (SELECT count(*) FROM "{index}_docsize") = (SELECT count(*) FROM "{table}")')
    return bool(cursor.fetchone()[0])


def _words_schema(index: str, table: str, key: str, column: str) -> dict[str, str]:
    """The statements that make the full-text table and its triggers, by the names of what they make."""
    come = f'INSERT INTO "{index}" (rowid, "{column}") VALUES (new."{key}", new."{column}");'
    go = f"""INSERT INTO "{index}" ("{index}", rowid, "{column}") VALUES ('delete', old."{key}", old."{column}");"""
    words = f"""fts5("{column}", content='{table}', content_rowid='{key}', tokenize='trigram')"""
    differs = f'WHEN old."{column}" IS NOT new."{column}"'
    return {
        index: f'CREATE VIRTUAL TABLE "{index}" USING {words}',
        f"{index}_insert": f'CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}" BEGIN {come} END',
        f"{index}_delete": f'CREATE TRIGGER "{index}_delete" AFTER DELETE ON "{table}" BEGIN {go} END',
        f"{index}_update": (
            f'CREATE TRIGGER "{index}_update" AFTER UPDATE OF "{column}" ON "{table}" {differs} BEGIN {go} {come} END'
        ),
    }

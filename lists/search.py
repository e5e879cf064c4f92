"""Search by words in a column of text, which holds it as `normalised` writes it.

`by_words` works on any such column; `containing` uses an index, on PostgreSQL and on SQLite. An app declares the
index in its `ready`, and the next `migrate` creates it:

    search.index_when_migrated(self, "Order", "search")

PostgreSQL has trigram indexes. For SQLite the index is a full-text table over the model's own, named
`<table>_<column>_words`, which triggers keep up to date. Django drops the triggers when it rebuilds a table in a
migration; they are created again after it.
"""

import functools
import unicodedata
from typing import Any, TypeVar

from django.apps import AppConfig
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import RawSQL
from django.db.models.signals import post_migrate

from lists.paging import Rows

SHORTEST_WORD = 3  # characters
# From this many matching rows on, the index is no quicker than reading the rows in order.
MANY = 5000
# Letters that Unicode doesn't decompose, and what stands between the parts of a name.
FOLDED = str.maketrans(
    {"Œ": "OE", "Æ": "AE", "Ø": "O", "Ł": "L", "Đ": "D", "Ð": "D", "Ħ": "H", "Ŧ": "T", "Þ": "TH"}
    | dict.fromkeys("'’‘ʼʹ′`-−", " ")
)

SomeRows = TypeVar("SomeRows", bound=Rows)


class TooShort(ValueError):
    """A text without any word that is long enough for the index."""


def normalised(text: str) -> str:
    """Returns the text as it is stored and searched: upper case, without accents and invisible characters.

    Hyphens, dashes and apostrophes of every form count as blanks, and several blanks as one.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.upper().translate(FOLDED).split())
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).upper()).upper()
    kept = "".join(_kept(character) for character in plain.translate(FOLDED))
    return " ".join(kept.split())


@functools.lru_cache(maxsize=2048)
def _kept(character: str) -> str:
    kind = unicodedata.category(character)
    return "" if kind in ("Mn", "Cf") else " " if kind in ("Cc", "Cs", "Pd") else character


def words_of(text: str) -> list[str]:
    """Returns the distinct words of a text, normalised. Raises TooShort when there are some and all are too short.

    What is written together with hyphens or apostrophes is one word, with blanks in it: it stands so in the column.
    """
    words = _distinct_words(text)
    if words and max(map(len, words)) < SHORTEST_WORD:
        raise TooShort("No word has three characters.")
    return words


def by_words(rows: SomeRows, column: str, text: str) -> SomeRows:
    """Returns the rows whose column contains every word of a text, however short: all rows if it has no word."""
    for word in _distinct_words(text):
        rows = rows.filter(**{f"{column}__contains": word})
    return rows


def containing(queryset: Rows, column: str, text: str) -> Rows:
    """Returns the rows whose column contains every word of a text, by its index: all rows if it has no word.

    Raises TooShort when no word has three characters. Shorter words beside a longer one are looked for in what
    the index finds.
    """
    words = words_of(text)
    queryset = by_words(queryset, column, text)
    if not words or connections[queryset.db].vendor != "sqlite":
        return queryset
    index = _index_name(queryset.model, column)
    terms = " ".join(_quoted(word) for word in words if len(word) >= SHORTEST_WORD)
    found = f'SELECT rowid FROM "{index}" WHERE "{index}" MATCH %s'
    if _count(f"SELECT count(*) FROM ({found} LIMIT {MANY})", terms, queryset.db) == MANY:
        return queryset
    return queryset.filter(pk__in=RawSQL(found, [terms]))


def _distinct_words(text: str) -> list[str]:
    return list(dict.fromkeys(word for part in text.split() if (word := normalised(part))))


def _count(query: str, terms: str, using: str) -> int:
    with connections[using].cursor() as cursor:
        cursor.execute(query, [terms])
        return int(cursor.fetchone()[0])


def index_when_migrated(app: AppConfig, model: str, column: str) -> None:
    """Declare that a model's column is searched: each `migrate` then creates or repairs its index."""

    def ensure(using: str, **kwargs: Any) -> None:
        ensure_search_index(app.get_model(model), column, using)

    mark = f"search index of {app.label}.{model}.{column}"
    post_migrate.connect(ensure, sender=app, weak=False, dispatch_uid=mark)


def ensure_search_index(model: type[models.Model], column: str, using: str) -> None:
    """Create the index of a column, or rebuild it if it is out of date. Does nothing if it is in order."""
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
    """Returns a word quoted, so that nothing in it is an operator of the full-text table."""
    return '"{}"'.format(word.replace('"', '""'))


def _ensure_trigrams(connection: BaseDatabaseWrapper, model: type[models.Model], column: str) -> None:
    index, table = _index_name(model, column), model._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s)", [f'"{index}"'])
        if cursor.fetchone() == (None,):
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(f'CREATE INDEX "{index}" ON "{table}" USING gin ("{column}" gin_trgm_ops)')


def _ensure_words(connection: BaseDatabaseWrapper, model: type[models.Model], column: str) -> None:
    """Create or rebuild the full-text table. Raises TypeError for a model whose key isn't a whole number."""
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


def _words_schema(index: str, table: str, pk: str, column: str) -> dict[str, str]:
    """Returns the statements that create the full-text table and its triggers, by the names of what they create."""
    insert = f'INSERT INTO "{index}" (rowid, "{column}") VALUES (new."{pk}", new."{column}");'
    delete = f"""INSERT INTO "{index}" ("{index}", rowid, "{column}") VALUES ('delete', old."{pk}", old."{column}");"""
    words = f"""fts5("{column}", content='{table}', content_rowid='{pk}', tokenize='trigram')"""
    differs = f'WHEN old."{column}" IS NOT new."{column}"'
    return {
        index: f'CREATE VIRTUAL TABLE "{index}" USING {words}',
        f"{index}_insert": f'CREATE TRIGGER "{index}_insert" AFTER INSERT ON "{table}" BEGIN {insert} END',
        f"{index}_delete": f'CREATE TRIGGER "{index}_delete" AFTER DELETE ON "{table}" BEGIN {delete} END',
        f"{index}_update": (
            f'CREATE TRIGGER "{index}_update" AFTER UPDATE OF "{column}" ON "{table}" {differs} '
            f"BEGIN {delete} {insert} END"
        ),
    }

"""How the database answers a list: by its indexes, whatever is filtered and however it is sorted.

Reading a few thousand rows from beginning to end is cheap, and PostgreSQL would choose to. So sequential scans
are disabled here: what remains a sequential scan, or a sort of the whole table, is what no index could serve.
"""

import json
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from lists.pages import List, list_context


def statements(client: Client, address: str, table: str) -> tuple[list[str], str]:
    """The queries of a page that read a table, and the page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    reading = [query["sql"] for query in queries if table in query["sql"]]
    return [sql for sql in reading if sql.startswith(("SELECT", "WITH"))], response.content.decode()


def statements_of_list(
    the_list: List, rows: QuerySet[Any], person: User, query: str
) -> tuple[list[str], dict[str, Any]]:
    """The queries by which a list reads its table for a person under a query, and what it shows."""
    with CaptureQueriesContext(connection) as queries:
        shown = list_shown(the_list, rows, person, query)
    table = rows.model._meta.db_table
    return [query["sql"] for query in queries if table in query["sql"]], shown


def list_shown(the_list: List, rows: QuerySet[Any], person: User, query: str) -> dict[str, Any]:
    """What a list shows a person under a query, without its page."""
    request: Any = RequestFactory().get(f"/?{query.removeprefix('?')}")
    request.user = person
    return list_context(request, the_list, rows)


def unserved(queries: list[str], table: str) -> list[str]:
    """What no index serves in some queries; empty when all is well."""
    explain = _unserved_on_postgresql if connection.vendor == "postgresql" else _unserved_on_sqlite
    return [trouble for sql in queries if (trouble := explain(sql, table))]


def _unserved_on_sqlite(sql: str, table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        steps = [str(row[-1]) for row in cursor.fetchall()]
    scans = [step for step in steps if f"{step} ".startswith(f"SCAN {table} ") and "_words" not in step]
    is_sorted = any("TEMP B-TREE" in step for step in steps)
    bad = [step for step in scans if "INDEX" not in step or is_sorted]
    return f"{bad} in {steps}" if bad else ""


def _unserved_on_postgresql(sql: str, table: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (FORMAT JSON) {sql}")
        (explained,) = cursor.fetchone()
    plan = (json.loads(explained) if isinstance(explained, str) else explained)[0]["Plan"]
    whole = [node for node in _nodes(plan) if _is_whole(node, table)]
    bad = [node for node in whole if node["Node Type"] == "Seq Scan"]
    for node in _nodes(plan):
        if node["Node Type"] == "Sort":
            bad += [below for below in _nodes(node) if _is_whole(below, table)]
    return f"{bad} in {plan}" if bad else ""


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)


def _is_whole(node: dict[str, Any], table: str) -> bool:
    """Whether a node reads the table from one end to the other."""
    return (
        node.get("Relation Name") == table
        and node["Node Type"] in ("Seq Scan", "Index Scan", "Index Only Scan")
        and "Index Cond" not in node
    )

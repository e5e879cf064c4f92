"""How the database answers a list: by its indexes, whatever is filtered and however it is sorted.

Reading a few thousand rows from beginning to end is cheap, and PostgreSQL would choose to. So sequential scans
are disabled here: what remains a sequential scan, or a sort of the whole table, is what no index could serve.
"""

import json
import re
from collections.abc import Iterator
from html import unescape
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def statements(client: Client, address: str, table: str) -> tuple[list[str], str]:
    """The queries of a page that read a table, and the page."""
    with CaptureQueriesContext(connection) as queries:
        response = client.get(address)
    assert response.status_code == 200
    reading = [query["sql"] for query in queries if table in query["sql"]]
    return [sql for sql in reading if sql.startswith(("SELECT", "WITH"))], response.content.decode()


def unserved(queries: list[str], table: str) -> list[str]:
    """What no index serves in some queries; empty when all is well."""
    explain = _unserved_on_postgresql if connection.vendor == "postgresql" else _unserved_on_sqlite
    return [trouble for sql in queries if (trouble := explain(sql, table))]


def link_to_next(page: str) -> str:
    found = re.search(r'rel="next" href="([^"]+)"', page)
    assert found
    return unescape(found[1])


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

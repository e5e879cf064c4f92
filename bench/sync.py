"""A sync of all carts and lines, first and again, compared with fetching and decoding the same pages alone."""

from collections.abc import Iterator

from bench.measurement import Measurement, took
from outbox import clients
from sessions_app.models import Line
from sessions_app.sync import sync_carts
from sync import runs

FLOOR = "fetching and decoding alone"


def measurements() -> Iterator[Measurement]:
    fetch()
    floor = took(fetch)
    first = took(lambda: runs.run("carts", sync_carts, full=True))
    again = took(lambda: runs.run("carts", sync_carts, full=True))
    lines = Line.objects.count()
    yield Measurement("first sync", first, FLOOR, floor, f"{lines / first:.0f} lines a second")
    yield Measurement(
        "second sync, nothing changed", again, FLOOR, floor, f"{lines / again:.0f} lines a second"
    )


def fetch() -> None:
    """Fetch the pages that a full sync fetches, and do nothing with them."""
    client = clients.client()
    for pages in (client.session_pages(), client.line_pages()):
        for page in pages:
            for document in page:
                if "product_order_id" not in document:
                    client.session(document["id"])

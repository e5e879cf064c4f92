"""A sync of all orders, first and again, compared with fetching and decoding alone; then the pages that list them."""

from collections.abc import Iterator

from bench.browser import pages
from bench.measurement import Measurement, took
from outbox import clients
from sync import runs
from tracking import leadtimes
from tracking.ingest.sync import sync_orders
from tracking.models import Order

FLOOR = "fetching and decoding alone"
PAGES = {
    "list of orders": "/orders/",
    "list of orders, by customer": "/orders/?sort=end_customer_name",
    "list of orders, active ones": "/orders/?state=active",
    "list of orders, late ones": "/orders/?late=true",
    "list of orders, found by a word": "/orders/?q=boulangerie",
    "list of orders, found by a word that occurs nowhere": "/orders/?q=xyzzyxyzzy",
    "dashboard": "/dashboard/",
}


def measurements() -> Iterator[Measurement]:
    floor = took(fetch)
    first = took(lambda: runs.run("orders", sync_orders))
    again = took(lambda: runs.run("orders", sync_orders))
    orders = Order.objects.count()
    yield Measurement(
        f"first sync of {orders} orders", first, FLOOR, floor, f"{orders / first:.0f} orders a second"
    )
    yield Measurement(
        "second sync, nothing changed", again, FLOOR, floor, f"{orders / again:.0f} orders a second"
    )
    leadtimes.roll_up()
    yield from pages(PAGES, f"{orders} orders")


def fetch() -> None:
    """Fetch the pages that a sync fetches, and do nothing with them."""
    for page in clients.client().order_pages():
        del page

"""A first, a full and an event sync of copper orders, compared with fetching alone; then the pages that list them."""

from collections.abc import Iterator

from bench.browser import pages
from bench.measurement import Measurement, took
from extranet.models import CopperOrder
from extranet.sync import EXTRANET, PRODUCTS, sync_extranet, sync_products
from outbox import clients
from sync import runs

FLOOR = "fetching and decoding alone"
PAGES = {
    "list of copper orders": "/extranet/",
    "list of copper orders, by customer": "/extranet/?sort=end_customer_name",
    "list of copper orders, completed ones": "/extranet/?status=completed",
    "list of copper orders, found by a word": "/extranet/?q=boulangerie",
    "list of copper orders, found by a word that occurs nowhere": "/extranet/?q=xyzzyxyzzy",
    "dashboard": "/dashboard/",
    "home": "/",
}


def measurements() -> Iterator[Measurement]:
    floor = took(fetch)
    runs.run(PRODUCTS, sync_products)
    first = took(lambda: runs.run(EXTRANET, sync_extranet))
    full = took(lambda: runs.run(EXTRANET, sync_extranet, full=True))
    by_events = took(lambda: runs.run(EXTRANET, sync_extranet))
    orders = CopperOrder.objects.count()
    rate = f"{orders / first:.0f} orders a second"
    yield Measurement(f"first sync of {orders} copper orders", first, FLOOR, floor, rate)
    yield Measurement("sync of copper orders in full, nothing changed", full, FLOOR, floor)
    yield Measurement("sync of copper orders by events, nothing changed", by_events, FLOOR, floor)
    yield from pages(PAGES, f"{orders} copper orders")


def fetch() -> None:
    """Fetch the pages that a first sync fetches, and do nothing with them."""
    for page in clients.extranet().order_pages():
        del page

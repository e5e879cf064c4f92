"""A sync of all orders, first and again, beside fetching and decoding alone; then the pages that list them."""

from collections.abc import Iterator

from django.test import Client

from accounts.models import User
from accounts.roles import BACK_OFFICE
from bench.figure import Figure, median, took
from mirror import runs, vendor
from tracking import leadtimes
from tracking.models import Order
from tracking.sync import sync_orders

FLOOR = "fetching and decoding alone"
TIMES = 20
PAGES = {
    "list of orders": "/orders/",
    "list of orders, by customer": "/orders/?sort=end_customer_name",
    "list of orders, active ones": "/orders/?state=active",
    "list of orders, late ones": "/orders/?late=true",
    "list of orders, found by a word": "/orders/?q=boulangerie",
    "list of orders, found by a word that occurs nowhere": "/orders/?q=xyzzyxyzzy",
    "dashboard": "/dashboard/",
}


def figures() -> Iterator[Figure]:
    floor = took(fetch)
    first = took(lambda: runs.run("orders", sync_orders))
    again = took(lambda: runs.run("orders", sync_orders))
    orders = Order.objects.count()
    yield Figure(
        f"first sync of {orders} orders", first, FLOOR, floor, f"{orders / first:.0f} orders a second"
    )
    yield Figure("second sync, nothing changed", again, FLOOR, floor, f"{orders / again:.0f} orders a second")
    leadtimes.roll_up()
    yield from _pages(orders)


def fetch() -> None:
    """Ask for the pages that a sync asks for, and do nothing with them."""
    for page in vendor.client().order_pages():
        del page


def _pages(orders: int) -> Iterator[Figure]:
    client = _back_office()
    floor = median(lambda: _get(client, "/accounts/password/change/"), TIMES)
    for name, address in PAGES.items():
        seconds = median(lambda address=address: _get(client, address), TIMES)  # type: ignore[misc]
        yield Figure(f"{name}, {orders} orders", seconds, "a page that lists nothing", floor)


def _back_office() -> Client:
    from django.contrib.auth.models import Group

    # Without a password the page that lists nothing would lead elsewhere.
    user = User.objects.create_user("bench-back-office", password="only-for-this-measurement")
    user.groups.add(Group.objects.get(name=BACK_OFFICE))
    client = Client(headers={"X-Forwarded-Proto": "https"})
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def _get(client: Client, address: str) -> None:
    answer = client.get(address, secure=True)
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")

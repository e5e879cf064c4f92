"""The worker's tasks for fibre orders. Run twice at once, the second finds a lease and does nothing."""

import time
from datetime import timedelta

from django.utils import timezone

from outbox import clients, health
from outbox.apis import COVAGE, when_configured
from sync import runs
from sync.refresh import refresh_once
from tracking import leadtimes
from tracking.exports import actions
from tracking.ingest import sync
from tracking.models import Order

# A schedule fires once a minute; within it exports under way are followed closely.
WHOLE_MINUTE = timedelta(seconds=50)
PAUSE_SECONDS = 3.0

SYNCS = {sync.ORDERS: sync.sync_orders, sync.PAGES: sync.sync_pages}


@when_configured(COVAGE)
def sync_orders(full: bool = False) -> None:
    """Sync the list of orders. A full run also makes the pages of every open order due."""
    runs.attempt(sync.ORDERS, SYNCS[sync.ORDERS], full=full)


@when_configured(COVAGE)
def sync_pages() -> None:
    """Read the pages of the orders that are due."""
    if Order.objects.to_read().exists():
        runs.attempt(sync.PAGES, SYNCS[sync.PAGES])


@when_configured(COVAGE)
def follow_exports() -> None:
    """Follow the vendor's exports that are under way for up to a minute."""
    end = timezone.now() + WHOLE_MINUTE
    while actions.advance_all(clients.client()) and timezone.now() < end:
        time.sleep(PAUSE_SECONDS)


def roll_up() -> None:
    """Recompute how long steps take."""
    leadtimes.roll_up()


def refresh(order: Order) -> bool:
    """Read an order again for somebody who is waiting, unless that is under way. Returns whether it was read."""
    if not health.is_worth_trying():
        return False
    return refresh_once(f"order:{order.pk}", lambda: sync.refresh(order, clients.interactive_client()))

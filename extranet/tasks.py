"""The worker's tasks for copper orders. Run twice at once, the second finds a lease and does nothing."""

from extranet import sync
from extranet.models import CopperOrder
from outbox import clients, health
from outbox.apis import EXTRANET, when_configured
from sync import runs
from sync.refresh import is_fresh, refresh_once

SYNCS = {sync.EXTRANET: sync.sync_extranet, sync.PRODUCTS: sync.sync_products}


@when_configured(EXTRANET)
def sync_extranet(full: bool = False) -> None:
    """Sync copper orders by their events. A full run reads the whole list, and finds what disappeared."""
    runs.attempt(sync.EXTRANET, SYNCS[sync.EXTRANET], full=full)


@when_configured(EXTRANET)
def sync_products() -> None:
    """Sync products and contacts."""
    runs.attempt(sync.PRODUCTS, SYNCS[sync.PRODUCTS])


def refresh(order: CopperOrder) -> bool:
    """Read an order again for somebody waiting, unless that was done a moment ago. Returns whether it was read."""
    if not order.upstream_id or is_fresh(order.checked_at) or not health.is_worth_trying(EXTRANET):
        return False
    return refresh_once(f"copper:{order.pk}", lambda: sync.refresh(order, clients.interactive_extranet()))

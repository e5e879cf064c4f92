"""Thin entry points for the worker. Each may be run twice at once: leases make the second a no-op."""

from extranet import sync
from extranet.models import CopperOrder
from outbox import clients, health
from outbox.apis import EXTRANET, when_configured
from sync import runs
from sync.refresh import is_fresh, refresh_once

SYNCS = {sync.EXTRANET: sync.sync_extranet, sync.PRODUCTS: sync.sync_products}


@when_configured(EXTRANET)
def sync_extranet(full: bool = False) -> None:
    """Bring copper orders in step by what happened. A full run reads the whole list, and finds what disappeared."""
    runs.attempt(sync.EXTRANET, SYNCS[sync.EXTRANET], full=full)


@when_configured(EXTRANET)
def sync_products() -> None:
    """Bring products and contacts in step."""
    runs.attempt(sync.PRODUCTS, SYNCS[sync.PRODUCTS])


def refresh(order: CopperOrder) -> bool:
    """Read an order anew for a person who waits, unless that was done a moment ago. Answers whether it was read."""
    if not order.upstream_id or is_fresh(order.checked_at) or not health.is_worth_trying(EXTRANET):
        return False
    return refresh_once(f"copper:{order.pk}", lambda: sync.refresh(order, clients.interactive_extranet()))

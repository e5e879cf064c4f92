"""The worker's tasks for carts and reference data. Run twice at once, the second finds a lease and does nothing."""

from outbox import clients, health
from outbox.apis import COVAGE, when_configured
from sessions_app import sync
from sessions_app.models import Cart
from sync import runs
from sync.refresh import is_fresh, refresh_once


@when_configured(COVAGE)
def sync_carts(full: bool = False) -> None:
    """Sync carts and lines. A full run also finds what disappeared long ago."""
    runs.attempt("carts", SYNCS["carts"], full=full)


@when_configured(COVAGE)
def sync_reference() -> None:
    """Sync projects and ENNIs."""
    runs.attempt("reference", SYNCS["reference"])


@when_configured(COVAGE)
def follow() -> None:
    """Read again each cart that the vendor is working on."""
    for cart in Cart.objects.settling().filter(upstream_id__isnull=False).order_by("checked_at"):
        refresh(cart)


def refresh(cart: Cart, *, interactive: bool = False) -> bool:
    """Read a cart again unless that was done a moment ago or is under way. Returns whether it was read.

    `interactive`: a person waits, so an outage is left to the worker.
    """
    if is_fresh(cart.checked_at) or (interactive and not health.is_worth_trying()):
        return False
    client = clients.interactive_client() if interactive else clients.client()
    return refresh_once(f"cart:{cart.pk}", lambda: sync.refresh(cart, client))


SYNCS = {"carts": sync.sync_carts, "reference": sync.sync_reference}

"""Copper orders as the vendor's documents make them, for the tests of their list."""

from typing import Any

from accounts.models import User
from extranet.models import CopperOrder
from tests.extranet.order_factory import ingested

SDSL = {"code": "SD01", "name": "SDSL-4M-PREMIUM", "line": {"family": {"code": "S"}}}
ENNI = {"code": "NA01", "name": "ENNI-1G", "line": {"family": {"code": "N"}}}
# Columns that don't come from the vendor: set directly.
OURS = ("team", "gone_at", "deleted_at", "conflicts", "submitting_since", "answering", "term_ends_on")


def listed_order(number: int = 1, owned_by: User | None = None, **changes: Any) -> CopperOrder:
    """A completed activation for a bakery in Rouen, with changes; None leaves a field out."""
    ours = {name: changes.pop(name) for name in OURS if name in changes}
    document = {
        "order_uuid": f"order-{number}",
        "alias": f"O261102_{number:05d}",
        "status": "completed",
        "type": "activate",
        "activation_type": "activate",
        "product": SDSL,
        "operator_order_ref": f"REF-{number}",
        "operator_order_name": f"Ligne {number}",
        "owner": {"type": "unregistrated", "name": "Boulangerie"},
        "address": {"city": "ROUEN", "insee_code": "76540"},
        "creation_date": f"2026-11-02T09:00:{number % 60:02d}Z",
        "modification_date": "2026-11-20T09:00:00Z",
    } | changes
    order = ingested({name: value for name, value in document.items() if value is not None}, owned_by)
    if ours:
        CopperOrder.objects.filter(pk=order.pk).update(**ours)
        order.refresh_from_db()
    return order

"""Copper orders as the vendor's documents make them, for the tests of their list."""

from typing import Any

from accounts.models import User
from extranet.models import CopperOrder
from tests.extranet.order_factory import taken

SDSL = {"code": "SD01", "name": "SDSL-4M-PREMIUM", "line": {"family": {"code": "S"}}}
ENNI = {"code": "NA01", "name": "ENNI-1G", "line": {"family": {"code": "N"}}}
# What the vendor doesn't tell: set as it is.
OURS = ("team", "gone_at", "deleted_at", "conflicts", "submitting_since", "answering", "term_ends_on")


def listed_order(number: int = 1, held_by: User | None = None, **told: Any) -> CopperOrder:
    """A completed activation for a bakery in Rouen, but for what is told; None leaves it out."""
    ours = {name: told.pop(name) for name in OURS if name in told}
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
    } | told
    order = taken({name: value for name, value in document.items() if value is not None}, held_by)
    if ours:
        CopperOrder.objects.filter(pk=order.pk).update(**ours)
        order.refresh_from_db()
    return order

"""A copper order as Covage's document shows it, and what happened to it there."""

from typing import Any

from django.utils import timezone

from accounts.models import User
from extranet import ingest
from extranet.models import CopperOrder
from tests.extranet.order_factory import ingested


def raw_order(**changes: Any) -> dict[str, Any]:
    """An order as Covage's document shows it; None leaves something out."""
    values = {
        "order_uuid": "o1",
        "alias": "O261101_00001",
        "type": "activate",
        "activation_type": "activate",
        "status": "running",
        "creation_date": "2026-11-01T08:00:00Z",
        "submission_date": "2026-11-02T08:00:00Z",
        "product": {"code": "SD01", "name": "SDSL-4M", "line": {"family": {"code": "S", "name": "SDSL"}}},
        "endpoints": [{"endpoint_ref": "0143340043", "endpoint_ref_type": "line_number"}],
        "owner": {"type": "unregistrated", "name": "Untel <SARL>"},
        "contacts": {"operator": {"contact_uuid": "bp5nkkcx"}, "owner": {"phone_number": "0123456789"}},
        "options": {"grt": {"enabled": True, "value": "4h_24_7", "default_value": "4h_bhbd"}},
    }
    return {name: value for name, value in (values | changes).items() if value is not None}


def order_of(owner: User | None, **changes: Any) -> CopperOrder:
    """The order in Covage's document, read a moment ago."""
    order = ingested(raw_order(**changes), owner)
    CopperOrder.objects.filter(pk=order.pk).update(checked_at=timezone.now())
    return CopperOrder.objects.get(pk=order.pk)


def event(what: str, reason: str, order_uuid: str = "o1") -> None:
    ingest.ingest_events(
        [
            {
                "event_uuid": f"{order_uuid}-{what}",
                "object_type": "order",
                "object_uuid": order_uuid,
                "type": f"order-{what}",
                "event_date": "2026-11-03T08:00:00Z",
                "data": {"reason": reason},
            }
        ]
    )

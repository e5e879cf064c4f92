"""Orders made from documents of the vendor's, for the tests of lists."""

from datetime import UTC, datetime
from typing import Any

from tracking.ingest.mapping import apply_detail, apply_listed
from tracking.models import Order

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
# Fields of an order's own page rather than of the list.
DETAILED = (
    "external_id",
    "customer_order_name",
    "service_reference",
    "estimated_delivery_date",
    "commitment_end_date",
    "notice_period",
    "total_amount_monthly",
)


def an_order(number: int = 1, **fields: Any) -> Order:
    """An active order of a bakery in Rouen, with these fields of the vendor's; our own columns are set as given."""
    detail = {name: fields.pop(name) for name in DETAILED if name in fields}
    ours = {
        name: fields.pop(name)
        for name in list(fields)
        if name in ("step", "stuck_on", "gone_at", "line_id", "owner")
    }
    listed = {
        "order_reference": f"CMD_X_{number:08d}",
        "id": f"PO_DC173_{number}",
        "state": "active",
        "order_date": "2026-11-02",
        "modification_date": "2026-11-20T09:00:00Z",
        "offer_technology": "FIBDE",
        "site_client": "3 RUE NEUVE 76000 Rouen",
        "end_customer_name": "Boulangerie",
    }
    order = Order()
    apply_listed(order, listed | fields, NOON)
    if detail:
        apply_detail(order, detail)
    for name, value in ours.items():
        setattr(order, name, value)
    order.save()
    return order

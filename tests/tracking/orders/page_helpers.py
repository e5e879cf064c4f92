"""An order as a sync reads it, and its page."""

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from tests.tracking.vendor_documents import detail, history, listed
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Order


def ingested_order(
    raw: dict[str, Any] | None = None, states: list[Any] | None = None, *, ago: int = 0, **changes: Any
) -> Order:
    """An order as read `ago` seconds ago, so that the page need not ask the vendor."""
    at = timezone.now() - timedelta(seconds=ago)
    store.ingest_page([listed(**changes)], at - timedelta(seconds=1))
    page = {"state": changes.get("state", "in_progress")} | (raw or {})
    store.ingest_reading(Reading("CMD_X_00000001", at, detail(**page), states or history("acknowledged"), []))
    return Order.objects.get()


def order_page(client: Client, order: Order, **query: str) -> str:
    response = client.get(order.get_absolute_url(), query)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())

"""Syncs of the vendor's orders and of their own pages, and orders to expect of them."""

from typing import Any

from sync import runs
from sync.models import SyncRun
from tracking.ingest import sync
from tracking.models import Order

ORDERS = 60


def list_orders(*, full: bool = False) -> SyncRun:
    return runs.run(sync.ORDERS, sync.sync_orders, full=full)


def read_pages() -> SyncRun:
    return runs.run(sync.PAGES, sync.sync_pages)


def newest() -> SyncRun:
    return SyncRun.objects.latest("id")


def some(number: int = 1, **columns: Any) -> list[str]:
    return list(Order.objects.filter(**columns).order_by("pk").values_list("reference", flat=True)[:number])

"""Documents of orders stored as by a sync, at a moment that a test chooses."""

from datetime import UTC, datetime, timedelta
from typing import Any

from notifications.models import Change
from tests.tracking.vendor_documents import detail, history, listed, reference
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Order

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def later(minutes: float = 1) -> datetime:
    return AT + timedelta(minutes=minutes)


def ingest(*page: dict[str, Any], at: datetime = AT, silent: bool = True) -> int:
    return store.ingest_page(page or (listed(),), at, silent=silent)


def reading(at: datetime = AT, number: int = 1, **changes: Any) -> Reading:
    pages: dict[str, Any] = {"history": history("acknowledged"), "documents": []}
    parts = {name: changes.pop(name) for name in ("history", "documents", "failure") if name in changes}
    return Reading(reference(number), at, detail(number, **changes), **pages | parts)


def read(at: datetime = AT, **changes: Any) -> bool:
    return store.ingest_reading(reading(at, **changes))


def order() -> Order:
    return Order.objects.select_related("details").get()


def reported_changes() -> list[dict[str, Any]]:
    """The changes reported to watchers, in the order in which they were found."""
    return list(Change.objects.order_by("id").values_list("changes", flat=True))

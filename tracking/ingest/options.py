"""What options' numbers stand for: orders tell it, the forms of lines show it."""

from collections.abc import Mapping
from typing import Any

from sessions_app.models import Option


def label_options(detail: Mapping[str, Any]) -> None:
    """Keep the labels of the options of an order's product that have none yet (order-tracking.txt, options details)."""
    product = detail.get("product")
    told = product.get("options") if isinstance(product, Mapping) else None
    found = [_option(item) for item in told if isinstance(item, Mapping)] if isinstance(told, list) else []
    Option.objects.bulk_create([option for option in found if option], ignore_conflicts=True)


def _option(item: Mapping[str, Any]) -> Option | None:
    option_id, label = (str(item.get(name) or "").strip() for name in ("option_id", "label"))
    label = label or str(item.get("name") or "").strip()
    return Option(option_id=option_id[:40], label=label[:250]) if option_id and label else None

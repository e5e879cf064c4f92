"""Which order came from which of our lines: what the tracking of orders asks the carts."""

from collections.abc import Collection

from sessions_app.models import Line
from tracking.origins import Origin


def origins_of_lines(upstream_ids: Collection[str]) -> dict[str, Origin]:
    """The origins of the orders with these ids: a line's reference is its order's id (docs/vendor-readings.md, 7)."""
    lines = Line.objects.live().filter(order_reference__in=upstream_ids).exclude(order_date=None)
    told = lines.values_list("order_reference", "cart__owner_id", "cart__team_id", "pk")
    return {reference: Origin(owner, team, line) for reference, owner, team, line in told}

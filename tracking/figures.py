"""How many orders there are of each kind: a roll-up, for counting a million rows takes its time."""

from django.db import transaction
from django.db.models import Count

from tracking.models import Order, Tally


def tally() -> None:
    """Count the orders by state and technology."""
    counted = (
        Order.objects.filter(gone_at=None).values("state", "offer_technology").annotate(number=Count("pk"))
    )
    rows = [
        Tally(state=row["state"], technology=row["offer_technology"], count=row["number"])
        for row in counted.order_by()
    ]
    with transaction.atomic():
        Tally.objects.all().delete()
        Tally.objects.bulk_create(rows)

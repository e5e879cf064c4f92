"""Counting the rows of long tables no further than anybody reads."""

from typing import Any

from django.db.models import QuerySet

MOST_COUNTED = 1000  # rows


def capped_count(queryset: QuerySet[Any], most: int = MOST_COUNTED) -> tuple[int, bool]:
    """Returns how many rows there are, counted up to `most`, and whether there are more."""
    counted = queryset.order_by().values("pk")[: most + 1].count()
    return min(counted, most), counted > most

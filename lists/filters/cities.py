"""Cities as people look for them: whatever their case, accents and hyphens, by how their names begin."""

from typing import Any, TypeVar

from django.db import connections, models

from lists.search import normalised

LAST_CHARACTER = "\U0010ffff"

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def place_key(city: str) -> str:
    """A city as it is looked for, and kept in the column `city_key`: upper case, without accents and hyphens."""
    return normalised(city.replace("-", " "))


def in_city(rows: Rows, text: str) -> Rows:
    """Those of the cities whose names begin with a text. An index over `city_key` serves."""
    text = place_key(text)
    if connections[rows.db].vendor == "sqlite":
        # There LIKE knows no case, and so no index.
        return rows.filter(city_key__gte=text, city_key__lt=text + LAST_CHARACTER)
    return rows.filter(city_key__startswith=text)

"""Searching cities by the beginnings of their names, without regard to case, accents and hyphens."""

from typing import Any, TypeVar

from django.db import connections, models

from lists.search import normalised

LAST_CHARACTER = "\U0010ffff"

Rows = TypeVar("Rows", bound="models.QuerySet[Any]")


def place_key(city: str) -> str:
    """Returns a city as the column `city_key` has it for searching: upper case, without accents and hyphens."""
    return normalised(city)


def in_city(rows: Rows, text: str) -> Rows:
    """Returns the rows whose city begins with a text. An index of `city_key` serves."""
    text = place_key(text)
    if connections[rows.db].vendor == "sqlite":
        # SQLite's LIKE ignores case, and so the index.
        return rows.filter(city_key__gte=text, city_key__lt=text + LAST_CHARACTER)
    return rows.filter(city_key__startswith=text)

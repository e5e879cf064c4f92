"""The values that a column has, under labels, as the filters of a list offer them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from web.distinct import values_of

Choices = list[tuple[str, Any]]


def labelled(codes: Iterable[str], label_of: Callable[[str], str]) -> Choices:
    """Returns choices of codes with their labels, each once, without blank."""
    return [(code, label_of(code)) for code in dict.fromkeys(codes) if code]


def plain(model: type[models.Model], column: str) -> Choices:
    """Returns choices of the values of a column, labelled as they are."""
    return [(str(value), str(value)) for value in values_of(model, column)]

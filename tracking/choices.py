"""What the filters of the list of orders offer: the values that orders have, found without reading them all."""

from typing import Any

from desk import offering
from desk.offering import Choices, labelled
from tracking.models import Order, Tally
from tracking.states import OrderState, Step, state_label


def states() -> Choices:
    """The documented states, and whatever else orders are in."""
    counted = Tally.objects.order_by("state").values_list("state", flat=True)
    return labelled([*OrderState.values, *counted], state_label)


def steps() -> Choices:
    """The steps of production, and whatever else histories tell."""
    return labelled([*Step.values, *values_of("step")], state_label)


def technologies() -> Choices:
    found = Tally.objects.order_by("technology").values_list("technology", flat=True)
    return labelled(found, str)


def plain(column: str) -> Choices:
    """The values of a column as they are."""
    return offering.plain(Order, column)


def values_of(column: str, most: int = offering.MOST) -> list[Any]:
    """The different values of an indexed column of orders."""
    return offering.values_of(Order, column, most)

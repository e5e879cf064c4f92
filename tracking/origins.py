"""Who ordered an order here: told by whatever keeps the carts, which this package does not know."""

from collections.abc import Callable, Collection, Mapping
from typing import NamedTuple
from uuid import UUID


class Origin(NamedTuple):
    """The cart's owner and team, and the line that became the order."""

    owner_id: int | None
    team_id: int | None
    line_id: UUID


Source = Callable[[Collection[str]], Mapping[str, Origin]]

_sources: list[Source] = []


def register(source: Source) -> None:
    """Make known who can tell: a function from the orders' own ids (`PO_…`) to the origins that it knows."""
    if source not in _sources:
        _sources.append(source)


def origins_of(upstream_ids: Collection[str]) -> dict[str, Origin]:
    """The origins of those orders that were ordered here, by their ids (docs/vendor-readings.md, 7)."""
    found: dict[str, Origin] = {}
    for source in _sources:
        found |= source(upstream_ids)
    return found

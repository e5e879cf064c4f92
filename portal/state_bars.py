"""Orders by state as bars, split by technology, each figure with the address of the list that makes it up."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from tracking.charts import Part, stacked
from tracking.figures import Counted, StateCount

# As many looks as the style sheet has; technologies beyond them share the last.
LOOKS = 5


@dataclass(frozen=True)
class Cell:
    """How many orders of a state are of one technology; no address where the list can't tell them apart."""

    count: int
    url: str


@dataclass(frozen=True)
class Bar:
    """A state with its figure, its bar, and its row in the table."""

    label: str
    count: int
    url: str
    parts: list[Part]
    cells: list[Cell]


@dataclass(frozen=True)
class Bars:
    """The chart; `technologies` are (name, look) in the order in which bars are stacked."""

    technologies: list[tuple[str, str]]
    rows: list[Bar]


def state_bars(counted: Counted, *, own: bool) -> Bars:
    """The chart of some counts; `own` narrows the lists to the reader's own."""
    codes = counted.technologies
    names = [(code or _("none told"), f"look-{min(place, LOOKS)}") for place, code in enumerate(codes, 1)]
    most = max((one.total for one in counted.states), default=0)
    return Bars(names, [_bar(one, codes, names, most, own=own) for one in counted.states])


def _bar(
    one: StateCount, codes: Sequence[str], names: Sequence[tuple[str, str]], most: int, *, own: bool
) -> Bar:
    counts = [one.by_technology.get(code, 0) for code in codes]
    parts = [(name, look, float(count)) for (name, look), count in zip(names, counts, strict=True) if count]
    cells = [
        Cell(count, _url(one.state, code, own=own) if code else "")
        for code, count in zip(codes, counts, strict=True)
    ]
    return Bar(one.label, one.total, _url(one.state, "", own=own), stacked(parts, most), cells)


def _url(state: str, technology: str, *, own: bool) -> str:
    """The list of a state's orders; nowhere for a blank one, for which no list can ask."""
    if not state:
        return ""
    asked = {"state": state, "offer_technology": technology, "mine": "true" if own else ""}
    return f"{reverse('tracking:orders')}?{urlencode({name: told for name, told in asked.items() if told})}"

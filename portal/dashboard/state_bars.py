"""Orders by state as bars, split by kind, each figure with the address of the list that makes it up."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from extranet.states import family_label, status_label
from lists.counts import Counted, StateCount
from portal.dashboard.charts import Part, stacked
from tracking.states import state_label

# As many looks as the style sheet has; kinds beyond them share the last.
LOOKS = 5


@dataclass(frozen=True)
class Cell:
    """How many orders of a state are of one kind; no address where the list can't tell them apart."""

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
    """The chart; `kinds` are (name, look) in the order in which bars are stacked."""

    kinds: list[tuple[str, str]]
    rows: list[Bar]


@dataclass(frozen=True)
class Listed:
    """The list that makes the figures up: what it calls a state and a kind in its address, and how both read."""

    url_name: str
    state: str
    kind: str
    state_label: Callable[[str], str]
    kind_label: Callable[[str], str] = str

    def url(self, state: str, kind: str, *, own: bool) -> str:
        """The list of a state's orders; nowhere for a blank one, for which no list can ask."""
        if not state:
            return ""
        asked = {self.state: state, self.kind: kind, "mine": "true" if own else ""}
        return f"{reverse(self.url_name)}?{urlencode({name: told for name, told in asked.items() if told})}"


ORDERS = Listed("tracking:orders", "state", "offer_technology", state_label)
COPPER = Listed("extranet:orders", "status", "product_family", status_label, family_label)


def state_bars(counted: Counted, listed: Listed, *, own: bool) -> Bars:
    """The chart of some counts; `own` narrows the lists to the reader's own."""
    codes = counted.kinds
    names = [
        (listed.kind_label(code) if code else _("not given"), f"look-{min(place, LOOKS)}")
        for place, code in enumerate(codes, 1)
    ]
    most = max((one.total for one in counted.states), default=0)
    return Bars(names, [_bar(one, codes, names, most, listed, own=own) for one in counted.states])


def _bar(
    one: StateCount,
    codes: Sequence[str],
    names: Sequence[tuple[str, str]],
    most: int,
    listed: Listed,
    *,
    own: bool,
) -> Bar:
    counts = [one.by_kind.get(code, 0) for code in codes]
    parts = [(name, look, float(count)) for (name, look), count in zip(names, counts, strict=True) if count]
    cells = [
        Cell(count, listed.url(one.state, code, own=own) if code else "")
        for code, count in zip(codes, counts, strict=True)
    ]
    url = listed.url(one.state, "", own=own)
    return Bar(listed.state_label(one.state), one.total, url, stacked(parts, most), cells)

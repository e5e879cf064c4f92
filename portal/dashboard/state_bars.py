"""Orders by state as bars, split by kind, each count with the address of the list behind it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from extranet.states import family_label, status_label
from lists.counts import Counted, StateCount
from portal.dashboard.charts import Part, stacked
from tracking.states import state_label

# As many series as the style sheet has colours for; kinds beyond them share the last.
SERIES = 5


@dataclass(frozen=True)
class Cell:
    """How many orders of a state are of one kind; no address where the list can't tell them apart."""

    count: int
    url: str


@dataclass(frozen=True)
class Bar:
    """A state with its count, its bar, and its row in the table."""

    label: str
    count: int
    url: str
    parts: list[Part]
    cells: list[Cell]


@dataclass(frozen=True)
class Bars:
    """The chart; `kinds` are (name, CSS class) in the order in which bars are stacked."""

    kinds: list[tuple[str, str]]
    rows: list[Bar]


@dataclass(frozen=True)
class ListLink:
    """The list page behind the counts: its parameters for a state and for a kind, and the labels of both."""

    url_name: str
    state: str
    kind: str
    state_label: Callable[[str], str]
    kind_label: Callable[[str], str] = str

    def url(self, state: str, kind: str, *, own: bool) -> str:
        """The address of the list of a state's orders; empty for a blank state, by which no list can be filtered."""
        if not state:
            return ""
        parameters = {self.state: state, self.kind: kind, "mine": "true" if own else ""}
        return f"{reverse(self.url_name)}?{urlencode({name: value for name, value in parameters.items() if value})}"


ORDERS = ListLink("tracking:orders", "state", "offer_technology", state_label)
COPPER = ListLink("extranet:orders", "status", "product_family", status_label, family_label)


def state_bars(counted: Counted, list_link: ListLink, *, own: bool) -> Bars:
    """The chart of some counts; `own` narrows the lists to the reader's own."""
    codes = counted.kinds
    names = [
        (list_link.kind_label(code) if code else _("not given"), f"series-{min(place, SERIES)}")
        for place, code in enumerate(codes, 1)
    ]
    most = max((one.total for one in counted.states), default=0)
    return Bars(names, [_bar(one, codes, names, most, list_link, own=own) for one in counted.states])


def _bar(
    one: StateCount,
    codes: Sequence[str],
    names: Sequence[tuple[str, str]],
    most: int,
    list_link: ListLink,
    *,
    own: bool,
) -> Bar:
    counts = [one.by_kind.get(code, 0) for code in codes]
    parts = [
        (name, css_class, float(count))
        for (name, css_class), count in zip(names, counts, strict=True)
        if count
    ]
    cells = [
        Cell(count, list_link.url(one.state, code, own=own) if code else "")
        for code, count in zip(codes, counts, strict=True)
    ]
    url = list_link.url(one.state, "", own=own)
    return Bar(list_link.state_label(one.state), one.total, url, stacked(parts, most), cells)

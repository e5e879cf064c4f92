"""An order's history, and what follows from it: the steps' times, the current step, what is planned.

Histories have an open set of states of their own (docs/vendor-readings.md, 13).
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from itertools import pairwise
from typing import Any, NamedTuple

from covage.moments import moment
from tracking.states import SETTLED, OrderState, Step
from web.timeline import A_DAY

PLANNED = (Step.TECHNICAL_VISIT_PLANNED.value, Step.CONNEXION_PLANNED.value)
_FRENCH_DAY = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})(?:\D{1,6}(\d{1,2})\s*[:hH]\s*(\d{2})?)?")
_ISO_DAY = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2}))?")


class HistoryEntry(NamedTuple):
    """A state that an order entered: which, when (None when the date can't be read), and why."""

    state: str
    at: datetime | None
    reason: str


class PassedStep(NamedTuple):
    """A step that an order has left, or with a blank step its whole way from order to service."""

    step: str
    started_at: datetime
    ended_at: datetime

    @property
    def days(self) -> float:
        return (self.ended_at - self.started_at) / A_DAY


class PlannedAppointment(NamedTuple):
    """A visit or a connection: for when, whether only the day is known, whether it has taken place or been moved."""

    kind: str
    at: datetime
    whole_day: bool
    is_done: bool
    text: str


def entries(raw: Iterable[Any]) -> list[HistoryEntry]:
    """The history's entries, oldest first; those of one moment as listed (docs/vendor-readings.md, 33).

    Malformed entries are left out.
    """
    found = [_entry(item) for item in raw if isinstance(item, Mapping) and item.get("state")]
    known = sorted((entry for entry in found if entry.at), key=lambda entry: entry.at or datetime.max)
    return known + [entry for entry in found if not entry.at]


def _entry(item: Mapping[str, Any]) -> HistoryEntry:
    return HistoryEntry(
        str(item["state"]), moment(item.get("change_date")), str(item.get("change_reason") or "")
    )


def passed(history: list[HistoryEntry]) -> list[PassedStep]:
    """The steps already left on the way to service, in order, then the whole way if the order is in service."""
    path = _path_to_service(history)
    steps = [PassedStep(one.state, one.at, other.at) for one, other in pairwise(path) if one.at and other.at]
    if path and path[-1].state == OrderState.ACTIVE and path[0].at and path[-1].at:
        steps.append(PassedStep("", path[0].at, path[-1].at))
    return steps


def _path_to_service(history: list[HistoryEntry]) -> list[HistoryEntry]:
    """The dated entries up to and including the first at which the order is settled."""
    dated = [entry for entry in history if entry.at]
    ends = next((index for index, entry in enumerate(dated) if entry.state in SETTLED), len(dated) - 1)
    return dated[: ends + 1]


def current(history: list[HistoryEntry]) -> HistoryEntry | None:
    """The order's current entry: the newest with a date."""
    return next((entry for entry in reversed(history) if entry.at), None)


def planned(history: list[HistoryEntry], now: datetime) -> list[PlannedAppointment]:
    """The visits and connections found in a history.

    A planned step's date is the one named in its reason; without one, its own date when that is still to come
    (docs/vendor-readings.md, 29). The same step again, a later one or an end means that it took place or was moved.
    """
    found = []
    for index, entry in enumerate(history):
        if entry.state in PLANNED and (when := _when(entry, now)):
            at, whole_day = when
            is_done = any(_is_beyond(later.state, entry.state) for later in history[index + 1 :])
            found.append(PlannedAppointment(entry.state, at, whole_day, is_done, entry.reason))
    return found


def _is_beyond(state: str, step: str) -> bool:
    """Whether a state that follows a planned step supersedes it. An unknown state doesn't."""
    steps = Step.values
    return state in SETTLED or (state in steps and steps.index(state) >= steps.index(step))


def _when(entry: HistoryEntry, now: datetime) -> tuple[datetime, bool] | None:
    if found := _FRENCH_DAY.search(entry.reason):
        day, month, year, hour, minute = found.groups()
        return _moment(year, month, day, hour, minute)
    if found := _ISO_DAY.search(entry.reason):
        return _moment(*found.groups())
    return (entry.at, False) if entry.at and entry.at > now else None


def _moment(
    year: str, month: str, day: str, hour: str | None, minute: str | None
) -> tuple[datetime, bool] | None:
    """The moment, given in Paris time, and whether it is only a day; None for a day or an hour that doesn't exist."""
    try:
        at = moment(datetime(int(year), int(month), int(day), int(hour or 0), int(minute or 0)))
    except ValueError:
        return None
    return (at, hour is None) if at else None

"""The timeline of a copper order: the dates of its steps, how long each took, and what comes next."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import pgettext

from extranet.models import CopperOrder, OrderEvent
from extranet.orders.activity import status_of
from extranet.states import SETTLED, Status, status_label
from web.timeline import A_DAY, Milestone, as_duration

# The statuses in their usual order, each with the field of its date; `pending` has one only in events.
_DATES = {
    Status.DRAFT.value: "creation_date",
    Status.SUBMITTED.value: "submission_date",
    Status.ACKNOWLEDGED.value: "acknowledged_date",
    Status.RUNNING.value: "processing_date",
    Status.PENDING.value: "",
    Status.ON_HOLD.value: "held_date",
    Status.REJECTED.value: "rejection_date",
    Status.CANCELED.value: "cancellation_date",
    Status.COMPLETED.value: "completion_date",
}
# The steps of every order, and those of only some orders.
_STEPS = (Status.DRAFT.value, Status.SUBMITTED.value, Status.ACKNOWLEDGED.value, Status.RUNNING.value)
_OPTIONAL_STEPS = (Status.PENDING.value, Status.ON_HOLD.value)


class StatusEntry(NamedTuple):
    """When an order entered a status."""

    status: str
    at: datetime


def milestones_of(order: CopperOrder, events: Sequence[OrderEvent]) -> list[Milestone]:
    """The steps of an order from its creation, dated by the order and its events."""
    entries = _entries(order, events)
    reached = _moments(order, entries)
    durations = _durations(order, entries)
    return [
        Milestone(
            name=_DATES[step] or step,
            label=_label(step, order.type),
            place=place,
            at=reached.get(step),
            took=as_duration(durations[step] / A_DAY) if step in durations else "",
        )
        for step, place in _places(order, reached)
    ]


def _is_under_way(order: CopperOrder) -> bool:
    return order.status not in SETTLED and not order.gone_at


def _entries(order: CopperOrder, events: Sequence[OrderEvent]) -> list[StatusEntry]:
    """The statuses that the order entered, oldest first: by its events, else by its dates."""
    by_event = [StatusEntry(status_of(event), event.event_date) for event in events if event.event_date]
    by_event = [entry for entry in by_event if entry.status]
    known = {entry.status for entry in by_event}
    dates = ((status, _date(order, status)) for status in _DATES if status not in known)
    found = [*by_event, *(StatusEntry(status, at) for status, at in dates if at)]
    entries = sorted(found, key=lambda entry: (entry.at, list(_DATES).index(entry.status)))
    return [next(alike) for _status, alike in groupby(entries, key=lambda entry: entry.status)]


def _date(order: CopperOrder, status: str) -> datetime | None:
    """The order's own date of a status; for a draft that Covage doesn't have yet, its creation here."""
    column = _DATES[status]
    at: datetime | None = getattr(order, column) if column else None
    return at or (order.created_at if status == Status.DRAFT else None)


def _moments(order: CopperOrder, entries: Sequence[StatusEntry]) -> dict[str, datetime]:
    """When the order entered each status: by its own date, else by the first event."""
    moments = {entry.status: entry.at for entry in reversed(entries)}
    dates = ((status, _date(order, status)) for status in _DATES)
    return moments | {status: at for status, at in dates if at}


def _places(order: CopperOrder, reached: Mapping[str, datetime]) -> Iterator[tuple[str, str]]:
    """The steps to show, each with its place. A rejected or cancelled order has none ahead."""
    now = order.status or Status.DRAFT.value
    end = now if now in SETTLED else Status.COMPLETED.value
    steps = [step for step in _STEPS if step in reached or step == now or end == Status.COMPLETED]
    passed = _number_passed(steps, reached, now)
    for step in [*steps[:passed], *_optional_steps(reached, now)]:
        yield step, "current" if step == now else "done" if step in reached else "unreported"
    awaited = "next" if _is_under_way(order) else "ahead"
    for step in [*steps[passed:], end]:
        yield step, "done" if step == now else awaited
        awaited = "ahead"


def _number_passed(steps: Sequence[str], reached: Mapping[str, datetime], now: str) -> int:
    """How many of the steps the order has passed, dated or not."""
    if now in SETTLED:
        return len(steps)
    return max(
        (place for place, step in enumerate(steps, start=1) if step in reached or step == now), default=0
    )


def _optional_steps(reached: Mapping[str, datetime], now: str) -> list[str]:
    """The steps of only some orders that this one went through, oldest first."""
    steps = [step for step in _OPTIONAL_STEPS if step in reached or step == now]
    return sorted(steps, key=lambda step: reached.get(step, timezone.now()))


def _durations(order: CopperOrder, entries: Sequence[StatusEntry]) -> dict[str, timedelta]:
    """How long the order was in each status in all; in its current one, until now.

    The current one is left out if no date or event says when the order last entered it.
    """
    now = order.status or Status.DRAFT.value
    is_there = bool(entries) and entries[-1].status == now
    until = [StatusEntry("", timezone.now())] if is_there and _is_under_way(order) else []
    durations: dict[str, timedelta] = {}
    for one, other in pairwise([*entries, *until]):
        durations[one.status] = durations.get(one.status, timedelta()) + (other.at - one.at)
    return {status: stay for status, stay in durations.items() if status != now or until}


def _label(step: str, kind: str) -> str:
    if step == Status.DRAFT:
        return pgettext("copper", "created")
    return status_label(step, kind)

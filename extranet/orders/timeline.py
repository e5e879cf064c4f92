"""The way of a copper order as people read it: its dates in turn, how long each step took, and what comes next."""

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

# The statuses in their usual order, each with the field that tells its date; of `pending` only events tell one.
_DATES = {
    Status.DRAFT.value: "creation_date",
    Status.SUBMITTED.value: "submission_date",
    Status.ACKNOWLEDGED.value: "acknowledged_date",
    Status.RUNNING.value: "processing_date",
    Status.PENDING.value: "",
    Status.HELD.value: "held_date",
    Status.REJECTED.value: "rejection_date",
    Status.CANCELED.value: "cancellation_date",
    Status.COMPLETED.value: "completion_date",
}
# The steps that every order takes on its way, and those that only some come through.
_WAY = (Status.DRAFT.value, Status.SUBMITTED.value, Status.ACKNOWLEDGED.value, Status.RUNNING.value)
_SOMETIMES = (Status.PENDING.value, Status.HELD.value)


class Entry(NamedTuple):
    """That an order entered a status, and when."""

    status: str
    at: datetime


def milestones_of(order: CopperOrder, events: Sequence[OrderEvent]) -> list[Milestone]:
    """The steps of an order, first of all that it was created, with what its dates and events tell of each."""
    entries = _entries(order, events)
    reached = _moments(order, entries)
    stays = _stays(order, entries)
    return [
        Milestone(
            name=_DATES[step] or step,
            label=_label(step, order.type),
            place=place,
            at=reached.get(step),
            took=as_duration(stays[step] / A_DAY) if step in stays else "",
        )
        for step, place in _places(order, reached)
    ]


def _is_on_its_way(order: CopperOrder) -> bool:
    return order.status not in SETTLED and not order.gone_at


def _entries(order: CopperOrder, events: Sequence[OrderEvent]) -> list[Entry]:
    """The statuses that the order entered, oldest first: by its events, and by its dates where no event tells."""
    told = [Entry(status_of(event), event.event_date) for event in events if event.event_date]
    told = [entry for entry in told if entry.status]
    known = {entry.status for entry in told}
    dates = ((status, _date(order, status)) for status in _DATES if status not in known)
    found = [*told, *(Entry(status, at) for status, at in dates if at)]
    entries = sorted(found, key=lambda entry: (entry.at, list(_DATES).index(entry.status)))
    return [next(alike) for _status, alike in groupby(entries, key=lambda entry: entry.status)]


def _date(order: CopperOrder, status: str) -> datetime | None:
    """The order's own date of a status. One that Covage doesn't know yet was created here."""
    column = _DATES[status]
    at: datetime | None = getattr(order, column) if column else None
    return at or (order.created_at if status == Status.DRAFT else None)


def _moments(order: CopperOrder, entries: Sequence[Entry]) -> dict[str, datetime]:
    """When the order entered each status: as its own date says, which counts, or the first time that events tell."""
    moments = {entry.status: entry.at for entry in reversed(entries)}
    dates = ((status, _date(order, status)) for status in _DATES)
    return moments | {status: at for status, at in dates if at}


def _places(order: CopperOrder, reached: Mapping[str, datetime]) -> Iterator[tuple[str, str]]:
    """The steps worth telling, each with where it lies. An order that came to nothing has none ahead."""
    now = order.status or Status.DRAFT.value
    end = now if now in SETTLED else Status.COMPLETED.value
    way = [step for step in _WAY if step in reached or step == now or end == Status.COMPLETED]
    passed = _number_passed(way, reached, now)
    for step in [*way[:passed], *_in_time(reached, now)]:
        yield step, "current" if step == now else "done" if step in reached else "unreported"
    awaited = "next" if _is_on_its_way(order) else "ahead"
    for step in [*way[passed:], end]:
        yield step, "done" if step == now else awaited
        awaited = "ahead"


def _number_passed(way: Sequence[str], reached: Mapping[str, datetime], now: str) -> int:
    """How many steps of the way the order has come by, whether anybody told of them or not."""
    if now in SETTLED:
        return len(way)
    return max(
        (place for place, step in enumerate(way, start=1) if step in reached or step == now), default=0
    )


def _in_time(reached: Mapping[str, datetime], now: str) -> list[str]:
    """What only some orders come through, of what this one did, in time."""
    steps = [step for step in _SOMETIMES if step in reached or step == now]
    return sorted(steps, key=lambda step: reached.get(step, timezone.now()))


def _stays(order: CopperOrder, entries: Sequence[Entry]) -> dict[str, timedelta]:
    """How long the order was in each status, all its stays together; in the one that it is in, until now.

    Of the last one nothing is said when the order has left it, or come back to it, and nobody told when.
    """
    now = order.status or Status.DRAFT.value
    is_there = bool(entries) and entries[-1].status == now
    until = [Entry("", timezone.now())] if is_there and _is_on_its_way(order) else []
    stays: dict[str, timedelta] = {}
    for one, other in pairwise([*entries, *until]):
        stays[one.status] = stays.get(one.status, timedelta()) + (other.at - one.at)
    return {status: stay for status, stay in stays.items() if status != now or until}


def _label(step: str, kind: str) -> str:
    if step == Status.DRAFT:
        return pgettext("copper", "created")
    return status_label(step, kind)

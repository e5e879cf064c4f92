"""When a technician could come to build an order's line, from Covage's list of appointment slots.

The 8th to the 26th day from today can be booked, premium ones from the 6th; how to book is not known
(spec/README.md, extranet neighbours).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from django.utils import timezone

from covage import Extranet
from covage.copper import Level
from covage.moments import moment
from extranet.models import CopperOrder

# In days from today.
FIRST_DAYS: Mapping[Level, int] = {"standard": 8, "premium": 6}
LAST_DAY = 26


@dataclass(frozen=True)
class AppointmentSlot:
    """When a technician could come; `ends_at` is None if it is unknown."""

    starts_at: datetime
    ends_at: datetime | None


@dataclass(frozen=True)
class Offer:
    """The slots of a level, by day; `unread` are those that could not be read, as they came."""

    level: Level
    first: date
    last: date
    days: list[tuple[date, list[AppointmentSlot]]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)


def bookable(level: Level) -> Offer:
    """The days of a level, without slots yet."""
    today = timezone.localdate()
    return Offer(level, today + timedelta(days=FIRST_DAYS[level]), today + timedelta(days=LAST_DAY))


def offer_of(order: CopperOrder, level: Level, client: Extranet) -> Offer:
    """The slots that Covage offers for an order. Raises CovageError."""
    frame = bookable(level)
    documents = client.appointment_slots(str(order.upstream_id), frame.first, frame.last, level)
    unread = [str(document) for document in documents if not moment(document.get("start_date"))]
    return Offer(level, frame.first, frame.last, _by_day(documents), unread)


def _by_day(documents: Iterable[Mapping[str, Any]]) -> list[tuple[date, list[AppointmentSlot]]]:
    starts = (
        (moment(document.get("start_date")), moment(document.get("end_date"))) for document in documents
    )
    slots = sorted((AppointmentSlot(at, end) for at, end in starts if at), key=lambda slot: slot.starts_at)
    days = groupby(slots, key=lambda slot: timezone.localdate(slot.starts_at))
    return [(day, list(slots_of_day)) for day, slots_of_day in days]

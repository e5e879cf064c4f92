"""An order's milestones and history, for components/timeline.html and components/activity.html; times in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from web.badge import Badge

A_DAY = timedelta(days=1)
AN_HOUR = timedelta(hours=1)


class PlannedMoment(Protocol):
    """What is planned at a step: for when, and whether only the day is known."""

    @property
    def at(self) -> datetime: ...

    @property
    def whole_day(self) -> bool: ...


@dataclass(frozen=True)
class Milestone:
    """A step of the timeline. `place` is done, current, next, ahead, or unreported for one passed without a report.

    `name` is the vendor's; `took` is how long it was in the step, or has been so far; `usual` how long others take.
    """

    name: str
    label: str
    place: str
    at: datetime | None = None
    took: str = ""
    usual: str = ""
    planned: PlannedMoment | None = None


@dataclass(frozen=True)
class ActivityEntry:
    """An entry of the vendor's history; `raw_date` is its date as received, where that can't be read."""

    badge: Badge
    name: str
    at: datetime | None
    raw_date: str
    reason: str


def as_duration(days: float) -> str:
    """Returns a time in words: in hours up to two days, then in days."""
    if days >= 2:
        return ngettext("%(number)d day", "%(number)d days", round(days)) % {"number": round(days)}
    hours = round(days * (A_DAY / AN_HOUR))
    if hours < 1:
        return _("less than an hour")
    return ngettext("%(number)d hour", "%(number)d hours", hours) % {"number": hours}

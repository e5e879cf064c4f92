"""What is planned day by day: visits and connections of the orders that concern a user."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Window
from django.db.models.functions import RowNumber, TruncDate
from django.urls import reverse
from django.utils import timezone

from accounts.roles import BACK_OFFICE
from tracking.models import Appointment
from tracking.states import state_label

if TYPE_CHECKING:
    from accounts.models import User

SHOWN_A_DAY = 6  # appointments


@dataclass(frozen=True)
class AppointmentRow:
    """An appointment as people read it."""

    appointment: Appointment
    kind: str


@dataclass(frozen=True)
class Day:
    """A day with how many appointments it has, the first few, and where all of them are."""

    day: date
    count: int
    rows: list[AppointmentRow]
    url: str

    @property
    def is_today(self) -> bool:
        return self.day == timezone.localdate()

    @property
    def is_past(self) -> bool:
        return self.day < timezone.localdate()


@dataclass(frozen=True)
class Week:
    """A week from Monday to Sunday, where all of its appointments are, and the Mondays beside it."""

    days: list[Day]
    url: str
    previous: date
    following: date

    @property
    def count(self) -> int:
        return sum(day.count for day in self.days)


def coming_day() -> date:
    """Today, or at the weekend the coming Monday: by then the week is over."""
    today = timezone.localdate()
    return today if today.weekday() < 5 else monday_of(today) + timedelta(days=7)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def appointments_of(user: "User") -> Any:
    """The appointments that concern a user: all for the back office, those of their own orders for sales."""
    return Appointment.objects.all() if user.has_role(BACK_OFFICE) else Appointment.objects.of(user)


def week_of(user: "User", day: date) -> Week:
    """The week of a day, with what is planned in it. One query, over the week's appointments alone."""
    monday = monday_of(day)
    sunday = monday + timedelta(days=6)
    by_day = TruncDate("at")
    planned = appointments_of(user).planned(monday, sunday).select_related("order")
    numbered = planned.annotate(
        place=Window(RowNumber(), partition_by=by_day, order_by=[F("at"), F("id")]),
        total=Window(Count("pk"), partition_by=by_day),
    )
    shown = list(numbered.filter(place__lte=SHOWN_A_DAY))
    found = {at: list(group) for at, group in groupby(shown, lambda one: timezone.localtime(one.at).date())}
    days = [_day(one, found.get(one, [])) for one in (monday + timedelta(days=ahead) for ahead in range(7))]
    return Week(days, _url(monday, sunday), monday - timedelta(days=7), monday + timedelta(days=7))


def row_of(appointment: Appointment) -> AppointmentRow:
    return AppointmentRow(appointment, state_label(appointment.kind))


def _day(day: date, first: list[Any]) -> Day:
    return Day(day, first[0].total if first else 0, [row_of(one) for one in first], _url(day, day))


def _url(first: date, last: date) -> str:
    return f"{reverse('portal:appointments')}?from={first.isoformat()}&until={last.isoformat()}"

"""A person's calendar in the iCalendar format (RFC 5545)."""

import re
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from notifications.calendars.sources import CalendarEntry, entries
from web.addresses import absolute

if TYPE_CHECKING:
    from accounts.models import User

PAST, FUTURE = timedelta(days=30), timedelta(days=400)
MOST_ENTRIES = 2000
REFRESH = timedelta(hours=1)
VISIT = timedelta(hours=2)  # nobody says when a visit ends: people keep so much time free
# RFC 5545, 3.1: no control characters other than tabs and line ends.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def calendar_of(reader: "User") -> bytes:
    """Returns a person's calendar around today, in the active language."""
    calendar = Calendar()
    calendar.add("prodid", "-//Carnet//Carnet//EN")
    calendar.add("version", "2.0")
    for name in ("name", "x-wr-calname"):
        calendar.add(name, _("Carnet: orders"))
    calendar.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    today, now = timezone.localdate(), timezone.now()
    for entry in islice(entries(reader, today - PAST, today + FUTURE), MOST_ENTRIES):
        calendar.add_component(_event(entry, now))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry, now: datetime) -> Event:
    event = Event()
    event.add("uid", _clean(entry.uid))
    event.add("dtstamp", now.astimezone(UTC))
    # A day is the same everywhere; a moment is given in UTC, and without an end it would take no time at all.
    if isinstance(entry.start, datetime):
        event.add("dtstart", entry.start.astimezone(UTC))
        event.add("dtend", entry.start.astimezone(UTC) + VISIT)
    else:
        event.add("dtstart", entry.start)
    event.add("summary", _clean(entry.title))
    event.add("transp", "TRANSPARENT")
    if entry.text:
        event.add("description", _clean(entry.text))
    if entry.url:
        event.add("url", iri_to_uri(absolute(entry.url)))
    if entry.kind:
        event.add("categories", [_clean(entry.kind)])
    return event


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)

"""The private calendar: found by its secret alone, in the format of RFC 5545, and revocable."""

import logging
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from io import StringIO
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone, translation
from icalendar import Calendar

from accounts.models import User
from notifications.calendars import feeds, sources
from notifications.calendars.ics import MOST_ENTRIES
from notifications.calendars.logs import WithoutSecrets
from notifications.calendars.sources import CalendarEntry, register_calendar
from notifications.models import Feed
from tests.conftest import People

pytestmark = pytest.mark.django_db

PARIS = ZoneInfo("Europe/Paris")
CalendarHas = Callable[..., None]


@pytest.fixture(autouse=True)
def calendar_has(monkeypatch: pytest.MonkeyPatch) -> CalendarHas:
    """Lets calendars have these entries and no others, for the test's time."""
    monkeypatch.setattr(sources, "SOURCES", [])
    return lambda *entries: register_calendar(lambda user, since, until: entries)


def _read(user: User) -> Any:
    response = Client().get(f"/calendar/{feeds.open_feed(user)}.ics")
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    return response.content


def _events(user: User) -> list[Any]:
    return list(Calendar.from_ical(_read(user)).walk("VEVENT"))


def test_an_entry_on_a_day_is_a_whole_day(people: People, calendar_has: CalendarHas) -> None:
    calendar_has(
        CalendarEntry(
            "visit-1", date(2026, 12, 3), "Visit", "At the\nbakery; really, yes", "/orders/é/", "visit"
        )
    )
    (event,) = _events(people.sales)
    assert event["DTSTART"].to_ical() == b"20261203"
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert (str(event["UID"]), str(event["SUMMARY"])) == ("visit-1", "Visit")
    assert str(event["DESCRIPTION"]) == "At the\nbakery; really, yes"
    assert str(event["URL"]) == "https://testserver/orders/%C3%A9/"
    assert event["CATEGORIES"].to_ical() == b"visit"
    assert event["DTSTAMP"].dt.tzinfo


def test_a_moment_is_given_in_utc(people: People, calendar_has: CalendarHas) -> None:
    calendar_has(CalendarEntry("visit-1", datetime(2026, 7, 3, 9, 30, tzinfo=PARIS), "Visit"))
    (event,) = _events(people.sales)
    assert event["DTSTART"].to_ical() == b"20260703T073000Z"
    assert "DESCRIPTION" not in event
    assert "URL" not in event


def test_a_visit_has_an_end(people: People, calendar_has: CalendarHas) -> None:
    """RFC 5545, 3.6.1: an event with a moment and without an end takes no time, and calendars don't draw it."""
    calendar_has(CalendarEntry("visit-1", datetime(2026, 7, 3, 9, 30, tzinfo=PARIS), "Visit"))
    (event,) = _events(people.sales)
    assert event["DTEND"].to_ical() == b"20260703T093000Z"


def test_a_calendar_that_is_subscribed_to_is_no_invitation(people: People) -> None:
    """RFC 5546, 3.2.1: METHOD:PUBLISH requires an ORGANIZER of each event; a feed has neither."""
    assert "METHOD" not in Calendar.from_ical(_read(people.sales))


def test_lines_end_and_fold_as_the_standard_requires(people: People, calendar_has: CalendarHas) -> None:
    calendar_has(CalendarEntry("1", date(2026, 12, 3), "é" * 200, "ordinary " * 40))
    body = _read(people.sales)
    assert body.startswith(b"BEGIN:VCALENDAR\r\n")
    assert body.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert max(len(line) for line in body.split(b"\r\n")) <= 75
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in body


def test_a_hostile_name_adds_no_line(people: People, calendar_has: CalendarHas) -> None:
    name = "A\r\nATTENDEE:mailto:x@example.test\r\nEND:VEVENT\x00\x07,;\\"
    calendar_has(CalendarEntry(name, date(2026, 12, 3), name, name, "/x", name))
    body = _read(people.sales)
    assert b"\r\nATTENDEE" not in body
    assert body.count(b"\r\nEND:VEVENT") == 1
    assert not any(control in body for control in (b"\x00", b"\x07"))
    (event,) = Calendar.from_ical(body).walk("VEVENT")
    assert str(event["SUMMARY"]).endswith(",;\\")


def test_sources_are_called_with_the_person_and_the_days(people: People) -> None:
    calls: list[tuple[User, date, date]] = []

    def source(user: User, since: date, until: date) -> Iterable[CalendarEntry]:
        calls.append((user, since, until))
        return []

    register_calendar(source)
    register_calendar(source)
    _read(people.sales)
    today = timezone.localdate()
    assert calls == [(people.sales, today - timedelta(days=30), today + timedelta(days=400))]


def test_a_calendar_has_a_limited_number_of_entries(people: People, calendar_has: CalendarHas) -> None:
    calendar_has(
        *(CalendarEntry(str(number), date(2026, 12, 3), "Visit") for number in range(MOST_ENTRIES + 5))
    )
    assert _read(people.sales).count(b"BEGIN:VEVENT") == MOST_ENTRIES


@pytest.mark.parametrize(("language", "said"), [("fr", "fr"), ("en", "en"), ("", "en")])
def test_it_is_in_its_readers_language(people: People, language: str, said: str) -> None:
    def source(user: User, since: date, until: date) -> Iterable[CalendarEntry]:
        yield CalendarEntry("1", since, f"in {translation.get_language()}")

    register_calendar(source)
    people.sales.language = language
    people.sales.save()
    assert f"SUMMARY:in {said}".encode() in _read(people.sales)


@pytest.mark.parametrize("token", ["nothing-like-this", "%00", "é", "a" * 500])
def test_an_unknown_address_is_not_found(people: People, token: str) -> None:
    feeds.open_feed(people.sales)
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_a_new_address_takes_the_place_of_the_old_one(people: People) -> None:
    first, second = feeds.open_feed(people.sales), feeds.open_feed(people.sales)
    assert Client().get(f"/calendar/{first}.ics").status_code == 404
    assert Client().get(f"/calendar/{second}.ics").status_code == 200


def test_somebody_who_left_or_has_no_role_has_no_calendar(people: People) -> None:
    token, nobodys = feeds.open_feed(people.sales), feeds.open_feed(people.nobody)
    User.objects.filter(pk=people.sales.pk).update(is_active=False)
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert Client().get(f"/calendar/{nobodys}.ics").status_code == 404


def test_it_is_read_only(people: People) -> None:
    assert Client().post(f"/calendar/{feeds.open_feed(people.sales)}.ics").status_code == 405


def test_the_address_is_shown_once_and_its_secret_is_not_stored(people: People, sales_client: Client) -> None:
    response = sales_client.post("/notices/settings/calendar/")
    url = response.context["feed_url"]
    token = url.removeprefix("https://testserver/calendar/").removesuffix(".ics")
    assert len(token) >= 43  # 256 bits
    assert url in response.content.decode()
    assert "no-store" in response.headers["Cache-Control"]
    assert token not in Feed.objects.get().digest
    assert token not in sales_client.get("/notices/settings/").content.decode()
    assert Client().get(f"/calendar/{token}.ics").status_code == 200


def test_a_revoked_address_is_not_found_any_more(people: People, sales_client: Client) -> None:
    token = feeds.open_feed(people.sales)
    theirs = feeds.open_feed(people.back_office)
    page = sales_client.post("/notices/settings/calendar/revoke/", follow=True).content.decode()
    assert "revoked" in page
    assert "Create an address" in page
    assert Client().get(f"/calendar/{token}.ics").status_code == 404
    assert Client().get(f"/calendar/{theirs}.ics").status_code == 200


def test_nothing_secret_is_logged(people: People) -> None:
    said = StringIO()
    handler = logging.StreamHandler(said)
    handler.addFilter(WithoutSecrets())
    logger = logging.getLogger("django.request")
    logger.addHandler(handler)
    token = feeds.open_feed(people.sales)
    feeds.close_feed(people.sales)
    try:
        Client().get(f"/calendar/{token}.ics")
        Client().get("/nowhere/")
    finally:
        logger.removeHandler(handler)
    assert token not in said.getvalue()
    assert "Not Found: /calendar/….ics" in said.getvalue()
    assert "Not Found: /nowhere/" in said.getvalue()

"""The entries of orders in a person's calendar."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from notifications.calendars.sources import CalendarEntry
from notifications.models import Watch
from tests.conftest import People
from tracking.models import Appointment, Order, uuid_of
from tracking.orders.calendar import entries

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def _order(reference: str, **columns: object) -> Order:
    values = {"state": "in_progress", "order_date": TODAY, "digest": "", "end_customer_name": "Lenoir"}
    return Order.objects.create(reference=reference, uuid=uuid_of(reference), **values | columns)


def _entries(person: object, days: int = 30) -> list[CalendarEntry]:
    return list(entries(person, TODAY, TODAY + timedelta(days=days)))  # type: ignore[arg-type]


def _kinds(person: object) -> list[str]:
    return [entry.kind for entry in _entries(person)]


def test_it_has_visits_deliveries_and_last_days_of_notice(people: People) -> None:
    order = _order("CMD_X_1", due_on=TODAY + timedelta(days=3), site_client="3 RUE HAUTE 76130 ROUEN")
    at = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    Appointment.objects.create(order=order, kind="technical_visit_planned", at=at, text="Rendez-vous")
    _order("CMD_X_2", state="active", notice_on=TODAY + timedelta(days=5))
    visit, delivery, notice = _entries(people.back_office)
    assert visit.start == at
    assert visit.url == "/orders/CMD_X_1/"
    assert "3 RUE HAUTE 76130 ROUEN" in visit.text
    assert "Rendez-vous" in visit.text
    assert delivery.start == TODAY + timedelta(days=3)
    assert notice.start == TODAY + timedelta(days=5)


def test_a_visit_without_an_hour_takes_the_whole_day(people: People) -> None:
    at = timezone.make_aware(datetime(2026, 11, 24))
    Appointment.objects.create(order=_order("CMD_X_1"), kind="connexion_planned", at=at, whole_day=True)
    (visit,) = _entries(people.back_office)
    assert visit.start == date(2026, 11, 24)


def test_past_gone_and_later_entries_are_left_out(people: People) -> None:
    order = _order("CMD_X_1", due_on=TODAY + timedelta(days=31))
    at = datetime(2026, 11, 24, 8, 30, tzinfo=UTC)
    Appointment.objects.create(order=order, kind="connexion_planned", at=at, is_done=True)
    _order("CMD_X_2", due_on=TODAY, gone_at=timezone.now())
    assert _entries(people.back_office) == []


def test_an_entry_that_moves_stays_the_same_entry(people: People) -> None:
    order = _order("CMD_X_1", due_on=TODAY)
    (before,) = _entries(people.back_office)
    Order.objects.filter(pk=order.pk).update(due_on=TODAY + timedelta(days=7))
    (after,) = _entries(people.back_office)
    assert before.uid == after.uid
    assert before.start != after.start


def test_sales_have_entries_of_their_own_orders_and_of_what_they_watch(people: People) -> None:
    _order("CMD_X_1", due_on=TODAY)
    assert _kinds(people.sales) == []
    Order.objects.update(owner=people.sales)
    assert _kinds(people.sales) == ["delivery"]
    assert _kinds(people.other_sales) == []
    Watch.objects.create(user=people.other_sales, subject_id=uuid_of("CMD_X_1"))
    assert _kinds(people.other_sales) == ["delivery"]


def test_sales_have_entries_of_an_end_customer_whom_they_watch(people: People) -> None:
    _order("CMD_X_1", due_on=TODAY)
    Watch.objects.create(user=people.sales, customer="Lenoir", customer_key="lenoir")
    assert _kinds(people.sales) == ["delivery"]

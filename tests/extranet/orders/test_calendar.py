"""The entries of copper orders in a user's calendar."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from extranet.models import CopperOrder
from extranet.orders.calendar import entries
from notifications.calendars.sources import CalendarEntry
from notifications.models import Watch
from tests.conftest import People

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 23)


def _order(alias: str, in_days: int = 5, **columns: object) -> CopperOrder:
    values = {"status": "completed", "term_ends_on": TODAY + timedelta(days=in_days), "city": "Rouen"}
    return CopperOrder.objects.create(alias=alias, **(values | columns))


def _entries(person: User) -> list[CalendarEntry]:
    return list(entries(person, TODAY, TODAY + timedelta(days=30)))


def _named(person: User) -> list[str]:
    return [entry.text.partition(" ")[0] for entry in _entries(person)]


def test_it_has_the_ends_of_contract_terms(people: People) -> None:
    order = _order("O1", end_customer_name="Lenoir")
    (entry,) = _entries(people.back_office)
    assert entry.start == TODAY + timedelta(days=5)
    assert entry.title == "End of the contract term · Lenoir"
    assert entry.text == "O1 · Lenoir · Rouen"
    assert (entry.uid, entry.url) == (f"term-{order.uuid}", f"/extranet/{order.uuid}/")


def test_what_is_gone_deleted_ended_or_beyond_the_span_is_left_out(people: People) -> None:
    _order("O1", in_days=31)
    _order("O2", in_days=-1)
    _order("O3", gone_at=timezone.now())
    _order("O4", deleted_at=timezone.now())
    _order("O5", service_alias="S5")
    CopperOrder.objects.create(type="terminate", status="completed", service_alias="S5")
    assert _entries(people.back_office) == []


def test_sales_have_those_of_their_own_orders_and_of_what_they_watch(people: People) -> None:
    sales = people.sales
    _order("MINE", owner=sales)
    _order("TEAMS", in_days=6, owner=people.other_sales, team=people.north)
    watched = _order("WATCHED", in_days=7, owner=people.other_sales)
    _order("CUSTOMERS", in_days=8, end_customer_name="Lenoir")
    _order("THEIRS", in_days=9, owner=people.other_sales)
    Watch.objects.create(user=sales, subject_id=watched.uuid)
    Watch.objects.create(user=sales, customer="Lenoir", customer_key="lenoir")
    assert _named(User.objects.get(pk=sales.pk)) == ["MINE", "TEAMS", "WATCHED", "CUSTOMERS"]

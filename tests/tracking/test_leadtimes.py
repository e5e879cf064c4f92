"""How long steps take: what is usual, and what it is computed from."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from lists.counts import percentile
from sync.leases import lease
from tests.conftest import People
from tests.tracking import past
from tracking import leadtimes
from tracking.models import LeadTime, Order, StepTime

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]


def test_a_person_with_too_many_orders_sees_the_lead_times_of_the_newest(
    people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    past.ingest(20)
    Order.objects.update(owner=people.sales)
    monkeypatch.setattr(leadtimes, "MOST_OWN", 7)
    own = leadtimes.own(people.sales)
    newest = StepTime.objects.order_by("-ended_at", "-id")[:7]
    counted = sum(lead.count for lead in own if lead.month and not lead.technology)
    assert counted == len(newest)
    assert {lead.step for lead in own} == {time.step for time in newest}


@given(st.lists(st.floats(0, 1000), min_size=1, max_size=50), st.integers(1, 100))
def test_a_percentile_is_the_smallest_time_that_so_many_do_not_exceed(
    times: list[float], percent: int
) -> None:
    found = percentile(sorted(times), percent / 100)
    assert found in times
    assert sum(time <= found for time in times) * 100 >= percent * len(times) - 1e-6 * len(times)
    smaller = [time for time in times if time < found]
    assert len(smaller) * 100 < percent * len(times) + 1e-6 * len(times)


def test_every_month_of_three_years_is_there_whether_or_not_anything_ended() -> None:
    months = leadtimes.by_month([], "", "", date(2026, 11, 21))
    assert (len(months), min(months), max(months)) == (37, date(2023, 11, 1), date(2026, 11, 1))
    assert not any(months.values())


def test_steps_come_in_their_usual_order_and_unknown_ones_last() -> None:
    steps = ["zz_new", "connexion_planned", "", "acknowledged"]
    leads = [LeadTime(technology="", step=step, month=None, count=1, median=1, p90=1) for step in steps]
    shown = leadtimes.of_the_year(leads, "")
    assert [lead.step for lead in shown] == ["", "acknowledged", "connexion_planned", "zz_new"]


def test_a_step_with_few_times_has_no_usual_time() -> None:
    LeadTime.objects.create(technology="FON", step="acknowledged", count=4, median=1, p90=1)
    LeadTime.objects.create(technology="", step="acknowledged", count=5, median=2, p90=3)
    assert leadtimes.usual() == {("", "acknowledged"): 3}


def test_an_order_is_stuck_after_what_is_usual_for_its_technology_else_for_all() -> None:
    since = timezone.now()
    usual = {("FON", "acknowledged"): 2.0, ("", "acknowledged"): 1.0}
    assert leadtimes.stuck_on(usual, "FON", "acknowledged", since) == since + timedelta(days=2)
    assert leadtimes.stuck_on(usual, "FIBDE", "acknowledged", since) == since + timedelta(days=1)
    assert leadtimes.stuck_on(usual, "FIBDE", "zz_new", since) is None
    assert leadtimes.stuck_on(usual, "FIBDE", "acknowledged", None) is None


def test_two_roll_ups_at_once_compute_once(django_assert_num_queries: Any) -> None:
    past.ingest(10)
    before = LeadTime.objects.count()
    LeadTime.objects.all().delete()
    with lease("lead times", 60):
        leadtimes.roll_up()
    assert LeadTime.objects.count() == 0
    leadtimes.roll_up()
    assert LeadTime.objects.count() == before

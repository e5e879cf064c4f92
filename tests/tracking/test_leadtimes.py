"""How long steps take, compared with a slow and obvious computation over the raw histories."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from lists.counts import percentile
from sync.leases import lease
from tests.conftest import People
from tests.tracking import past
from tracking import leadtimes
from tracking.models import LeadTime, Order, StepTime

pytestmark = pytest.mark.django_db
COUNT = 120


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_last_year_follows_from_the_histories(seed: int) -> None:
    past.ingest(COUNT, seed)
    expected = past.of_last_year(timezone.now())
    leads = {(lead.technology, lead.step): lead for lead in LeadTime.objects.filter(month=None)}
    assert set(leads) == set(expected)
    for key, times in expected.items():
        assert leads[key].count == len(times)
        assert leads[key].median == pytest.approx(past.nearest_rank(times, 50))
        assert leads[key].p90 == pytest.approx(past.nearest_rank(times, 90))


@pytest.mark.parametrize(("technology", "step"), [("", ""), ("FIBDE", "connexion_planned"), ("FON", "")])
def test_the_months_follow_from_the_histories(technology: str, step: str) -> None:
    past.ingest(COUNT)
    expected = past.of_months(technology, step)
    months = leadtimes.by_month(leadtimes.known(technology, step), technology, step, timezone.localdate())
    found = {month: lead for month, lead in months.items() if lead}
    assert set(found) == set(expected)
    for month, times in expected.items():
        assert found[month].count == len(times)
        assert found[month].median == pytest.approx(past.nearest_rank(times, 50))
        assert found[month].p90 == pytest.approx(past.nearest_rank(times, 90))


def test_stuck_orders_follow_from_the_histories() -> None:
    past.ingest(200)
    expected = past.stuck(timezone.now())
    assert expected
    assert past.references(Order.objects.stuck()) == expected


def test_own_lead_times_are_those_of_own_orders_alone(people: People) -> None:
    past.ingest(COUNT)
    User.objects.filter(pk=people.sales.pk).update(email="sales1@example.test")
    own = leadtimes.own(User.objects.get(pk=people.sales.pk))
    expected = past.of_last_year(timezone.now(), past.own_references("sales1@example.test"))
    leads = {(lead.technology, lead.step): lead for lead in own if lead.month is None}
    assert set(leads) == set(expected)
    for key, times in expected.items():
        assert (leads[key].count, leads[key].p90) == (
            len(times),
            pytest.approx(past.nearest_rank(times, 90)),
        )


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

"""How long steps take, compared with a slow and obvious computation over the raw histories."""

import pytest
from django.utils import timezone

from accounts.models import User
from tests.conftest import People
from tests.tracking import past
from tracking import leadtimes
from tracking.models import LeadTime, Order

pytestmark = [
    pytest.mark.usefixtures("histories", "db"),
    pytest.mark.random_order(disabled=True),
    pytest.mark.postgresql,
]


def test_the_last_year_follows_from_the_histories() -> None:
    expected = past.of_last_year(timezone.now())
    leads = {(lead.technology, lead.step): lead for lead in LeadTime.objects.filter(month=None)}
    assert set(leads) == set(expected)
    for key, times in expected.items():
        assert leads[key].count == len(times)
        assert leads[key].median == pytest.approx(past.nearest_rank(times, 50))
        assert leads[key].p90 == pytest.approx(past.nearest_rank(times, 90))


@pytest.mark.parametrize(("technology", "step"), [("", ""), ("FIBDE", "connexion_planned"), ("FON", "")])
def test_the_months_follow_from_the_histories(technology: str, step: str) -> None:
    expected = past.of_months(technology, step)
    months = leadtimes.by_month(leadtimes.known(technology, step), technology, step, timezone.localdate())
    found = {month: lead for month, lead in months.items() if lead}
    assert set(found) == set(expected)
    for month, times in expected.items():
        assert found[month].count == len(times)
        assert found[month].median == pytest.approx(past.nearest_rank(times, 50))
        assert found[month].p90 == pytest.approx(past.nearest_rank(times, 90))


def test_stuck_orders_follow_from_the_histories() -> None:
    expected = past.stuck(timezone.now())
    assert expected
    assert past.references(Order.objects.stuck()) == expected


def test_own_lead_times_are_those_of_own_orders_alone(people: People) -> None:
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

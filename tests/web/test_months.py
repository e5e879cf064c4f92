"""Days so many months away: the same day, or the last of a shorter month; and back.

Regulation (EEC, Euratom) 1182/71, article 3, counts a period in months so: it ends with the same date of the last
month, or with the last day of that month where it has none.
"""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from web.months import months_after, months_before

TODAY = date(2026, 3, 31)
EIGHT_YEARS = [date(2024, 1, 1) + timedelta(days=number) for number in range(8 * 365 + 2)]


def test_months_are_counted_to_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert months_before(TODAY, 1) == date(2026, 2, 28)
    assert months_after(TODAY, 1) == date(2026, 4, 30)
    assert months_after(date(2027, 12, 15), 2) == date(2028, 2, 15)
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)


@given(st.dates(), st.integers(0, 999_999))
def test_months_never_lead_beyond_the_calendar(day: date, months: int) -> None:
    assert months_before(day, months) <= day <= months_after(day, months)


@pytest.mark.parametrize(
    ("end", "months", "last"),
    [
        (date(2027, 2, 28), 2, date(2026, 12, 31)),
        (date(2028, 2, 28), 2, date(2027, 12, 28)),
        (date(2028, 2, 29), 2, date(2027, 12, 31)),
        (date(2026, 6, 30), 3, date(2026, 3, 31)),
        (date(2026, 7, 31), 1, date(2026, 6, 30)),
        (date(2026, 3, 30), 1, date(2026, 2, 28)),
    ],
)
def test_the_latest_day_from_which_so_many_months_end_in_time(end: date, months: int, last: date) -> None:
    assert months_before(end, months) == last


@pytest.mark.parametrize("months", [0, 1, 2, 3, 6, 12, 18])
def test_each_is_the_inverse_of_the_other_on_every_day_of_eight_years(months: int) -> None:
    for day in EIGHT_YEARS:
        last = months_before(day, months)
        assert months_after(last, months) <= day < months_after(last + timedelta(days=1), months)
        assert months_before(months_after(day, months), months) >= day

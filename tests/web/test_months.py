"""Days so many months away: the same day, or the last of a shorter month."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from web.months import months_after, months_before

TODAY = date(2026, 3, 31)


def test_months_are_counted_to_the_same_day_or_the_last_of_a_shorter_month() -> None:
    assert months_before(TODAY, 1) == date(2026, 2, 28)
    assert months_after(TODAY, 1) == date(2026, 4, 30)
    assert months_after(date(2027, 12, 15), 2) == date(2028, 2, 15)
    assert months_before(date(2028, 2, 29), 12) == date(2027, 2, 28)


@given(st.dates(), st.integers(0, 999_999))
def test_months_never_lead_beyond_the_calendar(day: date, months: int) -> None:
    assert months_before(day, months) <= day <= months_after(day, months)

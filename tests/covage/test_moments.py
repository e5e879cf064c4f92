"""The vendor's dates, whatever they leave out."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covage import moment


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2025-04-10T12:11:57.548+02:00", datetime(2025, 4, 10, 10, 11, 57, 548000, UTC)),
        ("2025-04-23T10:00:58Z", datetime(2025, 4, 23, 10, 0, 58, tzinfo=UTC)),
        ("2017-05-16T21:36:23.945079", datetime(2017, 5, 16, 19, 36, 23, 945079, UTC)),
        (" 2025-01-15T12:00:00 ", datetime(2025, 1, 15, 11, 0, tzinfo=UTC)),
        ("2025-04-23", datetime(2025, 4, 22, 22, 0, tzinfo=UTC)),
        (date(2025, 4, 23), datetime(2025, 4, 22, 22, 0, tzinfo=UTC)),
        (datetime(2025, 4, 23, 12, 0), datetime(2025, 4, 23, 10, 0, tzinfo=UTC)),
        (datetime(2025, 4, 23, 12, 0, tzinfo=UTC), datetime(2025, 4, 23, 12, 0, tzinfo=UTC)),
    ],
)
def test_a_moment_is_in_paris_where_nothing_is_said(text: object, instant: datetime) -> None:
    assert moment(text) == instant


def test_a_moment_in_the_hour_of_a_clock_change_equals_itself() -> None:
    assert moment("2025-10-26T02:30:00") == datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    assert moment("2025-03-30T02:30:00") == datetime(2025, 3, 30, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "value", [None, "", "soon", "2025-02-30", "T0 + 1 week", 20250423, True, [], "0001-01-01"]
)
def test_what_names_no_moment_is_none(value: object) -> None:
    assert moment(value) is None


@given(st.text() | st.datetimes(timezones=st.none() | st.timezones()) | st.dates())
def test_a_moment_can_always_be_expressed_in_utc(value: object) -> None:
    read = moment(value)
    assert read is None or read.tzinfo is UTC

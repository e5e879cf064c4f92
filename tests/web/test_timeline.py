"""How long something takes, in words."""

import pytest

from web.timeline import as_duration


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "less than an hour"),
        (-3, "less than an hour"),
        (1 / 24, "1 hour"),
        (1.5, "36 hours"),
        (2, "2 days"),
        (9.6, "10 days"),
    ],
)
def test_a_time_is_given_in_hours_up_to_two_days_then_in_days(days: float, said: str) -> None:
    assert as_duration(days) == said

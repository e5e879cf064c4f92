"""Dates, months, places and numbers computed from an order's own data."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given

from tests.tracking.vendor_documents import junk
from tracking.orders.dates import day_of, expected_on, last_notice_on, place_of, whole

TODAY = date(2026, 3, 31)


@pytest.mark.parametrize(
    ("site", "place"),
    [
        ("3 RUE ANDREI SAKHAROV 76130 MONT ST AIGNAN", ("76130", "MONT ST AIGNAN")),
        ("12345 ROUTE DE LYON 69007 LYON 7E ", ("69007", "LYON 7E")),
        ("3 RUE SANS VILLE 76130", ("", "")),
        ("12345 76130 X", ("76130", "X")),
        ("somewhere", ("", "")),
        ("", ("", "")),
    ],
)
def test_postcode_and_city_stand_at_the_end_of_an_address(site: str, place: tuple[str, str]) -> None:
    assert place_of(site) == place


@pytest.mark.parametrize(
    ("value", "day"),
    [
        ("2026-03-31", TODAY),
        ("2026-03-30T22:30:00Z", TODAY),
        ("9999-12-31", date(9999, 12, 31)),
        ("9999-12-31T23:59:59Z", None),
        ("2026-02-30", None),
        (None, None),
        (20260331, None),
    ],
)
def test_a_day_is_the_one_in_paris(value: Any, day: date | None) -> None:
    assert day_of(value) == day


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (12, 12),
        ("1", 1),
        ("12MOIS", 12),
        (" 8 weeks", 8),
        (12.0, 12),
        (0, 0),
        (-1, None),
        ("", None),
        (None, None),
        (True, None),
        ("T0 + 1", None),
        ("1234567", None),
        ([3], None),
    ],
)
def test_a_whole_number_is_the_one_that_a_value_begins_with(value: Any, number: int | None) -> None:
    assert whole(value) == number


def test_an_order_is_expected_as_estimated_or_else_after_its_lead_time() -> None:
    assert expected_on(date(2026, 5, 1), TODAY, 2) == date(2026, 5, 1)
    assert expected_on(None, TODAY, 2) == date(2026, 4, 14)
    assert expected_on(None, TODAY, None) is None
    assert expected_on(None, TODAY, 999_999) is None, "a typing error"


def test_notice_is_to_be_given_so_many_months_before_the_commitment_ends() -> None:
    assert last_notice_on(date(2026, 6, 29), 3) == date(2026, 3, 29)
    assert last_notice_on(date(2026, 6, 30), 3) == date(2026, 3, 31), "from which three months reach 30 June"
    assert last_notice_on(date(2027, 2, 28), 2) == date(2026, 12, 31)
    assert last_notice_on(date(2028, 2, 28), 2) == date(2027, 12, 28), "29 December would reach 29 February"
    assert last_notice_on(TODAY, None) == TODAY
    assert last_notice_on(None, 3) is None


@given(junk())
def test_any_value_can_be_read(value: Any) -> None:
    number = whole(value)
    assert number is None or 0 <= number < 1_000_000
    day_of(value)
    place_of(str(value))

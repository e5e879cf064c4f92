"""The filters of the list of lines: each that the API documents exists and narrows, and so do our own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from covage import filters as documented
from sessions_app.lines.filters import LineFilter
from tests.sessions_app.filter_helpers import DAY, assert_whole_days, cart, line, lines

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

LINE_DATES = ["creation_date", "order_date"]


def test_every_documented_filter_of_lines_exists() -> None:
    """All but `sort`, which the page reads itself."""
    assert documented.LineFilters.__annotations__.keys() - {"sort"} <= LineFilter.base_filters.keys()


@pytest.mark.parametrize(
    "name", ["order_reference", "temporary_reference", "customer_order_name", "end_customer_name"]
)
def test_a_text_of_a_line_is_found_whole(name: str) -> None:
    wanted, _longer = line(**{name: "A1"}), line(**{name: "A12"})
    assert lines(**{name: "A1"}) == {wanted}


@pytest.mark.parametrize("name", LINE_DATES)
def test_a_date_of_a_line_takes_whole_days_in_the_portals_zone(name: str) -> None:
    assert_whole_days(line, lines, name)


def test_the_end_of_a_draft_takes_whole_days() -> None:
    before, on, after, _never = (
        line(expires_on=day) for day in (DAY - timedelta(days=1), DAY, DAY + timedelta(days=1), None)
    )
    assert lines(expiration_date_gt=DAY.isoformat()) == {on, after}
    assert lines(expiration_date_lt=DAY.isoformat()) == {before, on}


@pytest.mark.parametrize("state", ["held_adv_validation", "some_new_state"])
def test_any_state_can_be_filtered_by(state: str) -> None:
    wanted, _other = line(state=state), line(state="in_progress")
    assert lines(state=state) == {wanted}


# Ours


def test_every_word_is_looked_for_in_the_line() -> None:
    wanted, _other = line(search="ünal et fils 76130"), line(search="ünal")
    assert lines(search="ÜNAL 761") == {wanted}


@pytest.mark.parametrize("sign", ["%", "_", "\\"])
def test_a_sign_of_the_database_is_only_a_sign(sign: str) -> None:
    wanted, _other = line(search=f"a{sign}b"), line(search="axb")
    assert lines(search=f"a{sign}b") == {wanted}


def test_lines_by_how_near_they_are_to_being_confirmed() -> None:
    source = cart(state="partial")
    today = timezone.localdate()
    ready, missing = line(missing_count=0), line(missing_count=1)
    expiring = line(missing_count=1, expires_on=today)
    rejected = line(cart=source, state="rejected_creation")
    line(cart=source, state="acknowledged")
    again = line(reorder_of=line(cart=source, state="rejected_creation"), missing_count=1)
    assert lines(readiness="ready") == {ready}
    assert lines(readiness="missing") == {missing, expiring, again}
    assert lines(readiness="expiring") == {expiring}
    assert lines(readiness="to-reorder") == {rejected}

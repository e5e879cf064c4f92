"""An order's history, and what follows from it: steps, their times, visits and connections."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from covage.moments import PARIS
from tests.tracking.vendor_documents import junk
from tracking.orders import history
from tracking.orders.history import HistoryEntry, PassedStep, PlannedAppointment, entries, passed, planned
from tracking.states import Step

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
# The vendor's own example: fourteen entries of one moment, the last but one two seconds later, listed before the last.
EXAMPLE = [
    {"change_reason": "", "change_date": "2025-06-03T18:37:08+02:00", "state": state}
    for state in ("acknowledged", "held_adv_validation", "production_in_progress", *Step.values, "active")
]
EXAMPLE[-2]["change_date"] = "2025-06-03T18:37:10+02:00"


def at(days: float) -> datetime:
    return NOW + timedelta(days=days)


def entry(state: str, days: float | None, reason: str = "") -> dict[str, Any]:
    return {
        "state": state,
        "change_date": None if days is None else at(days).isoformat(),
        "change_reason": reason,
    }


def entries_of(*states: tuple[str, float | None] | tuple[str, float | None, str]) -> list[HistoryEntry]:
    return entries([entry(*one) for one in states])


# Entries


def test_entries_come_oldest_first_and_those_of_one_moment_as_they_were_listed() -> None:
    found = entries_of(("c", 2), ("a", 1), ("d", 2), ("b", 1))
    assert [one.state for one in found] == ["a", "b", "c", "d"]


def test_entries_without_a_date_that_can_be_read_come_last() -> None:
    found = entries([entry("lost", None), {"state": "odd", "change_date": "soon"}, entry("known", 1)])
    assert [(one.state, one.at) for one in found] == [("known", at(1)), ("lost", None), ("odd", None)]


def test_unknown_states_are_kept() -> None:
    assert entries_of(("road_permit_requested", 1, "En attente"))[0] == HistoryEntry(
        "road_permit_requested", at(1), "En attente"
    )


@pytest.mark.parametrize(
    "nonsense", [None, 1, "active", [], {}, {"state": ""}, {"state": None, "change_date": "2026"}]
)
def test_malformed_entries_are_left_out(nonsense: Any) -> None:
    assert entries([nonsense]) == []


# The times of steps


def test_each_step_lasts_until_the_next_and_all_add_up_to_the_whole_way() -> None:
    found = passed(
        entries_of(("acknowledged", 0), ("connexion_planned", 3), ("connexion_completed", 7.5), ("active", 8))
    )
    assert [(one.step, one.days) for one in found] == [
        ("acknowledged", 3),
        ("connexion_planned", 4.5),
        ("connexion_completed", 0.5),
        ("", 8),
    ]
    assert (found[-1].started_at, found[-1].ended_at) == (at(0), at(8))


def test_a_step_that_comes_twice_counts_twice() -> None:
    found = passed(entries_of(("connexion_planned", 0), ("held", 2), ("connexion_planned", 3), ("active", 7)))
    assert [(one.step, one.days) for one in found][:-1] == [
        ("connexion_planned", 2),
        ("held", 1),
        ("connexion_planned", 4),
    ]


def test_an_order_still_in_production_has_left_all_but_its_last_step() -> None:
    found = passed(entries_of(("acknowledged", 0), ("optical_route_received", 2)))
    assert found == [PassedStep("acknowledged", at(0), at(2))]


@pytest.mark.parametrize("end", ["rejected", "cancelled"])
def test_a_failed_order_has_no_time_to_service(end: str) -> None:
    assert [one.step for one in passed(entries_of(("acknowledged", 0), (end, 2)))] == ["acknowledged"]


def test_states_after_delivery_are_not_counted() -> None:
    found = passed(
        entries_of(("acknowledged", 0), ("active", 2), ("terminate_in_progress", 50), ("terminated", 60))
    )
    assert [(one.step, one.days) for one in found] == [("acknowledged", 2), ("", 2)]


def test_entries_without_a_date_take_no_time() -> None:
    assert [one.step for one in passed(entries_of(("acknowledged", 0), ("lost", None), ("active", 1)))] == [
        "acknowledged",
        "",
    ]


def test_an_empty_history_yields_nothing() -> None:
    assert (passed([]), history.current([]), planned([], NOW)) == ([], None, [])


def test_the_vendors_example_of_one_moment_keeps_its_order_and_takes_no_time() -> None:
    found = passed(entries(EXAMPLE))
    assert [one.step for one in found] == [
        "acknowledged",
        "held_adv_validation",
        "production_in_progress",
        *Step.values[:-1],
        "",
    ]
    assert {one.days for one in found} == {0}


def test_the_current_entry_is_the_newest_with_a_date() -> None:
    current = history.current(entries_of(("b", 2), ("lost", None), ("a", 1)))
    assert current
    assert current.state == "b"


# Visits and connections


def only(reason: str, *later: tuple[str, float]) -> PlannedAppointment:
    (one,) = planned(entries_of(("connexion_planned", -10, reason), *later), NOW)
    return one


@pytest.mark.parametrize(
    ("reason", "moment", "whole_day"),
    [
        ("Rendez-vous le 12/03/2026 à 14:30", datetime(2026, 3, 12, 14, 30, tzinfo=PARIS), False),
        ("RDV 12/03/2026 9h00 avec le gardien", datetime(2026, 3, 12, 9, tzinfo=PARIS), False),
        ("le 5/7/2026", datetime(2026, 7, 5, tzinfo=PARIS), True),
        ("le 12/03/2026 de 8h à 12h", datetime(2026, 3, 12, 8, tzinfo=PARIS), False),
        ("Client absent. Rendez-vous le 12/03/2026", datetime(2026, 3, 12, tzinfo=PARIS), True),
        ("planned for 2026-03-12T14:30", datetime(2026, 3, 12, 14, 30, tzinfo=PARIS), False),
        ("planned for 2026-03-12", datetime(2026, 3, 12, tzinfo=PARIS), True),
    ],
)
def test_the_date_of_a_visit_is_the_one_in_its_reason(reason: str, moment: datetime, whole_day: bool) -> None:
    one = only(reason)
    assert (one.at, one.whole_day, one.is_done, one.text) == (moment, whole_day, False, reason)


@pytest.mark.parametrize(
    "reason",
    ["le 31/02/2026", "le 12/03/2026 à 25:00", "le 00/00/0000", "2026-13-01", "le 01/01/0001", "à venir"],
)
def test_a_date_that_does_not_exist_is_no_appointment(reason: str) -> None:
    assert planned(entries_of(("connexion_planned", -10, reason)), NOW) == []


def test_without_a_date_in_its_reason_a_future_step_is_planned_for_its_own_date() -> None:
    (one,) = planned(entries_of(("technical_visit_planned", 3)), NOW)
    assert (one.at, one.whole_day, one.is_done) == (at(3), False, False)
    assert planned(entries_of(("technical_visit_planned", -3)), NOW) == []


def test_an_appointment_that_was_moved_is_done_and_the_new_one_is_not() -> None:
    first, second = planned(
        entries_of(
            ("connexion_planned", -9, "le 04/03/2026"),
            ("connexion_planned", -1, "Client absent, le 09/03/2026"),
        ),
        NOW,
    )
    assert (first.is_done, second.is_done, second.at.day) == (True, False, 8), (
        "midnight in Paris, given in UTC"
    )


@pytest.mark.parametrize("later", ["connexion_completed", "service_configured", "active", "cancelled"])
def test_an_appointment_is_done_when_a_later_step_or_an_end_follows(later: str) -> None:
    assert only("le 12/03/2026", (later, -1)).is_done


@pytest.mark.parametrize(
    "later", ["held_customer_works", "production_manager_assigned", "held_adv_validation"]
)
def test_an_appointment_stays_planned_when_only_an_unrelated_state_follows(later: str) -> None:
    assert not only("le 12/03/2026", (later, -1)).is_done


@given(
    st.lists(
        junk()
        | st.fixed_dictionaries(
            {}, optional={"state": junk(), "change_date": junk(), "change_reason": junk()}
        )
    )
)
def test_any_history_can_be_read(raw: list[Any]) -> None:
    found = entries(raw)
    assert len(planned(found, NOW)) <= len(found)
    assert all(one.days >= 0 for one in passed(found))

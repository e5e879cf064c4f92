"""The timeline of a copper order: its dates and events, how long each step took, what comes next."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from extranet.models import CopperOrder, OrderEvent
from extranet.orders.activity import activity_of, events_of, reason_of
from extranet.orders.timeline import milestones_of
from tests.extranet.order_factory import ingested

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
DATES = {
    "draft": "creation_date",
    "submitted": "submission_date",
    "acknowledged": "acknowledged_date",
    "running": "processing_date",
    "on_hold": "held_date",
    "rejected": "rejection_date",
    "canceled": "cancellation_date",
    "completed": "completion_date",
}


def _ago(days: float) -> datetime:
    return NOW - timedelta(days=days)


def _order(status: str, **ago: float) -> CopperOrder:
    """An order in a status, having entered each of these that many days ago."""
    dates = {DATES[name]: _ago(days).isoformat() for name, days in ago.items()}
    return ingested({"order_uuid": "o1", "type": "activate", "status": status} | dates)


def _event(what: str, days_ago: float | None, data: Any = None) -> None:
    at = None if days_ago is None else _ago(days_ago)
    name = f"e{OrderEvent.objects.count()}"
    OrderEvent.objects.create(
        event_uuid=name, order_uuid="o1", type=f"order-{what}", event_date=at, document={"data": data}
    )


def _steps(order: CopperOrder) -> list[tuple[str, str]]:
    return [(step.label, step.place) for step in milestones_of(order, events_of(order))]


def _took(order: CopperOrder) -> dict[str, str]:
    return {step.label: step.took for step in milestones_of(order, events_of(order))}


def test_a_draft_waits_for_its_submission() -> None:
    order = _order("draft", draft=3)
    assert _steps(order) == [
        ("created", "current"),
        ("submitted", "next"),
        ("acknowledged", "ahead"),
        ("in production", "ahead"),
        ("in service", "ahead"),
    ]
    assert _took(order)["created"] == "3 days"


def test_a_draft_that_covage_does_not_know_was_created_here() -> None:
    first = milestones_of(CopperOrder(created_at=_ago(1)), [])[0]
    assert (first.label, first.place, first.at) == ("created", "current", _ago(1))


def test_each_step_says_how_long_it_took_and_the_one_that_it_is_in_how_long_it_lasts() -> None:
    order = _order("running", draft=20, submitted=15, acknowledged=14.5, running=4)
    assert _took(order) == {
        "created": "5 days",
        "submitted": "12 hours",
        "acknowledged": "10 days",
        "in production": "4 days",
        "in service": "",
    }
    assert _steps(order)[-2:] == [("in production", "current"), ("in service", "next")]


def test_a_step_without_a_date_or_event_is_skipped() -> None:
    order = _order("completed", draft=20, submitted=15, completed=1)
    assert _steps(order) == [
        ("created", "done"),
        ("submitted", "done"),
        ("acknowledged", "unreported"),
        ("in production", "unreported"),
        ("in service", "done"),
    ]
    assert _took(order)["in service"] == ""


def test_an_order_that_was_held_says_so_and_any_other_does_not() -> None:
    on_hold = _order("held", draft=9, submitted=8, acknowledged=7, running=6, on_hold=2)
    assert ("held at Covage", "current") in _steps(on_hold)
    assert _took(on_hold)["held at Covage"] == "2 days"
    assert "held at Covage" not in _took(_order("running", draft=9, submitted=8))


def test_an_order_held_before_production_still_awaits_it() -> None:
    steps = _steps(_order("held", draft=9, submitted=8, acknowledged=7, on_hold=2))
    assert steps[2:] == [
        ("acknowledged", "done"),
        ("held at Covage", "current"),
        ("in production", "next"),
        ("in service", "ahead"),
    ]


@pytest.mark.parametrize(("status", "label"), [("rejected", "rejected"), ("canceled", "cancelled")])
def test_an_order_that_came_to_nothing_has_no_step_ahead(status: str, label: str) -> None:
    order = _order(status, draft=9, submitted=8, **{status: 7})
    assert _steps(order) == [("created", "done"), ("submitted", "done"), (label, "done")]


def test_events_date_when_it_waited_for_an_answer_and_when_it_went_on() -> None:
    order = _order("running", draft=20, submitted=15, acknowledged=14, running=13)
    for what, days in (("running", 13), ("pending", 10), ("running", 4)):
        _event(what, days)
    assert _steps(order)[3:] == [
        ("in production", "current"),
        ("waiting for your answer", "done"),
        ("in service", "next"),
    ]
    assert _took(order)["waiting for your answer"] == "6 days"
    assert _took(order)["in production"] == "7 days"


def test_of_a_status_come_back_to_without_a_word_nobody_says_how_long_it_lasts() -> None:
    order = _order("running", draft=20, submitted=15, acknowledged=14, running=13)
    _event("pending", 10)
    assert _took(order)["in production"] == ""
    assert _took(order)["waiting for your answer"] == ""


def test_what_it_waits_for_is_shown_though_its_date_is_unknown() -> None:
    steps = _steps(_order("pending", draft=9, submitted=8, acknowledged=7, running=6))
    assert steps[-2:] == [("waiting for your answer", "current"), ("in service", "next")]


def test_a_status_that_nobody_knows_is_no_step_and_breaks_none() -> None:
    steps = _steps(_order("juggled", draft=9, submitted=8))
    assert steps[:3] == [("created", "done"), ("submitted", "done"), ("acknowledged", "next")]


def test_nothing_more_is_awaited_of_an_order_that_is_gone() -> None:
    order = _order("submitted", draft=9, submitted=8)
    order.gone_at = NOW
    assert "next" not in dict(_steps(order)).values()


def test_the_activity_is_in_order_with_its_reasons_whatever_their_shape() -> None:
    order = _order("pending", draft=9)
    _event("pending", 2, {"reason": "Sensitive access", "ticket": 7})
    _event("juggled", 3, "by gnomes")
    _event("created", 9, ["odd"])
    _event("modified", None)
    shown = [(line.badge.label, line.reason) for line in activity_of(events_of(order))]
    assert shown == [
        ("created", '["odd"]'),
        ("Order juggled", "by gnomes"),
        ("waiting for your answer", "Sensitive access\nTicket: 7"),
        ("changed", ""),
    ]


def test_events_of_one_moment_are_in_the_order_of_statuses() -> None:
    order = _order("completed", draft=9)
    for what in ("completed", "cancelled", "running", "acknowledged"):
        _event(what, 2)
    labels = [line.badge.label for line in activity_of(events_of(order))]
    assert labels == ["acknowledged", "in production", "cancelled", "completed"]


def test_the_reason_of_a_status_is_the_newest_one() -> None:
    order = _order("pending", draft=9)
    _event("pending", 5, {"reason": "first"})
    _event("pending", 2, {"reason": "second"})
    events = events_of(order)
    assert reason_of(events, "pending") == "second"
    assert reason_of(events, "rejected") == ""


def test_an_order_that_covage_does_not_have_has_no_activity() -> None:
    assert events_of(CopperOrder()) == []

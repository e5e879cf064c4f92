"""The timeline on an order's page: the steps passed, the one it is in, those to come; visits, delays, the history."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.tracking.orders.page_helpers import ingested_order, order_page
from tests.tracking.vendor_documents import history
from tracking.models import LeadTime, Order
from tracking.orders.timeline import milestones_of
from tracking.states import Step

pytestmark = pytest.mark.django_db


def test_the_timeline_shows_what_was_reached_and_what_comes_next(sales_client: Client) -> None:
    states = history(
        "production_in_progress", "production_manager_assigned", "technical_visit_planned", "lost"
    )
    order = ingested_order(states=states)
    places = {step.name: step.place for step in milestones_of(order, states)}
    assert places["production_manager_assigned"] == "done"
    assert places["optical_route_received"] == "unreported"
    assert places["technical_visit_planned"] == "done"
    assert places["technical_visit_completed"] == "next"
    assert places["intervention_report_published"] == "ahead"
    assert list(places) == Step.values
    page = order_page(sales_client, order)
    assert "Now: Lost, since" in page
    assert "comes next" in page
    assert "passed, not reported" in page


def test_the_current_step_shows_for_how_long(sales_client: Client) -> None:
    states = history("production_manager_assigned", "optical_route_received")
    order = ingested_order(states=states)
    steps = {step.name: step for step in milestones_of(order, states)}
    assert steps["production_manager_assigned"].took == "24 hours"
    assert steps["optical_route_received"].place == "current"
    assert 'aria-current="step"' in order_page(sales_client, order)


def test_an_order_in_service_has_no_next_step(sales_client: Client) -> None:
    states = history("production_manager_assigned", "active")
    order = ingested_order(states=states, state="active")
    assert {step.place for step in milestones_of(order, states)} == {"done", "ahead"}
    assert "comes next" not in order_page(sales_client, order)


def test_how_long_a_step_usually_takes_is_shown_for_the_technology_or_else_for_all() -> None:
    step, other = "optical_route_received", "connexion_planned"
    LeadTime.objects.create(technology="", step=step, count=50, median=9, p90=20)
    LeadTime.objects.create(technology="", step=other, count=50, median=0.02, p90=0.5)
    LeadTime.objects.create(technology="FIBDE", step=step, count=30, median=4, p90=11)
    LeadTime.objects.create(technology="FON", step=step, count=30, median=40, p90=110)
    order = ingested_order(states=history(step))
    usual = {one.name: one.usual for one in milestones_of(order, history(step))}
    assert usual[step] == "usually 4 days, nine in ten within 11 days"
    assert usual[other] == "usually less than an hour, nine in ten within 12 hours"


def test_a_planned_visit_is_shown_with_its_day(sales_client: Client) -> None:
    reasons = {"technical_visit_planned": "Rendez-vous le 12/01/2031 à 09:00"}
    order = ingested_order(states=history("technical_visit_planned", reasons=reasons))
    assert "planned for 12 Jan 2031, 09:00" in order_page(sales_client, order)


def test_the_history_keeps_unknown_states_and_unreadable_dates(sales_client: Client) -> None:
    states = [
        {"state": "held_by_gnomes", "change_date": "2026-09-02T10:00:00Z", "change_reason": "No <tea>"},
        {"state": "acknowledged", "change_date": "once upon a time", "change_reason": ""},
        {"change_date": "2026-09-01"},
        "no entry at all",
    ]
    page = order_page(sales_client, ingested_order(states=states))
    activity = page[page.index("History at Covage") :]
    for text in (
        "Held by gnomes",
        "No &lt;tea&gt;",
        "once upon a time",
        "no entry at all",
        "no state given",
        "02/09/2026 12:00",
    ):
        assert text in activity


def test_an_order_that_is_late_or_stuck_says_so(sales_client: Client) -> None:
    late = (timezone.localdate() - timedelta(days=3)).isoformat()
    order = ingested_order({"estimated_delivery_date": late})
    Order.objects.update(stuck_on=timezone.now() - timedelta(days=1))
    page = order_page(sales_client, order)
    assert "3 days late." in page
    assert "step taking longer than usual" in page


def test_an_order_on_time_says_when_it_is_expected(sales_client: Client) -> None:
    assert "Expected on 1 Jan 2031." in order_page(
        sales_client, ingested_order({"estimated_delivery_date": "2031-01-01"})
    )

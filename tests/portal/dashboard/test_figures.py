"""The figures of the dashboard: each is what the list behind it shows, and what follows from the histories."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import User
from outbox.models import Operation
from tests.conftest import People
from tests.portal.dashboard.page_helpers import EMAIL, counted, dashboard, listed, walked
from tests.portal.world import a_cart, a_line, copper_of_every_item
from tests.tracking import past
from tracking.models import Order
from tracking.requests.actions import MAKE_REQUEST

pytestmark = [
    pytest.mark.usefixtures("histories", "db"),
    pytest.mark.random_order(disabled=True),
    pytest.mark.postgresql,
]


def _a_request(order: Order, **columns: Any) -> Operation:
    columns = {"kind": MAKE_REQUEST, "subject_id": order.uuid, "target_id": order.uuid} | columns
    document = {"reason": "Autres motifs", "message": "Déménagement", "request_effective_date": None}
    payload = {"reference": order.reference, "action": "terminate", "document": document}
    label, url = f"Résiliation {order}", order.get_absolute_url()
    return Operation.objects.create(label=label, url=url, payload=payload, **columns)


def _with_everything(owner: User) -> None:
    """Something in each worklist item of the dashboard, beside the past."""
    copper_of_every_item(owner)
    cart = a_cart(owner, missing_count=1)
    a_line(cart, expires_on=timezone.localdate() + timedelta(days=3))
    own = Order.objects.of(owner).order_by("pk")
    _a_request(own[0])
    _a_request(own[1], state=Operation.State.REFUSED)


@pytest.mark.parametrize(
    "who", ["back_office", pytest.param("administrator", marks=pytest.mark.slow), "sales"]
)
def test_each_count_leads_to_the_list_behind_it(
    people: People, sales: User, signed_in: Callable[[User], Client], who: str
) -> None:
    _with_everything(sales)
    person = sales if who == "sales" else getattr(people, who)
    client = signed_in(person)
    page = dashboard(client).context
    cards = {str(card.item.title): card for card in [*page["waiting"], *page["quiet"]]}
    assert len(page["waiting"]) >= 4
    outbox = cards.pop("Requests to send, or refused")
    for card in cards.values():
        assert listed(client, card.url) == card.count
        assert len(card.rows) == min(card.count, 5)
    assert walked(client, outbox.url) == outbox.count == 2
    for bar in [*page["bars"].rows, *page["copper_bars"].rows]:
        assert listed(client, bar.url) == bar.count
        for cell in bar.cells:
            assert not (cell.count and cell.url) or counted(person, cell.url) == cell.count
    assert walked(client, page["week"].url) == page["week"].count > 0
    for day in page["week"].days:
        assert walked(client, day.url) == day.count


def test_the_back_office_is_shown_what_follows_from_the_histories(back_office_client: Client) -> None:
    page = dashboard(back_office_client).context
    counts = {str(card.item.title): card.count for card in [*page["waiting"], *page["quiet"]]}
    assert counts["Late orders"] == len(past.late())
    assert counts["Steps taking longer than usual"] == len(past.stuck(timezone.now()))
    assert counts["Notice due within 90 days"] == len(past.notice_due())
    by_state = past.counts_by_state()
    assert counts["Terminations under way"] == sum(
        number for (state, _technology), number in by_state.items() if state == "terminate_in_progress"
    )
    assert sum(bar.count for bar in page["bars"].rows) == by_state.total() == past.COUNT
    year = past.of_last_year(timezone.now())
    shown = {bar.lead.step: bar.lead for bar in page["lead_times"].bars}
    assert {step: lead.median for step, lead in shown.items()} == pytest.approx(
        {step: past.nearest_rank(times, 50) for (kind, step), times in year.items() if not kind}
    )


def test_sales_are_shown_their_own_alone(sales: User, signed_in: Callable[[User], Client]) -> None:
    own = past.own_references(EMAIL)
    page = dashboard(signed_in(sales)).context
    counts = {str(card.item.title): card.count for card in [*page["waiting"], *page["quiet"]]}
    assert counts["Late orders"] == len(past.late() & own)
    assert counts["Steps taking longer than usual"] == len(past.stuck(timezone.now()) & own)
    assert counts["Notice due within 90 days"] == len(past.notice_due() & own)
    assert sum(bar.count for bar in page["bars"].rows) == len(own)
    assert {row.appointment.order.reference for day in page["week"].days for row in day.rows} <= own
    year = past.of_last_year(timezone.now(), own)
    shown = {bar.lead.step: bar.lead for bar in page["lead_times"].bars}
    assert {step: lead.p90 for step, lead in shown.items()} == pytest.approx(
        {step: past.nearest_rank(times, 90) for (kind, step), times in year.items() if not kind}
    )


def test_a_chosen_technology_and_step_are_drawn_and_listed_in_a_table(back_office_client: Client) -> None:
    page = dashboard(back_office_client, "?technology=FIBDE&step=connexion_planned")
    shown = page.context["lead_times"]
    expected = past.of_months("FIBDE", "connexion_planned")
    assert {month for month, lead in shown.months.items() if lead} == set(expected)
    content = page.content.decode()
    assert 'role="img"' in content
    assert "Over three years, FIBDE: connection planned" in content
    assert 'style="' not in content


@pytest.mark.parametrize("query", ["?technology=zz&step=zz", "?technology=%3Cscript%3E", "?step=%00"])
def test_an_unknown_choice_is_no_error(back_office_client: Client, query: str) -> None:
    page = dashboard(back_office_client, query)
    assert not page.context["lead_times"].has_months
    assert "<script>" not in page.content.decode().partition("<main")[2]


def test_numbers_are_drawn_with_points_whatever_the_language(back_office_client: Client) -> None:
    page = back_office_client.get("/dashboard/", headers={"accept-language": "fr"}).content.decode()
    drawn = re.findall(r'(?:width|x|y1|d|points)="([^"]+)"', page.partition("<main")[2])
    assert len(drawn) > 20
    assert not [text for text in drawn if re.search(r"\d,\d+,", text)]
    assert re.search(r'width="\d+\.\d\d"', page)

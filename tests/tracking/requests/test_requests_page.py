"""The list of requests: what Covage lists, above it the requests made here that they don't; filters, sorts, files."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from outbox.models import Operation
from tests.conftest import People
from tests.tracking.page_helpers import text_of
from tests.tracking.request_forms import ask, know_reasons
from tests.tracking.requests.test_actions import an_order, listed
from tracking.ingest.mapping import reflect
from tracking.models import Order, Request

pytestmark = pytest.mark.django_db

State = Operation.State


def _order(reference: str, customer: str, **columns: Any) -> Order:
    order = an_order(reference, end_customer_name=customer, **columns)
    reflect(order)
    order.save()
    return order


@pytest.fixture
def bakery() -> Order:
    return _order("CMD_X_1", "Boulangerie Martin", site_client="4 RUE NATIONALE 59000 LILLE")


@pytest.fixture
def garage() -> Order:
    return _order("CMD_X_2", "Garage Noël", state="terminate_in_progress")


@pytest.fixture
def requests(bakery: Order, garage: Order, people: People) -> None:
    """Three that Covage lists: a change on the bakery's order, two terminations."""
    now = timezone.now()
    listed(bakery, "Modification", message="Passage à 1G", creation_date=now - timedelta(days=90))
    listed(
        garage,
        reason="Cessation d'activité",
        request_effective_date=date(2027, 1, 31),
        creation_date=now - timedelta(days=5),
        requested_by=people.back_office,
    )
    Request.objects.create(upstream_id="R9", order_reference="CMD_X_9", action="Transfert", creation_date=now)


def _rows(client: Client, query: str = "") -> str:
    """The list's own table, below what is not at Covage."""
    return text_of(client.get(f"/requests/{query}")).rpartition("<table")[2]


def test_the_requests_are_listed_newest_first_each_with_its_order(
    requests: None, garage: Order, sales_client: Client
) -> None:
    rows = _rows(sales_client)
    assert rows.index("CMD_X_9") < rows.index("CMD_X_2") < rows.index("CMD_X_1")
    assert f'<a href="{garage.get_absolute_url()}">CMD_X_2</a>' in rows
    for text in (
        "Termination",
        "Cessation d'activité",
        "31/01/2027",
        "Garage Noël",
        "termination in progress",
    ):
        assert text in rows


def test_a_request_of_no_known_kind_on_no_known_order_is_shown_as_it_came(
    requests: None, sales_client: Client
) -> None:
    rows = _rows(sales_client)
    assert "<td>Transfert</td>" in rows
    assert "/orders/CMD_X_9/" not in rows


def test_a_request_that_is_gone_at_covage_is_not_listed(requests: None, sales_client: Client) -> None:
    Request.objects.filter(upstream_id="R9").update(gone_at=timezone.now())
    assert "CMD_X_9" not in _rows(sales_client)


def _day(days: int) -> str:
    return (timezone.localdate() + timedelta(days=days)).isoformat()


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("order_reference=CMD_X_2", {"CMD_X_2"}),
        ("q=boulangerie", {"CMD_X_1"}),
        ("q=noel", {"CMD_X_2"}),
        ("q=lille+martin", {"CMD_X_1"}),
        ("q=nobody", set()),
        ("action=Résiliation", {"CMD_X_2"}),
        ("action=Transfert", {"CMD_X_9"}),
        ("reason=Cessation+d'activité", {"CMD_X_2"}),
        ("ours=taken", {"CMD_X_2"}),
        ("ours=elsewhere", {"CMD_X_1", "CMD_X_9"}),
        ("ours=pending", set()),
        ("effective_gt=2027-01-31", {"CMD_X_2"}),
        ("effective_lt=2027-01-30", set()),
        (f"creation_date_gt={_day(-10)}", {"CMD_X_2", "CMD_X_9"}),
        (f"creation_date_lt={_day(-10)}", {"CMD_X_1"}),
    ],
)
def test_filters_show_what_they_name(
    requests: None, sales_client: Client, query: str, shown: set[str]
) -> None:
    know_reasons()
    page = text_of(sales_client.get(f"/requests/?{query}")).partition('id="main"')[2].partition("</main>")[0]
    table = page.rpartition("<table")[2] if "<table" in page else ""
    assert {reference for reference in ("CMD_X_1", "CMD_X_2", "CMD_X_9") if f"{reference}<" in table} == shown
    assert ("No requests at Covage match" in page) == (not shown)


@pytest.mark.parametrize(
    "query", ["q=ab", "effective_gt=soon", "action=%00", "sort=nonsense", "ours=nonsense"]
)
def test_filters_that_make_no_sense_do_no_harm(requests: None, sales_client: Client, query: str) -> None:
    assert sales_client.get(f"/requests/?{query}").status_code == 200


@pytest.mark.parametrize("column", ["creation_date", "order_reference", "request_effective_date"])
def test_the_list_sorts_both_ways(requests: None, sales_client: Client, column: str) -> None:
    assert _rows(sales_client, f"?sort={column}") != _rows(sales_client, f"?sort=-{column}")


def test_the_file_holds_what_is_filtered(requests: None, sales_client: Client) -> None:
    answer = sales_client.get("/requests/?action=Résiliation&export=csv")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 2
    assert "CMD_X_2" in lines[1]


def test_without_any_request_the_page_says_so(sales_client: Client) -> None:
    assert "No requests yet" in text_of(sales_client.get("/requests/"))


# Requested here, not at Covage


def _enqueue(order: Order, people: People, **columns: Any) -> None:
    operation = ask(order, people.back_office)
    Operation.objects.filter(pk=operation.pk).update(**columns)


@pytest.mark.parametrize(
    ("state", "wanted", "label"),
    [
        (State.WAITING, "pending", "waiting"),
        (State.SENDING, "pending", "being sent"),
        (State.UNKNOWN, "unknown", "outcome unknown"),
        (State.REFUSED, "refused", "refused"),
    ],
)
def test_requests_that_covage_has_not_accepted_are_listed_above(
    bakery: Order, people: People, back_office_client: Client, state: str, wanted: str, label: str
) -> None:
    _enqueue(bakery, people, state=state, failure="Conflict" if state == State.REFUSED else "")
    for query in ("", f"?ours={wanted}"):
        page = text_of(back_office_client.get(f"/requests/{query}"))
        assert "Requested here, not at Covage" in page
        assert "Boulangerie Martin" in page
        assert label in page
    others = {"pending", "unknown", "refused", "taken", "elsewhere"} - {wanted}
    for other in others:
        assert "Requested here, not at Covage" not in text_of(
            back_office_client.get(f"/requests/?ours={other}")
        )


def test_accepted_requests_are_not_listed_above(bakery: Order, people: People, sales_client: Client) -> None:
    _enqueue(bakery, people, state=State.SUCCEEDED)
    assert "Requested here" not in text_of(sales_client.get("/requests/"))


def test_a_refused_request_links_to_its_form_for_those_who_may_correct_it(
    bakery: Order, people: People, back_office_client: Client, sales_client: Client
) -> None:
    _enqueue(bakery, people, state=State.REFUSED, failure="Invalid")
    link = 'href="/orders/CMD_X_1/terminate/"'
    assert link in text_of(back_office_client.get("/requests/"))
    assert link not in text_of(sales_client.get("/requests/"))


def test_the_page_needs_as_many_queries_for_many_requests_as_for_few(
    people: People, back_office_client: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(30):
        order = _order(f"CMD_X_{number}", f"Customer {number}")
        listed(order, "Modification", requested_by=people.back_office)
        _enqueue(order, people)
    with django_assert_max_num_queries(20):
        back_office_client.get("/requests/")

"""Documents → rows: pages of the list, and orders' own pages, good and hostile, older and newer."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from time_machine import TimeMachineFixture

from notifications.models import Change
from sessions_app.models import Cart, Line, Option
from tests.conftest import People
from tests.portal.world import a_cart, a_line
from tests.tracking.vendor_documents import (
    DETAIL,
    LISTED,
    as_received,
    detail,
    history,
    hostile,
    junk,
    listed,
    reference,
)
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Appointment, Document, Order, OrderDetail, StepTime

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
HYPOTHESIS = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)


@pytest.fixture(autouse=True)
def _an_hour_later(time_machine: TimeMachineFixture) -> None:
    """The pages in these tests were requested within the last hour."""
    time_machine.move_to(AT + timedelta(hours=1), tick=False)


def later(minutes: float = 1) -> datetime:
    return AT + timedelta(minutes=minutes)


def ingest(*page: dict[str, Any], at: datetime = AT, silent: bool = True) -> int:
    return store.ingest_page(page or (listed(),), at, silent=silent)


def reading(at: datetime = AT, number: int = 1, **changes: Any) -> Reading:
    pages: dict[str, Any] = {"history": history("acknowledged"), "documents": []}
    parts = {name: changes.pop(name) for name in ("history", "documents", "failure") if name in changes}
    return Reading(reference(number), at, detail(number, **changes), **pages | parts)


def read(at: datetime = AT, **changes: Any) -> bool:
    return store.ingest_reading(reading(at, **changes))


def order() -> Order:
    return Order.objects.select_related("details").get()


def reported_changes() -> list[dict[str, Any]]:
    """The changes reported to watchers, in the order in which they were found."""
    return list(Change.objects.order_by("id").values_list("changes", flat=True))


# Pages of the list


def test_a_page_becomes_rows() -> None:
    assert ingest(*(listed(number) for number in range(1, 4))) == 3
    assert list(Order.objects.order_by("pk").values_list("reference", flat=True)) == [
        reference(n) for n in (1, 2, 3)
    ]


def test_a_page_with_nothing_new_writes_nothing() -> None:
    page = [listed(number) for number in range(1, 31)]
    ingest(*page)
    with CaptureQueriesContext(
        connection,
    ) as statements:
        assert ingest(*page, at=later()) == 0
    verbs = {statement["sql"].split()[0] for statement in statements}
    assert verbs <= {"SELECT", "SAVEPOINT", "RELEASE", "BEGIN", "COMMIT"}


def test_statements_grow_by_the_page_not_by_the_row() -> None:
    def statements(first: int, number: int) -> int:
        page = [listed(first + index) for index in range(number)]
        with CaptureQueriesContext(connection) as seen:
            assert ingest(*page, silent=False) == number
        return len(seen)

    # As many as every database takes in one statement.
    few, many = statements(100, 2), statements(200, 20)
    assert few == many


def test_an_older_document_never_replaces_a_newer_one() -> None:
    ingest(listed(state="active", modification_date="2026-11-02T10:00:00Z"))
    assert ingest(listed(state="in_progress", modification_date="2026-11-01T10:00:00Z"), at=later()) == 0
    assert order().state == "active"


def test_a_newer_document_replaces_an_older_one_and_so_does_one_without_its_date() -> None:
    ingest()
    assert ingest(listed(state="active", modification_date="2026-11-02T10:00:00Z"), at=later()) == 1
    assert ingest(listed(state="terminated", modification_date=None), at=later(2)) == 1
    assert order().state == "terminated"


def test_a_page_requested_before_the_orders_own_pages_does_not_set_its_state_back() -> None:
    ingest()
    read(later(2), state="active")
    assert ingest(listed(project_id="NEW"), at=later(1)) == 0
    assert order().state == "active"
    assert ingest(listed(project_id="NEW"), at=later(3)) == 1


def test_own_pages_requested_before_the_list_changed_do_not_set_the_state_back() -> None:
    ingest()
    read(AT)
    ingest(listed(state="active", modification_date="2026-11-20T11:00:00Z"), at=later(2))
    assert not read(later(1), state="in_progress")
    assert (order().state, order().due_at) == ("active", later(2)), "its pages are requested again"
    assert read(later(3), state="active")


def test_of_two_documents_of_one_order_on_a_page_one_is_stored() -> None:
    ingest(listed(), listed(state="active"))
    assert order().state == "active"


def test_a_document_without_a_reference_is_ignored() -> None:
    assert ingest({}, {"order_reference": ".."}, {"state": "active"}) == 0
    assert not Order.objects.exists()


def test_unknown_fields_and_states_are_kept() -> None:
    ingest(listed(state="frozen", colour="blue"))
    assert (order().state, order().is_open, order().listed["colour"]) == ("frozen", True, "blue")


def test_a_gone_order_comes_back_when_it_is_listed_again() -> None:
    ingest()
    read(later())
    assert store.mark_gone(reference(1), later(2)) == 1
    gone = order()
    assert (gone.gone_at, gone.due_at, gone.step, gone.digest) == (later(2), None, "", "")
    assert ingest(at=later(3)) == 1
    assert (order().gone_at, order().due_at) == (None, later(3))


def test_an_order_that_was_read_after_it_was_missed_is_not_gone() -> None:
    ingest()
    read(later(2))
    assert store.mark_gone(reference(1), later(1)) == 0
    assert store.mark_gone("nothing of the kind", AT) == 0


@given(st.lists(hostile(LISTED), max_size=3))
@HYPOTHESIS
def test_no_document_of_the_list_is_too_hostile(page: list[dict[str, Any]]) -> None:
    for at in (AT, later()):
        store.ingest_page(as_received(page), at)
    for row in Order.objects.all():
        assert row.get_absolute_url()


# Own pages


def test_own_pages_become_columns_details_and_what_follows_from_them() -> None:
    ingest()
    steps = history(
        "acknowledged", "connexion_planned", reasons={"connexion_planned": "le 01/12/2026 à 10:00"}
    )
    documents = [{"type": "BDC", "values": ["a.pdf", "b.pdf"]}, {"type": "PV", "values": ["c.pdf"]}]
    assert read(history=steps, documents=documents, colour="blue")
    found = order()
    assert (found.external_id, found.step, found.step_since) == (
        "CRN-1",
        "connexion_planned",
        datetime(2026, 9, 2, 8, tzinfo=UTC),
    )
    assert (found.read_at, found.due_at) == (AT, AT + store.STALE)
    assert found.details.detail["colour"] == "blue"
    assert (found.details.history, found.details.documents, found.details.failure) == (steps, documents, "")
    assert list(StepTime.objects.values_list("step", "days", "technology")) == [
        ("acknowledged", 1.0, "FIBDE")
    ]
    assert Appointment.objects.get().at == datetime(2026, 12, 1, 9, tzinfo=UTC)
    assert set(Document.objects.values_list("kind", "filename")) == {
        ("BDC", "a.pdf"),
        ("BDC", "b.pdf"),
        ("PV", "c.pdf"),
    }


def test_a_new_reading_replaces_what_followed_from_the_one_before() -> None:
    ingest()
    read(history=history("acknowledged", "optical_route_received", "connexion_planned"))
    read(later(), state="active", history=history("acknowledged", "active"))
    assert list(StepTime.objects.order_by("id").values_list("step", flat=True)) == ["acknowledged", ""]
    assert (order().step, order().due_at) == ("", None), "what is settled is not read again by itself"


def test_appointments_of_an_order_that_left_production_are_done() -> None:
    ingest()
    read(state="active", history=history("connexion_planned", reasons={"connexion_planned": "le 01/12/2026"}))
    assert Appointment.objects.get().is_done


def test_an_older_reading_is_ignored_and_so_is_one_of_an_unknown_order() -> None:
    ingest()
    read(later(), enni="NEW")
    assert not read(AT, enni="OLD")
    assert not read(later(), enni="OLD")
    assert order().enni == "NEW"
    assert not store.ingest_reading(reading(number=2))


def test_data_that_could_not_be_read_is_kept_as_it_was() -> None:
    ingest()
    documents = [{"type": "BDC", "values": ["a.pdf"]}]
    read(history=history("acknowledged"), documents=documents)
    read(later(), history=None, documents=None, failure="Neither could be had.")
    found = order()
    assert (found.details.failure, found.step, found.details.documents) == (
        "Neither could be had.",
        "acknowledged",
        documents,
    )
    assert Document.objects.get().gone_at is None


def test_a_document_that_is_listed_no_longer_is_marked_and_comes_back() -> None:
    ingest()
    read(documents=[{"type": "BDC", "values": ["a.pdf"]}])
    read(later(1), documents=[])
    read(later(2), documents=[])
    assert Document.objects.get().gone_at == later(1)
    read(later(3), documents=[{"type": "PV", "values": ["a.pdf"]}])
    document = Document.objects.get()
    assert (document.gone_at, document.kind) == (None, "PV")


@pytest.mark.parametrize(
    "nonsense",
    [None, 3, "BDC", {"type": "BDC"}, {"type": "BDC", "values": "a.pdf"}, {"values": [None, 3, " "]}],
)
def test_malformed_entries_are_left_out_of_a_listing_of_documents(nonsense: Any) -> None:
    assert store.listed_documents([nonsense]) == []


def test_the_labels_of_options_are_learnt_from_orders() -> None:
    ingest()
    read()
    assert Option.objects.get(option_id="194").label == "GTR 4H HO"


@given(
    hostile(DETAIL),
    st.lists(
        st.fixed_dictionaries({}, optional={"state": junk(), "change_date": junk(), "change_reason": junk()}),
        max_size=3,
    ),
    st.lists(
        st.fixed_dictionaries({}, optional={"type": junk(), "values": junk() | st.lists(junk(), max_size=3)}),
        max_size=3,
    ),
)
@HYPOTHESIS
def test_no_own_page_is_too_hostile(page: dict[str, Any], steps: list[Any], documents: list[Any]) -> None:
    Order.objects.all().delete()
    ingest()
    for minute in (1, 2):
        one = Reading(
            reference(1), later(minute), as_received(page), as_received(steps), as_received(documents)
        )
        assert store.ingest_reading(one)
    found = order()
    assert found.details.detail.keys() == as_received(page).keys()
    assert found.get_absolute_url()


# What can't be read for now


def test_an_order_is_put_off_and_its_details_say_why() -> None:
    ingest()
    store.put_off(reference(1), later(60), "The page could not be had.")
    store.put_off(reference(1), later(90))
    store.put_off("nothing of the kind", later())
    assert (order().due_at, order().details.failure) == (later(90), "The page could not be had.")


# What is reported to watchers


def test_nothing_is_reported_on_the_first_import() -> None:
    ingest(silent=True)
    read()
    assert reported_changes() == []


def test_a_new_order_is_reported_once() -> None:
    ingest(silent=False)
    read()
    ingest(at=later(), silent=False)
    assert reported_changes() == [{"state": [None, "in_progress"]}]


def test_a_change_in_the_list_is_reported() -> None:
    ingest()
    ingest(
        listed(
            state="cancelled",
            cancellation_date="2026-11-01",
            cancellation_reason="Abandon",
            modification_date=None,
        ),
        at=later(),
        silent=False,
    )
    assert reported_changes() == [
        {
            "state": ["in_progress", "cancelled"],
            "cancellation_date": [None, "2026-11-01"],
            "cancellation_reason": [None, "Abandon"],
        }
    ]


def test_a_change_on_the_own_pages_is_reported() -> None:
    ingest()
    read()
    read(
        later(),
        estimated_delivery_date="2026-12-24",
        history=history("acknowledged", "optical_route_received"),
        documents=[{"type": "BDC", "values": ["a.pdf"]}],
    )
    assert reported_changes() == [
        {
            "estimated_delivery_date": ["2026-12-01", "2026-12-24"],
            "step": ["acknowledged", "optical_route_received"],
            "documents": [None, "a.pdf"],
        }
    ]


@pytest.mark.parametrize("page_first", [True, False])
def test_a_state_and_a_date_that_list_and_own_page_both_have_are_reported_once(page_first: bool) -> None:
    ingest()
    read()
    changes = {"state": "active", "completion_date": "2026-11-19"}
    in_list = listed(**changes, modification_date="2026-11-20T12:00:00Z")
    if page_first:
        read(later(1), **changes)
        ingest(in_list, at=later(2), silent=False)
    else:
        ingest(in_list, at=later(1), silent=False)
        read(later(2), **changes)
    states = [one["state"] for one in reported_changes() if "state" in one]
    days = [one["completion_date"] for one in reported_changes() if "completion_date" in one]
    assert (states, days) == ([["in_progress", "active"]], [[None, "2026-11-19"]])


def test_data_that_could_not_be_read_before_is_no_change_when_it_can_be() -> None:
    ingest()
    read(history=None, documents=None, failure="Neither could be had.")
    read(later(), history=history("acknowledged"), documents=[{"type": "BDC", "values": ["a.pdf"]}])
    assert reported_changes() == []
    read(
        later(2),
        history=history("acknowledged", "active"),
        documents=[{"type": "BDC", "values": ["a.pdf", "b.pdf"]}],
    )
    assert reported_changes() == [{"step": ["acknowledged", "active"], "documents": [None, "b.pdf"]}]


# Who ordered it


def ordered(order: dict[str, Any], cart: Cart, **columns: Any) -> Line:
    """A line of a cart that became an order at the vendor."""
    columns = {"order_date": AT} | columns
    return a_line(cart, order_reference=order["id"], **columns)


def test_an_order_of_ours_has_its_owner_team_and_line(people: People) -> None:
    line = ordered(listed(1), a_cart(people.sales, team=people.north))
    ingest(listed(1), listed(2))
    ours, theirs = Order.objects.order_by("pk")
    assert (ours.owner, ours.team, ours.line_id) == (people.sales, people.north, line.pk)
    assert (theirs.owner, theirs.team, theirs.line_id) == (None, None, None)


@pytest.mark.parametrize("columns", [{"order_date": None}, {"deleted_at": AT}])
def test_a_line_that_was_not_ordered_or_is_deleted_became_no_order(
    people: People, columns: dict[str, Any]
) -> None:
    ordered(listed(1), a_cart(people.sales), **columns)
    ingest()
    assert (order().owner, order().line_id) == (None, None)


def test_a_page_of_orders_queries_their_lines_once(people: People) -> None:
    cart = a_cart(people.sales)
    lines = [ordered(listed(number), cart).pk for number in (1, 2, 3)]
    with CaptureQueriesContext(connection) as queries:
        ingest(*(listed(number) for number in (1, 2, 3)))
    assert sum('FROM "sessions_app_line"' in query["sql"] for query in queries) == 1
    assert list(Order.objects.order_by("pk").values_list("line_id", flat=True)) == lines


def test_an_order_is_linked_when_its_line_or_the_owner_is_known_later(people: People) -> None:
    ingest(listed(1, order_date=AT.date().isoformat()), listed(2, order_date="2020-01-01"))
    cart = a_cart(None)
    line = ordered(listed(1), cart)
    ordered(listed(2), cart)
    store.link_recent(AT - timedelta(days=30))
    assert [one.line_id for one in Order.objects.order_by("pk")] == [line.pk, None], (
        "only those of late are looked at"
    )
    Cart.objects.filter(pk=cart.pk).update(owner=people.sales)
    store.link_recent(AT - timedelta(days=30))
    assert Order.objects.earliest("pk").owner == people.sales


def test_an_order_that_was_not_ordered_here_has_no_line() -> None:
    ingest()
    store.link_recent(AT - timedelta(days=90))
    assert order().line_id is None
    assert OrderDetail.objects.count() == 0

"""Documents → rows: pages of the list, good and hostile, older and newer."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from tests.tracking.ingest.store_helpers import AT, ingest, later, order, read
from tests.tracking.vendor_documents import LISTED, as_received, hostile, listed, reference
from tracking.ingest import store
from tracking.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later"), pytest.mark.postgresql]


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
def test_no_document_of_the_list_is_too_hostile(page: list[dict[str, Any]]) -> None:
    for at in (AT, later()):
        store.ingest_page(as_received(page), at)
    for row in Order.objects.all():
        assert row.get_absolute_url()

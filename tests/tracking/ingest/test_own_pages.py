"""Documents → rows: orders' own pages, good and hostile, older and newer, or not to be had for now."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions_app.models import Option
from tests.tracking.ingest.store_helpers import AT, ingest, later, order, read, reading
from tests.tracking.vendor_documents import DETAIL, as_received, history, hostile, junk, reference
from tracking.ingest import store
from tracking.ingest.store import Reading
from tracking.models import Appointment, Document, Order, StepTime

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later"), pytest.mark.postgresql]


# What they become


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

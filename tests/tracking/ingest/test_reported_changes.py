"""What is reported to watchers of what changed in the list and on orders' own pages."""

import pytest

from tests.tracking.ingest.store_helpers import ingest, later, read, reported_changes
from tests.tracking.vendor_documents import history, listed

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("an_hour_later"), pytest.mark.postgresql]


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

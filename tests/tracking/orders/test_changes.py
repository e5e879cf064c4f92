"""What readers and watchers are expected of two readings of an order."""

import pytest

from tests.tracking.vendor_documents import detail, history, listed
from tracking.models import Order, uuid_of
from tracking.orders import changes

pytestmark = pytest.mark.postgresql


def test_each_path_that_differs_is_reported_with_before_and_after() -> None:
    before = detail(product={"name": "BPE 100M", "options": [{"label": "GTR"}]}, enni="CN1")
    after = detail(product={"name": "BPE 1G", "options": [{"label": "GTR"}, {"label": "CPE"}]}, enni="CN1")
    assert changes.between(before, after) == {
        "product.name": ["BPE 100M", "BPE 1G"],
        "product.options.1.label": [None, "CPE"],
    }


def test_blank_and_absent_are_the_same_and_the_date_of_change_is_no_change() -> None:
    before = listed(cancellation_reason=None)
    after = listed(modification_date="2026-11-01T10:00:00Z", cancellation_reason="", new_field=[])
    assert changes.between(before, after) == {}


def test_an_unknown_field_is_reported_as_well() -> None:
    assert changes.between({}, {"colour": {"name": "blue"}}) == {"colour.name": [None, "blue"]}


def test_a_new_step_is_reported() -> None:
    before, after = history("acknowledged"), history("acknowledged", "optical_route_received")
    assert changes.of_history(before, after) == {"step": ["acknowledged", "optical_route_received"]}
    assert changes.of_history([], before) == {"step": [None, "acknowledged"]}


def test_an_entry_that_is_no_newer_than_the_rest_is_not_reported_as_a_step() -> None:
    before = history("acknowledged", "optical_route_received")
    assert changes.of_history(before, before) == {}
    assert changes.of_history(before, [{"state": "lost", "change_date": None}, *before]) == {}
    assert changes.of_history(before, []) == {}


def test_a_rescheduled_appointment_is_reported_by_its_reason() -> None:
    planned = history("connexion_planned", reasons={"connexion_planned": "le 04/03/2026"})
    moved = [*planned, {**planned[0], "change_date": "2026-09-03T10:00:00", "change_reason": "le 09/03/2026"}]
    assert changes.of_history(planned, moved) == {"step_reason": ["le 04/03/2026", "le 09/03/2026"]}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (set(), {"b.pdf", "a.pdf"}, {"documents": [None, "a.pdf, b.pdf"]}),
        ({"a.pdf"}, {"a.pdf"}, {}),
        ({"a.pdf"}, set(), {}),
    ],
)
def test_new_documents_are_reported(before: set[str], after: set[str], expected: changes.Changes) -> None:
    assert changes.of_documents(before, after) == expected


def test_a_change_names_the_order_its_customer_and_its_city() -> None:
    order = Order(reference="CMD_X_1", uuid=uuid_of("CMD_X_1"), end_customer_name="Martin", city="Lyon")
    one = changes.change_of(order, {"state": ["in_progress", "active"]})
    assert (one.page, one.subject_id, one.label, one.url, one.customer) == (
        "orders",
        uuid_of("CMD_X_1"),
        "CMD_X_1 · Martin · Lyon",
        "/orders/CMD_X_1/",
        "Martin",
    )
    assert one.changes == {"state": ["in_progress", "active"]}

"""What readers and watchers are notified of about a copper order."""

import pytest

from extranet.models import CopperOrder
from extranet.orders import changes
from tests.extranet.order_factory import example

pytestmark = pytest.mark.postgresql

RAW = example("create-order-answer")


def test_what_differs_is_reported_path_by_path() -> None:
    after = RAW | {"status": "submitted", "enni": {"enni_vlan": "222"}, "brand_new": {"7": {"x": 1}}}
    assert changes.between(RAW, after) == {
        "status": ["draft", "submitted"],
        "enni.enni_vlan": ["111", "222"],
        "enni.enni_service_ref": ["Gate 1", None],
        "brand_new.7.x": [None, 1],
    }


def test_what_changes_with_every_change_is_not_reported() -> None:
    moved = dict.fromkeys(changes.UNREPORTED, "2026-11-22T10:00:00")
    assert changes.between(RAW, RAW | moved) == {}


def test_what_is_read_for_the_first_time_is_no_change() -> None:
    assert changes.between({}, RAW) == {}


def test_an_order_is_named_by_its_reference_customer_and_city() -> None:
    order = CopperOrder(alias="O1", end_customer_name="Untel", city="Courbevoie")
    subject = changes.subject_of(order)
    assert (subject.label, subject.customer, subject.id) == ("O1 · Untel · Courbevoie", "Untel", order.uuid)
    change = changes.change_of(order, {"status": ["draft", "submitted"]})
    assert (change.page, change.subject_id, change.url) == (
        changes.PAGE,
        order.uuid,
        order.get_absolute_url(),
    )
    assert change.changes == {"status": ["draft", "submitted"]}


def test_users_who_watch_a_customer_are_not_notified_of_drafts() -> None:
    orders = [
        CopperOrder(end_customer_name="Untel", status=status) for status in ("", "draft", "submitted", "new")
    ]
    assert [changes.change_of(order, {}).customer for order in orders] == ["", "", "Untel", "Untel"]

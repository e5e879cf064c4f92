"""Documents into rows: newer never yields to older, unknown is no error, and nothing in part erases anything."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from drafts.models import Event
from extranet import ingest
from extranet.drafts import actions
from extranet.models import CopperOrder
from notifications.models import Change
from tests.extranet.order_factory import example, fresh, ingested, ready_values
from tests.sandbox.copper import activation

pytestmark = [pytest.mark.django_db, pytest.mark.postgresql]

RAW = example("create-order-answer")
DEEP: dict[str, Any] = {}
for _ in range(100):
    DEEP = {"deeper": DEEP}
NONSENSE: list[Any] = [
    None,
    True,
    0,
    7.5,
    "",
    "text",
    "é" * 5000,
    [],
    ["text"],
    [[None]],
    {},
    {"7": {}},
    DEEP,
]


def _at(minutes: float) -> datetime:
    return timezone.now() + timedelta(minutes=minutes)


def test_statuses_types_and_fields_that_nobody_knows_are_kept_and_shown() -> None:
    order = ingested(RAW | {"status": "on_the_moon", "type": "transfer", "brand_new": {"7": [1]}})
    assert (order.status, order.type, order.raw["brand_new"]) == ("on_the_moon", "transfer", {"7": [1]})
    assert order.is_open
    assert not order.is_draft
    assert order in CopperOrder.objects.under_way()


def test_a_response_requested_earlier_never_overwrites_what_is_newer() -> None:
    order = ingested(RAW)
    assert ingest.ingest_orders([RAW | {"comment": "Newer"}], _at(1)) == 1
    assert ingest.ingest_orders([RAW | {"comment": "Older"}], _at(0)) == 1, "it was read, and left aside"
    assert fresh(order).raw["comment"] == "Newer"


def test_the_same_again_is_neither_written_nor_locked() -> None:
    ingested(RAW)
    with CaptureQueriesContext(connection) as statements:
        assert ingest.ingest_orders([RAW], _at(1)) == 0
    assert not [one for one in statements if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_the_same_in_part_is_neither_written_nor_locked() -> None:
    ingested(RAW)
    part = {"order_uuid": RAW["order_uuid"], "owner": {"name": "Untel"}, "options": {}, "status": "draft"}
    with CaptureQueriesContext(connection) as statements:
        assert ingest.ingest_orders([part], _at(1), in_part=True) == 0
    assert not [one for one in statements if one["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]


def test_what_a_partial_document_leaves_out_stays_and_the_rest_is_merged() -> None:
    order = ingested(RAW)
    part = {
        "order_uuid": RAW["order_uuid"],
        "owner": {"name": "Autre"},
        "contacts": {"operator": {"contact_uuid": "k2nlerox"}},
        "endpoints": [{"endpoint_ref": "0143340044"}],
        "comment": None,
    }
    ingest.ingest_orders([part], _at(1), in_part=True)
    order = fresh(order)
    assert order.raw["owner"] == {"type": "unregistrated", "name": "Autre"}
    assert order.raw["contacts"]["owner"] == RAW["contacts"]["owner"]
    assert order.draft["endpoints"] == [{"endpoint_ref": "0143340044", "endpoint_ref_type": "line_number"}]
    assert order.draft["options.grt.value"] == "4h_24_7"
    assert "comment" not in order.draft, "null is in the document, and says that there is none"


def test_what_a_whole_document_leaves_out_is_deleted() -> None:
    order = ingested(RAW)
    whole = {name: value for name, value in RAW.items() if name not in ("owner", "comment")}
    ingest.ingest_orders([whole], _at(1))
    order = fresh(order)
    assert not {"owner.name", "comment"} & order.draft.keys()
    assert order.end_customer_name == ""


def test_a_change_at_covage_is_recorded_in_the_history_and_notified() -> None:
    order = ingested(RAW)
    ingest.ingest_orders(
        [RAW | {"comment": "New", "status": "submitted", "modification_date": "2026-11-22"}], _at(1)
    )
    event = Event.objects.get(subject_id=order.uuid)
    assert event.verb == "changed-upstream"
    assert event.changes == {"comment": ["Commentaires", "New"], "state": ["draft", "submitted"]}
    assert Change.objects.get().changes == {
        "comment": ["Commentaires", "New"],
        "status": ["draft", "submitted"],
    }


def test_nobody_is_notified_of_an_order_that_appears() -> None:
    ingest.ingest_orders([RAW], _at(0))
    assert not Change.objects.exists()
    assert not Event.objects.exists()


def test_ingesting_leaves_what_people_decide_as_it_is(sales: User) -> None:
    order = ingested(RAW, sales)
    CopperOrder.objects.update(typed={"enni.enni_vlan": "many"}, refusals=[{"path": "comment", "code": "x"}])
    ingest.ingest_orders([RAW | {"comment": "New"}], _at(1))
    after = fresh(order)
    assert (after.owner, after.uuid, after.typed) == (sales, order.uuid, {"enni.enni_vlan": "many"})
    assert after.refusals


def test_a_submission_or_answer_under_way_is_reset_once_it_is_done() -> None:
    order = ingested(RAW | {"status": "pending"})
    CopperOrder.objects.update(answering="confirm", submitting_since=timezone.now())
    ingest.ingest_orders([RAW | {"status": "running"}], _at(1))
    order = fresh(order)
    assert (order.answering, order.submitting_since) == ("", None)


def test_a_draft_of_ours_is_recognised_by_its_reference(sales: User) -> None:
    order = actions.create_order(sales, ready_values(operator_order_ref="IS-1"))
    raw = RAW | {"operator_order_ref": "IS-1", "creation_date": timezone.now().isoformat()}
    assert ingested(raw) == order


def test_a_draft_deleted_before_it_was_sent_is_not_matched_by_its_reference(
    sales: User,
) -> None:
    deleted = actions.create_order(sales, ready_values(operator_order_ref="IS-1"))
    actions.delete_order(deleted.uuid, sales)
    raw = RAW | {"operator_order_ref": "IS-1", "creation_date": timezone.now().isoformat()}
    assert ingested(raw) != deleted


def test_an_order_from_long_before_is_not_ours_though_it_has_our_reference(sales: User) -> None:
    order = actions.create_order(sales, ready_values(operator_order_ref="IS-1"))
    assert ingested(RAW | {"operator_order_ref": "IS-1"}) != order
    assert "operator_order_ref" in {item.path for item in fresh(order).missing()}, "no two may share it"


@pytest.mark.parametrize("order_uuid", [None, "", 7, {"a": 1}, ["x"], ".", "..", "x" * 65, True])
def test_documents_without_an_id_are_skipped(order_uuid: object) -> None:
    assert ingest.ingest_orders([RAW | {"order_uuid": order_uuid}, activation()], _at(0)) == 0
    assert not CopperOrder.objects.exists()


HOSTILE = [
    {"product": []},
    {"product": "SD01"},
    {"product": {"code": ["SD01"], "line": "SD", "name": {}}},
    {"product": {"code": True, "line": {"family": []}}},
    {"product": {"code": 5, "line": {"family": {"code": {}}}, "options": "all"}},
    {"endpoints": {}},
    {"endpoints": "0143340043"},
    {"endpoints": [None, 7, "x", {}, {"endpoint_ref": {}}, {"": 1}, {"1": [{"2": {}}]}]},
    {"contacts": "bp5nkkcx"},
    {"contacts": {"operator": ["bp5nkkcx"], "owner": "Nom"}},
    {"options": {"7": {"enabled": True}, "grt": [], "portability": {"enabled": "yes", "rio_code": {}}}},
    {
        "options": {
            "grt": {"enabled": 1, "value": ["4h_bhbd"]},
            "contract_term": {"enabled": True, "value": {}},
        }
    },
    {"owner": {"type": {}, "name": ["Untel"], "siret": 7}},
    {"address": {"insee_code": {}, "city": 7, "street_number": []}},
    {"enni": {"enni_vlan": {"a": 1}, "enni_service_ref": 7}},
    {"creation_date": "0001-01-01T00:00:00", "completion_date": "9999-12-31T23:59:59", "held_date": 7},
    {"creation_date": "9999-12-31", "modification_date": {}, "submission_date": "9998-12-31T00:00:00+14:00"},
    {"status": {"a": 1}, "type": ["activate"], "activation_type": {}, "alias": 7, "origin": []},
    {"batch_alias": "x" * 5000, "operator_order_ref": "y" * 5000, "service_alias": "z" * 5000},
    {"operator_order_ref": {"a": 1}, "operator_order_name": [], "service_uuid": {"b": 2}},
    {"type": "terminate", "service_uuid": ["x"], "service_alias": {}},
    {"deep": DEEP, "owner": DEEP},
]


def _look_at(order: CopperOrder) -> None:
    """All that pages ask of an order."""
    assert isinstance(str(order), str)
    assert order.get_absolute_url()
    for item in order.missing():
        assert item.message
    names = [name for name in dir(CopperOrder) if isinstance(getattr(CopperOrder, name), property)]
    for name in names:
        getattr(order, name)
    order.terminations().first()
    order.changes_to_send()


@pytest.mark.parametrize(
    "status", ["draft", *(pytest.param(each, marks=pytest.mark.slow) for each in ("completed", "pending"))]
)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_document_however_odd_stops_the_sync_or_a_page(hostile: dict[str, Any], status: str) -> None:
    for in_part in (False, True):
        ingest.ingest_orders([RAW | {"status": status}], _at(-2))
        ingest.ingest_orders([{**RAW, "status": status, **hostile}], _at(-1), in_part=in_part)
        order = CopperOrder.objects.get(upstream_id=RAW["order_uuid"])
        _look_at(order)
        assert order.unsent == []
        CopperOrder.objects.all().delete()


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(RAW))
def test_no_field_however_odd_stops_the_sync_or_a_page(name: str) -> None:
    if name == "order_uuid":
        return
    orders = [
        RAW | {"order_uuid": f"u{number}", name: value, "operator_order_ref": f"R{number}"} | {name: value}
        for number, value in enumerate(NONSENSE)
    ]
    assert ingest.ingest_orders(orders, _at(0)) == len(orders)
    assert ingest.ingest_orders(orders, _at(1)) == 0
    for order in CopperOrder.objects.all():
        _look_at(order)


def test_many_orders_are_ingested_in_as_many_queries_as_few() -> None:
    counts = []
    for some in (3, 12):  # SQLite takes 999 values at once
        raw = [
            RAW
            | {
                "order_uuid": f"{some}-{number}",
                "status": "running",
                "operator_order_ref": f"{some}-{number}",
            }
            for number in range(some)
        ]
        with CaptureQueriesContext(connection) as first:
            ingest.ingest_orders(raw, _at(0), silent=True)
        with CaptureQueriesContext(connection) as second:
            ingest.ingest_orders([one | {"comment": "New"} for one in raw], _at(1))
        counts.append((len(first), len(second)))
    assert counts[0] == counts[1]

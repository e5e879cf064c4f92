"""What a PUT can't change is changed by creating the draft again, and deleting the old one."""

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import User
from drafts.models import Event
from extranet import ingest
from extranet.drafts import actions
from extranet.models import CopperOrder
from tests.extranet.drafts.outbox_helpers import assert_synced, cause_mishap
from tests.extranet.order_factory import (
    all_upstream,
    edit,
    elsewhere,
    fresh,
    ingested,
    line_to_build,
    newest_operation,
    pending_kinds,
    run_sync,
    send,
    send_all,
    upstream,
    upstream_id,
)
from tests.mishaps import MISHAPS
from tests.sandbox.copper import activation
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


def test_what_a_put_does_not_change_recreates_the_draft_and_deletes_the_old_one(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    old, begun = order.upstream_id, order.created_at
    sandbox.advance(3600)
    order = send(edit(order, sales, address__city="Courbevoie", product__code="SD02"))
    assert (order.upstream_id != old, order.created_at) == (True, begun)
    assert upstream(sandbox, order)["address"] == {"city": "Courbevoie"}
    assert upstream(sandbox, order)["product"]["code"] == "SD02"
    assert (order.product_code, order.product_name) == ("SD02", "SDSL-4M-PREMIUM-G-2P-KOSC")
    assert Event.objects.filter(subject_id=order.uuid, verb="made-anew").count() == 1
    assert_synced(sandbox, order)
    run_sync(full=True)
    assert CopperOrder.objects.exclude(service="enni").get() == order
    assert_synced(sandbox, order)


@pytest.mark.parametrize("write", ["creating", "deleting"])
@pytest.mark.parametrize("mishap", MISHAPS)
def test_recreating_a_draft_leaves_one_whichever_answer_is_lost_and_whatever_a_sync_shows(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, write: str, mishap: str
) -> None:
    run_sync()
    cause_mishap(sandbox, write, mishap)
    order = edit(order, sales, address__city="Courbevoie")
    for full in (False, True, False):
        order = send(order)
        run_sync(full=full)
        assert CopperOrder.objects.exclude(service="enni").get() == order, (
            "no stranger's row, not for a moment"
        )
    order = send_all(order)
    assert sandbox.counters()["extranet_orders_created"][order.operator_order_ref] == 2
    run_sync(full=True)
    assert CopperOrder.objects.exclude(service="enni").get() == order
    assert_synced(sandbox, order)


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_list_that_shows_both_drafts_shows_no_stranger_s(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, newest_first: bool
) -> None:
    cause_mishap(sandbox, "creating")
    order = send(edit(order, sales, address__city="Courbevoie"))
    assert newest_operation(order).state == "unknown"
    both = all_upstream(sandbox)
    assert len(both) == 2
    ingest.ingest_orders(both[::-1] if newest_first else both, timezone.now(), in_part=True)
    assert CopperOrder.objects.exclude(service="enni").get() == order
    assert fresh(order).upstream_id == order.upstream_id


def test_a_crash_between_the_new_draft_and_the_deletion_of_the_old_one_leaves_one(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None
) -> None:
    sandbox.faults([{"fault": "refuse", "method": "DELETE", "times": 2}])
    order = send(edit(order, sales, address__city="Courbevoie"))
    assert pending_kinds(order) == ["delete-copper"]
    assert len(all_upstream(sandbox)) == 2
    run_sync(full=True)
    order = send_all(order)
    assert_synced(sandbox, order)
    run_sync()
    assert CopperOrder.objects.exclude(service="enni").count() == 1


def test_a_draft_recreated_and_deleted_before_the_old_one_went_leaves_none(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None
) -> None:
    sandbox.faults([{"fault": "refuse", "method": "DELETE", "times": 1}])
    order = send(edit(order, sales, address__city="Courbevoie"))
    actions.delete_order(order.uuid, sales)
    assert pending_kinds(order) == ["delete-copper", "delete-copper"]
    send_all(order)
    assert all_upstream(sandbox) == []


def test_a_draft_recreated_twice_is_not_confused_with_the_one_still_to_be_deleted(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None
) -> None:
    for floor in ("04", "05"):
        cause_mishap(sandbox, "creating")
        order = send(edit(order, sales, address__floor=floor))
    order = send_all(order)
    assert sandbox.counters()["extranet_orders_created"][order.operator_order_ref] == 3
    assert upstream(sandbox, order)["address"] == {"floor": "05"}
    assert_synced(sandbox, order)


def test_a_draft_from_elsewhere_without_a_reference_gets_one_when_it_is_recreated(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    made = elsewhere(sandbox).create_order(activation(operator_order_ref=None))
    order = ingested(upstream_of(sandbox, made), sales)
    assert (order.operator_order_ref, order.unsent) == ("", [])
    cause_mishap(sandbox, "creating")
    order = send_all(edit(order, sales, address__floor="04"))
    assert order.operator_order_ref
    assert upstream(sandbox, order)["address"]["floor"] == "04"
    assert_synced(sandbox, order)


def upstream_of(sandbox: SandboxProcess, made: dict[str, Any]) -> dict[str, Any]:
    return elsewhere(sandbox).order(made["order_uuid"])


def test_endpoints_are_put_where_that_changes_them(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    old = order.upstream_id
    order = send(edit(order, sales, endpoints__0__endpoint_ref="0143340099"))
    assert order.upstream_id == old
    assert_synced(sandbox, order)


def test_endpoints_that_a_put_left_as_they_were_recreate_the_draft(
    sandbox: SandboxProcess, sales: User
) -> None:
    """Of a line that is to be built no PUT changes them."""
    order = send(actions.create_order(sales, line_to_build()))
    old = order.upstream_id
    ends = {"endpoints.0.endpoint_ref": "0143340099", "endpoints.0.endpoint_ref_type": "line_number"}
    order = send(edit(order, sales, **ends))
    assert order.upstream_id != old
    assert order.refusals == []
    assert upstream(sandbox, order)["endpoints"][0]["endpoint_ref"] == "0143340099"
    assert_synced(sandbox, order)


def test_what_was_not_accepted_is_shown_no_more_once_it_is(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    refusal = {"path": "batch_alias", "code": "not-taken", "held": "B261121_00001", "until_changed": True}
    order.edit({"batch_alias": "B261121_00001"}, {})
    order.refusals = [refusal]
    order.save()
    assert "batch_alias" in {item.path for item in order.missing()}
    order = send(edit(order, sales, address__city="Courbevoie"))
    assert upstream(sandbox, order)["batch_alias"] == "B261121_00001"
    assert "batch_alias" not in {item.path for item in order.missing()}
    assert order.refusals == []


def test_what_is_in_conflict_is_recreated_as_theirs(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"comment": "Theirs"})
    order = send(edit(order, sales, comment="Ours", address__city="Courbevoie"))
    raw = upstream(sandbox, order)
    assert (raw["comment"], raw["address"]["city"]) == ("Theirs", "Courbevoie")
    assert (order.draft["comment"], list(order.conflicts)) == ("Ours", ["comment"])


def test_a_recreated_draft_is_found_by_our_reference_even_if_it_was_changed_there(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"operator_order_ref": None})
    order = send(edit(order, sales, operator_order_ref="OURS-1", address__city="Courbevoie"))
    assert upstream(sandbox, order)["operator_order_ref"] == "OURS-1"

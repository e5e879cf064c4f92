"""Changes of a draft reach Covage once, by its whole document, whatever becomes of the responses."""

from typing import Any

import pytest

from accounts.models import User
from extranet.drafts import actions
from extranet.drafts.operations import SaveOrder
from extranet.models import CopperOrder
from outbox.models import Operation
from tests.extranet.drafts.outbox_helpers import REQUESTS, assert_synced, cause_mishap, interrupted, processed
from tests.extranet.order_factory import (
    all_upstream,
    edit,
    elsewhere,
    fresh,
    newest_operation,
    pending_kinds,
    ready_values,
    refreshed,
    requests,
    send,
    send_all,
    upstream,
    upstream_id,
)
from tests.mishaps import MISHAPS
from tests.sandbox_process import SandboxProcess

pytestmark = pytest.mark.django_db


# Changing by the whole document


def test_only_what_changed_differs_in_what_is_put(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    before = upstream(sandbox, order)
    order = send(
        edit(order, sales, owner__name="Autre", options__grt__enabled=True, options__grt__value="4h_24_7")
    )
    (put,) = requests(sandbox, "PUT")
    changes = {
        "owner": before["owner"] | {"name": "Autre"},
        "options": {"grt": {"enabled": True, "value": "4h_24_7"}},
    }
    assert put["body"] == before | changes
    assert_synced(sandbox, order)


def test_an_emptied_field_is_left_out_and_gone_upstream(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    order = send(edit(order, sales, comment=None, enni__enni_vlan=None, enni__enni_service_ref=None))
    raw = upstream(sandbox, order)
    assert not {"comment", "enni"} & raw.keys()
    assert_synced(sandbox, order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_whose_answer_is_lost_is_compared_and_sent_again_only_if_it_failed(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, mishap: str
) -> None:
    cause_mishap(sandbox, "changing", mishap)
    order = send_all(edit(order, sales, comment="After", owner__name="Autre", enni__enni_vlan=None))
    raw = upstream(sandbox, order)
    assert (raw["comment"], raw["owner"]["name"]) == ("After", "Autre")
    assert "enni_vlan" not in raw["enni"]
    assert processed(sandbox, "changing") == 1
    assert_synced(sandbox, order)


def test_edits_of_an_outage_become_one_change(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    sandbox.down()
    for number in range(3):
        send(edit(order, sales, comment=f"Version {number}"))
    assert pending_kinds(order) == ["save-copper"]
    sandbox.down(False)
    order = send(order)
    assert [entry["body"]["comment"] for entry in requests(sandbox, "PUT") if entry["processed"]] == [
        "Version 2"
    ]
    assert_synced(sandbox, order)


def test_what_was_never_sent_can_be_withdrawn_and_sent_after_all(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = actions.create_order(sales, ready_values())
    assert actions.withdraw(newest_operation(order), sales)
    assert all_upstream(sandbox) == []
    assert_synced(sandbox, send(edit(order, sales)))


def test_a_change_elsewhere_just_before_ours_is_merged(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"operator_order_name": "Theirs", "brand_new": {"1": []}})
    order = send(edit(order, sales, comment="Ours"))
    raw = upstream(sandbox, order)
    assert (raw["comment"], raw["operator_order_name"]) == ("Ours", "Theirs")
    assert raw["brand_new"] == {"1": []}
    assert order.operator_order_name == "Theirs"
    assert_synced(sandbox, order)


@pytest.mark.parametrize(
    ("path", "ours", "raw"),
    [
        ("enni.enni_vlan", "222", {"enni": {"enni_service_ref": "S20181102_12001", "enni_vlan": "333"}}),
        (
            "endpoints.0.endpoint_ref",
            "0143340044",
            {"endpoints": [{"endpoint_ref": "0143340045", "endpoint_ref_type": "line_number"}]},
        ),
        ("comment", "Ours", {"comment": None}),
    ],
)
@pytest.mark.parametrize("keep_ours", [True, False])
def test_a_change_on_both_sides_is_a_conflict_and_not_sent_until_somebody_decides(
    sandbox: SandboxProcess,
    order: CopperOrder,
    sales: User,
    path: str,
    ours: str,
    raw: dict[str, Any],
    keep_ours: bool,
) -> None:
    was = order.flat_draft[path]
    after = sandbox.on_copper(upstream_id(order), "change", raw)["order"]
    order = send(edit(order, sales, **{path: ours, "owner.name": "Sent all the same"}))
    theirs = order.flat_upstream.get(path)
    assert order.conflicts == {path: {"was": was, "theirs": theirs}}
    assert order.flat_draft[path] == ours
    current = upstream(sandbox, order)
    assert current["owner"]["name"] == "Sent all the same"
    assert {name: current.get(name) for name in raw} == {name: after.get(name) for name in raw}
    assert path in {item.path for item in order.missing()}

    order = send(actions.settle_conflict(order.uuid, sales, path, ours=keep_ours))
    assert order.flat_draft.get(path) == (ours if keep_ours else theirs)
    assert_synced(sandbox, order)


def test_what_they_leave_out_is_deleted_here(sandbox: SandboxProcess, order: CopperOrder) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"comment": None, "owner": {"type": "unregistrated"}})
    order = refreshed(order)
    assert not {"comment", "owner.name"} & order.draft.keys()
    assert (order.end_customer_name, order.unsent) == ("", [])


def test_what_covage_does_not_accept_is_shown_at_its_field_and_not_sent_over_and_over(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    order = send(edit(order, sales, options__portability__enabled=True))
    order = edit(order, sales, service_uuid="nonsense")  # locked, so left aside
    sandbox.on_copper(upstream_id(order), "change", {"options": None})
    # A vendor that applies a PUT in part: what was sent is as if it had been left out.
    before = fresh(order)
    operation = Operation.objects.create(
        kind="save-copper",
        subject_id=order.uuid,
        target_id=order.uuid,
        label="",
        url="",
        state="sending",
        sent={"change": {"batch_alias": "B261121_00001"}},
    )
    before.edit({"batch_alias": "B261121_00001"}, {})
    before.save()
    SaveOrder().apply(operation, upstream(sandbox, order))
    order = fresh(order)
    said = {item.path: item.message for item in order.missing()}
    assert said["batch_alias"] == "Covage didn't accept this. Clear the field, or put it in the comment."
    assert order.flat_draft["batch_alias"] == "B261121_00001"
    assert order.unsent == []

    order = send(edit(order, sales, batch_alias=None))
    assert "batch_alias" not in {item.path for item in order.missing()}


# Left draft, or gone, meanwhile


@pytest.mark.parametrize(
    "changes", [{"comment": "Typed"}, {"address__city": "Courbevoie", "comment": "Typed"}]
)
def test_a_change_of_an_order_that_left_draft_meanwhile_changes_nothing_and_keeps_what_was_typed(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, changes: dict[str, str]
) -> None:
    elsewhere(sandbox).submit_order(upstream_id(order))
    order = send(edit(order, sales, **changes))
    assert newest_operation(order).failure == "LeftDraft"
    assert order.status == "submitted"
    assert order.draft["comment"] == "Typed"
    assert upstream(sandbox, order)["comment"] == "STRAIGHT"
    assert (requests(sandbox, "PUT"), len(all_upstream(sandbox))) == ([], 1)


def test_a_change_of_an_order_that_leaves_draft_at_that_moment_is_refused_with_a_word(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    method, path = REQUESTS["changing"]
    sandbox.faults([{"fault": "error", "status": 409, "method": method, "path": path, "times": 1}])
    order = send(edit(order, sales, comment="Typed"))
    assert newest_operation(order).failure == "Conflict"
    assert order.draft["comment"] == "Typed"
    assert order.unsent == ["comment"]


def test_a_change_of_an_order_that_leaves_draft_while_it_is_sent_keeps_what_was_typed_beside_it(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, comment="Typed")
    order = send(
        order,
        interrupted(
            "replace_order", lambda: elsewhere(sandbox).submit_order(upstream_id(order)), before=True
        ),
    )
    refused = newest_operation(order)
    assert (refused.failure, refused.request_uuid[:5]) == ("LeftDraft", "KOSC_")
    assert (order.status, order.draft["comment"]) == ("submitted", "Typed")


def test_a_change_that_can_t_be_read_back_is_looked_up_and_not_sent_again(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None
) -> None:
    edit(order, sales, comment="Typed")
    order = send(order, interrupted("replace_order", sandbox.down))
    assert newest_operation(order).state == "unknown"
    sandbox.down(False)
    order = send_all(order)
    assert (newest_operation(order).state, order.unsent, len(requests(sandbox, "PUT"))) == (
        "succeeded",
        [],
        1,
    )


def test_a_change_of_an_order_that_is_gone_says_so_and_keeps_what_was_typed(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    elsewhere(sandbox).delete_order(upstream_id(order))
    order = send(edit(order, sales, comment="Typed"))
    assert newest_operation(order).failure == "NotFound"
    assert (order.draft["comment"], order.gone_at is None, order.is_draft) == ("Typed", False, False)
    copy = send(actions.duplicate_order(order.uuid, sales))
    assert upstream(sandbox, copy)["comment"] == "Typed"

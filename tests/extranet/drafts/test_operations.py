"""What is pending goes upstream once, in order, whatever becomes of the responses."""

from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from accounts.models import User
from covage import Extranet
from drafts.models import Event
from extranet import ingest
from extranet.drafts import actions
from extranet.drafts.operations import ANSWER_ORDER, SaveOrder, _at_fields
from extranet.models import CopperOrder
from outbox import clients, delivery
from outbox.models import Operation
from sandbox.extranet.rules import NOBODYS_LINE
from tests.extranet.order_factory import (
    all_upstream,
    answer,
    completed_order,
    edit,
    elsewhere,
    fresh,
    ingested,
    line_to_build,
    newest_operation,
    open_order,
    pending_kinds,
    pending_order,
    ready_values,
    refreshed,
    requests,
    reviewed,
    run_sync,
    send,
    send_all,
    submit,
    submitted_order,
    upstream,
    upstream_id,
)
from tests.interrupted import Interrupted
from tests.mishaps import MISHAPS
from tests.sandbox.copper import activation
from tests.sandbox_process import SandboxProcess, eventually

pytestmark = pytest.mark.django_db

REQUESTS = {
    "creating": ("POST", "/api/orders/$"),
    "changing": ("PUT", "/api/orders/[^/]+/$"),
    "deleting": ("DELETE", "/api/orders/[^/]+/$"),
    "submitting": ("POST", "/submit/$"),
    "confirm": ("POST", "/confirm/$"),
    "cancel": ("POST", "/cancel/$"),
}


def _mishap(sandbox: SandboxProcess, write: str, name: str = "dropped after") -> None:
    method, path = REQUESTS[write]
    sandbox.faults([{"method": method, "path": path, "times": 1, **MISHAPS[name]}])


def _interrupted(call: str, meanwhile: Callable[[], object], *, before: bool = False) -> Extranet:
    return Interrupted(clients.interactive_extranet(), call, meanwhile, before=before)  # type: ignore[return-value]


def _assert_in_step(sandbox: SandboxProcess, order: CopperOrder) -> None:
    """Nothing is pending, and the vendor has one order, which is ours and equals it."""
    order = fresh(order)
    assert (pending_kinds(order), order.unsent, order.conflicts) == ([], [], {})
    (raw,) = all_upstream(sandbox)
    assert raw == order.raw
    assert CopperOrder.objects.get(upstream_id=raw["order_uuid"]) == order


def _processed(sandbox: SandboxProcess, write: str) -> int:
    """How often the vendor carried out such a write for Carnet."""
    method, path = REQUESTS[write]
    end = path.rpartition("]+")[2].rstrip("$") if "]+" in path else path.rstrip("$")
    return len([e for e in requests(sandbox, method) if e["processed"] and e["path"].endswith(end)])


# Creating


def test_a_new_order_is_created_under_a_reference_of_our_own(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    raw = upstream(sandbox, order)
    assert raw["operator_order_ref"] == order.operator_order_ref == order.draft["operator_order_ref"] != ""
    assert (order.alias, order.status) == (raw["alias"], "draft")
    assert (order.product_name, order.product_family) == ("SDSL-4M-PREMIUM-G-1P-KOSC", "S")
    assert order.missing() == []
    _assert_in_step(sandbox, order)


def test_a_reference_that_someone_gives_is_the_one_that_is_sent(sandbox: SandboxProcess, sales: User) -> None:
    open_order(sales, operator_order_ref="IS-4711")
    assert all_upstream(sandbox)[0]["operator_order_ref"] == "IS-4711"


def test_a_draft_stays_here_until_it_has_all_that_can_t_be_changed_later(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = send(actions.create_order(sales, ready_values(activation_info__mandate_id=None)))
    assert (all_upstream(sandbox), pending_kinds(order)) == ([], [])
    order = send(edit(order, sales, activation_info__mandate_id="01234567"))
    _assert_in_step(sandbox, order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_creation_whose_answer_is_lost_ends_with_one_order(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "creating", mishap)
    order = open_order(sales)
    assert newest_operation(order).state == "unknown"

    order = send_all(order)

    assert sandbox.counters()["extranet_orders_created"] == {order.operator_order_ref: 1}
    _assert_in_step(sandbox, order)


def test_a_line_beside_ones_own_is_in_the_same_house_where_in_it_one_may_say(
    sandbox: SandboxProcess, sales: User
) -> None:
    near = line_to_build("create", address__floor="3")
    street = ("address.street_number", "address.street_name", "address.city", "address.insee_code")
    order = send(actions.create_order(sales, {path: near[path] for path in near if path not in street}))

    assert order.flat_draft["address.floor"] == "3"
    assert all(order.flat_draft[path] for path in street), "Covage fills in the house of the line near by"
    assert order.missing() == []
    _assert_in_step(sandbox, order)


def test_a_creation_that_takes_longer_than_we_wait_happens_once(sandbox: SandboxProcess, sales: User) -> None:
    sandbox.faults([{"fault": "hold", "method": "POST", "path": "orders/$"}])
    order = actions.create_order(sales, ready_values())
    send(order, clients.extranet().with_timeout(1))
    order = send(order)
    assert newest_operation(order).state == "unknown", "its absence is not believed yet"

    sandbox.faults([])
    assert eventually(lambda: bool(sandbox.counters()["extranet_orders_created"]))

    order = send(order)

    assert sandbox.counters()["extranet_orders_created"] == {order.operator_order_ref: 1}
    _assert_in_step(sandbox, order)


def test_absence_is_believed_only_after_a_while_and_then_it_is_sent_again(
    sandbox: SandboxProcess, sales: User, settings: Any
) -> None:
    _mishap(sandbox, "creating", "dropped before")
    order = open_order(sales)
    for _ in range(3):
        order = send(order)
    assert len(requests(sandbox, "POST", "/api/orders/")) == 1

    operation = newest_operation(order)
    with time_machine.travel(operation.attempted_at, tick=True) as clock:
        clock.shift(settings.OUTBOX_SETTLE_SECONDS + 5)
        order = send(order)
    _assert_in_step(sandbox, order)


def test_a_process_that_dies_after_sending_is_followed_by_a_look_up(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    order = actions.create_order(sales, ready_values())
    operation = newest_operation(order)
    sent = {"create": dict(order.draft)}
    elsewhere(sandbox).create_order(activation(operator_order_ref=order.operator_order_ref))
    Operation.objects.filter(pk=operation.pk).update(state="sending", sent=sent)
    order = send_all(order)
    assert len(all_upstream(sandbox)) == 1
    assert order.upstream_id == all_upstream(sandbox)[0]["order_uuid"]


def test_a_sync_between_a_lost_answer_and_its_look_up_creates_no_second_order(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    run_sync()
    _mishap(sandbox, "creating")
    order = open_order(sales)
    run_sync()
    assert CopperOrder.objects.exclude(service="enni").get().upstream_id is not None
    order = send_all(order)
    _assert_in_step(sandbox, order)


def test_an_older_order_under_the_same_reference_is_not_matched_to_ours(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    """One that nobody here has seen yet."""
    stranger = elsewhere(sandbox).create_order(activation(operator_order_ref="IS-1"))
    long_ago = {"creation_date": "2024-01-01T10:00:00"}
    sandbox.on_copper(stranger["order_uuid"], "change", long_ago)
    _mishap(sandbox, "creating", "dropped before")
    order = send_all(open_order(sales, operator_order_ref="IS-1"))
    assert order.upstream_id != stranger["order_uuid"]
    assert len(all_upstream(sandbox)) == 2


def test_an_order_of_somebody_here_is_not_matched_to_another_s(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    """The other system made one under the same reference at the same moment, and somebody took it."""
    order = actions.create_order(sales, ready_values(operator_order_ref="IS-1"))
    _mishap(sandbox, "creating", "dropped before")
    send(order)
    stranger = elsewhere(sandbox).create_order(activation(operator_order_ref="IS-1"))
    CopperOrder.objects.create(upstream_id=stranger["order_uuid"], owner=sales, raw=stranger)
    order = send_all(order)
    assert order.upstream_id != stranger["order_uuid"]


def test_a_refusal_lands_on_the_field_that_it_names_and_goes_with_another_value(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = send(actions.create_order(sales, ready_values(product__code="XX99")))
    assert order.upstream_id is None
    assert [refusal["path"] for refusal in order.refusals] == ["product.code"]
    said = {item.path: item.message for item in order.missing()}
    assert said["product.code"] == "Covage refused this value: There is no product XX99."

    order = send(edit(order, sales, product__code="SD01"))
    assert (order.refusals, order.missing()) == ([], [])
    _assert_in_step(sandbox, order)


def test_a_refusal_shows_the_reference_for_the_vendor_s_support(sandbox: SandboxProcess, sales: User) -> None:
    order = send(actions.create_order(sales, ready_values(product__code="XX99")))
    operation = newest_operation(order)
    assert (operation.state, operation.failure) == ("refused", "Invalid")
    assert operation.request_uuid.startswith("KOSC_")


def test_a_failure_while_sending_shows_the_reference_for_the_vendor_s_support(
    sandbox: SandboxProcess, sales: User
) -> None:
    _mishap(sandbox, "creating", "an error instead")
    operation = newest_operation(open_order(sales))
    assert (operation.state, operation.failure) == ("unknown", "ServerError")
    assert operation.request_uuid.startswith("KOSC_")


@pytest.mark.parametrize(
    ("values", "path"),
    [
        ({"endpoints.0.endpoint_ref": NOBODYS_LINE}, "endpoints.0.endpoint_ref"),
        ({"contacts.operator.contact_uuid": "zzzzzzzz"}, "contacts.operator.contact_uuid"),
        ({"enni.enni_vlan": "4095"}, "enni.enni_vlan"),
        ({"batch_alias": "B1"}, "batch_alias"),
        ({"options.grt.value": "never"}, "options.grt.value"),
    ],
)
def test_every_bad_value_is_reported_at_its_field_and_kept(
    sandbox: SandboxProcess, sales: User, values: dict[str, str], path: str
) -> None:
    order = send(actions.create_order(sales, ready_values() | values))
    assert path in {item.path for item in order.missing()}
    assert order.flat_draft[path] == values[path]
    assert [refusal["path"] for refusal in order.refusals] == [path]


def test_a_refusal_that_names_an_object_lands_on_its_first_field(
    order: CopperOrder,
) -> None:
    operation = Operation(
        errors=[
            {"path": path, "code": "", "message": "No.", "value": None}
            for path in ("owner", "endpoints", "", "x")
        ]
    )
    assert [error["path"] for error in _at_fields(operation)] == [
        "owner.type",
        "endpoints.0.endpoint_ref",
        "",
        "x",
    ]


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
    _assert_in_step(sandbox, order)


def test_an_emptied_field_is_left_out_and_gone_upstream(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    order = send(edit(order, sales, comment=None, enni__enni_vlan=None, enni__enni_service_ref=None))
    raw = upstream(sandbox, order)
    assert not {"comment", "enni"} & raw.keys()
    _assert_in_step(sandbox, order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_change_whose_answer_is_lost_is_compared_and_sent_again_only_if_it_failed(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "changing", mishap)
    order = send_all(edit(order, sales, comment="After", owner__name="Autre", enni__enni_vlan=None))
    raw = upstream(sandbox, order)
    assert (raw["comment"], raw["owner"]["name"]) == ("After", "Autre")
    assert "enni_vlan" not in raw["enni"]
    assert _processed(sandbox, "changing") == 1
    _assert_in_step(sandbox, order)


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
    _assert_in_step(sandbox, order)


def test_what_was_never_sent_can_be_withdrawn_and_sent_after_all(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = actions.create_order(sales, ready_values())
    assert actions.withdraw(newest_operation(order), sales)
    assert all_upstream(sandbox) == []
    _assert_in_step(sandbox, send(edit(order, sales)))


def test_a_change_elsewhere_just_before_ours_is_merged(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"operator_order_name": "Theirs", "brand_new": {"1": []}})
    order = send(edit(order, sales, comment="Ours"))
    raw = upstream(sandbox, order)
    assert (raw["comment"], raw["operator_order_name"]) == ("Ours", "Theirs")
    assert raw["brand_new"] == {"1": []}
    assert order.operator_order_name == "Theirs"
    _assert_in_step(sandbox, order)


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
    _assert_in_step(sandbox, order)


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


# Anew, where a PUT can't change it


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
    _assert_in_step(sandbox, order)
    run_sync(full=True)
    assert CopperOrder.objects.exclude(service="enni").get() == order
    _assert_in_step(sandbox, order)


@pytest.mark.parametrize("write", ["creating", "deleting"])
@pytest.mark.parametrize("mishap", MISHAPS)
def test_recreating_a_draft_leaves_one_whichever_answer_is_lost_and_whatever_a_sync_shows(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, write: str, mishap: str
) -> None:
    run_sync()
    _mishap(sandbox, write, mishap)
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
    _assert_in_step(sandbox, order)


@pytest.mark.parametrize("newest_first", [False, True])
def test_a_list_that_shows_both_drafts_shows_no_stranger_s(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, newest_first: bool
) -> None:
    _mishap(sandbox, "creating")
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
    _assert_in_step(sandbox, order)
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
        _mishap(sandbox, "creating")
        order = send(edit(order, sales, address__floor=floor))
    order = send_all(order)
    assert sandbox.counters()["extranet_orders_created"][order.operator_order_ref] == 3
    assert upstream(sandbox, order)["address"] == {"floor": "05"}
    _assert_in_step(sandbox, order)


def test_a_draft_from_elsewhere_without_a_reference_gets_one_when_it_is_recreated(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    made = elsewhere(sandbox).create_order(activation(operator_order_ref=None))
    order = ingested(upstream_of(sandbox, made), sales)
    assert (order.operator_order_ref, order.unsent) == ("", [])
    _mishap(sandbox, "creating")
    order = send_all(edit(order, sales, address__floor="04"))
    assert order.operator_order_ref
    assert upstream(sandbox, order)["address"]["floor"] == "04"
    _assert_in_step(sandbox, order)


def upstream_of(sandbox: SandboxProcess, made: dict[str, Any]) -> dict[str, Any]:
    return elsewhere(sandbox).order(made["order_uuid"])


def test_endpoints_are_put_where_that_changes_them(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    old = order.upstream_id
    order = send(edit(order, sales, endpoints__0__endpoint_ref="0143340099"))
    assert order.upstream_id == old
    _assert_in_step(sandbox, order)


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
    _assert_in_step(sandbox, order)


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
        _interrupted(
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
    order = send(order, _interrupted("replace_order", sandbox.down))
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


# Deleting


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_deletion_whose_answer_is_lost_is_done_once(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "deleting", mishap)
    actions.delete_order(order.uuid, sales)
    order = send_all(order)
    assert all_upstream(sandbox) == []
    assert pending_kinds(order) == []
    assert order.deleted_at
    assert order.gone_at


def test_a_draft_that_is_gone_already_is_as_good_as_deleted(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    elsewhere(sandbox).delete_order(upstream_id(order))
    actions.delete_order(order.uuid, sales)
    assert newest_operation(send(order)).state == "succeeded"


def test_a_draft_that_was_submitted_elsewhere_comes_back_when_it_can_t_be_deleted(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    elsewhere(sandbox).submit_order(upstream_id(order))
    actions.delete_order(order.uuid, sales)
    order = send(order)
    assert newest_operation(order).failure == "Conflict"
    assert order.deleted_at is None
    assert refreshed(order).status == "submitted"


def test_what_was_deleted_before_it_was_sent_never_leaves(sandbox: SandboxProcess, sales: User) -> None:
    order = actions.create_order(sales, ready_values())
    actions.delete_order(order.uuid, sales)
    order = send_all(order)
    assert requests(sandbox, "POST") == []
    assert all_upstream(sandbox) == []


@pytest.mark.parametrize("mishap", ["dropped after", "dropped before"])
def test_what_was_deleted_while_its_creation_was_unknown_is_not_left_behind(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "creating", mishap)
    order = open_order(sales)
    actions.delete_order(order.uuid, sales)
    order = send_all(order)
    assert all_upstream(sandbox) == []
    assert order.deleted_at


# Submitting


def test_a_submission_hands_the_order_over(sandbox: SandboxProcess, order: CopperOrder, sales: User) -> None:
    order = submit(order, sales)
    assert (order.status, order.submitting_since, order.is_draft) == ("submitted", None, False)
    assert order.submission_date
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}
    verbs = Event.objects.filter(subject_id=order.uuid).order_by("id").values_list("verb", flat=True)
    assert [verb for verb in verbs if verb.startswith("subm")] == ["submission-asked", "submitted"]
    _assert_in_step(sandbox, order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_submission_whose_answer_is_lost_happens_once(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, believed_at_once: None, mishap: str
) -> None:
    _mishap(sandbox, "submitting", mishap)
    order = send_all(submit(order, sales))
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}
    assert order.status == "submitted"
    _assert_in_step(sandbox, order)


def test_a_submission_first_sends_what_is_not_sent_yet(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, owner__name="Autre")
    order = submit(order, sales)
    assert order.status == "submitted"
    assert upstream(sandbox, order)["owner"]["name"] == "Autre"


def test_a_submission_of_what_was_never_created_creates_it_first(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = submit(actions.create_order(sales, ready_values()), sales)
    assert order.status == "submitted"


def test_a_submission_of_what_changed_elsewhere_meanwhile_is_left_for_another_review(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    sandbox.on_copper(upstream_id(order), "change", {"owner": {"type": "unregistrated", "name": "Theirs"}})
    order = submit(order, sales)
    assert newest_operation(order).failure == "ChangedSinceReview"
    assert order.is_draft
    assert order.end_customer_name == "Theirs"
    assert sandbox.counters()["extranet_submissions"] == {}
    assert submit(order, sales).status == "submitted"


def test_a_submission_after_a_refused_change_submits_nothing(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    edit(order, sales, comment="Not sent yet")
    sandbox.faults([{"fault": "error", "status": 400, "method": "PUT", "times": 1}])
    order = submit(order, sales)
    assert newest_operation(order).failure == "NotInStep"
    assert order.is_draft
    assert sandbox.counters()["extranet_submissions"] == {}


def test_a_submission_of_what_could_not_be_created_submits_nothing(
    sandbox: SandboxProcess, sales: User
) -> None:
    sandbox.faults([{"fault": "error", "status": 400, "method": "POST", "path": "orders/$", "times": 1}])
    order = submit(actions.create_order(sales, ready_values()), sales)
    assert newest_operation(order).failure == "NotInStep"
    assert order.is_draft


def test_a_refused_submission_shows_each_error_at_its_field_until_it_changes(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    # Between the refresh and the submission somebody deletes the contact.
    actions.submit_order(order.uuid, sales, reviewed(order))
    sandbox.faults([])
    order = send(
        order,
        _interrupted(
            "submit_order",
            lambda: sandbox.on_copper(upstream_id(order), "change", {"contacts": None}),
            before=True,
        ),
    )
    assert newest_operation(order).failure == "Invalid"
    assert order.is_draft
    assert [refusal["path"] for refusal in order.refusals] == ["contacts.operator.contact_uuid"]
    assert [item.path for item in order.missing()] == ["contacts.operator.contact_uuid"]


def test_what_was_submitted_elsewhere_meanwhile_is_not_submitted_again(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    elsewhere(sandbox).submit_order(upstream_id(order))
    order = submit(order, sales)
    assert (order.status, newest_operation(order).state) == ("submitted", "succeeded")
    assert order.submitting_since is None
    assert sandbox.counters()["extranet_submissions"] == {order.upstream_id: 1}


@pytest.mark.parametrize("path", ["/api/orders/[^/]+/$", "/submit/$"])
def test_the_submission_of_an_order_that_is_gone_says_so(
    sandbox: SandboxProcess, order: CopperOrder, sales: User, path: str
) -> None:
    actions.submit_order(order.uuid, sales, reviewed(order))
    sandbox.faults([{"fault": "error", "status": 404, "path": path, "times": 1}])
    order = send(order)
    assert newest_operation(order).failure == "NotFound"
    assert order.gone_at
    assert not order.is_submitting


def test_a_submission_that_can_t_be_read_back_counts_all_the_same(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    actions.submit_order(order.uuid, sales, reviewed(order))
    order = send(order, _interrupted("submit_order", sandbox.down))
    assert (order.status, pending_kinds(order)) == ("submitted", [])
    sandbox.down(False)
    assert refreshed(order).submission_date


@pytest.mark.parametrize("changes", [{}, {"submission_date": None}])
def test_an_order_that_covage_made_a_draft_again_can_be_submitted_again(
    sandbox: SandboxProcess, sales: User, changes: dict[str, None]
) -> None:
    order = submitted_order(sales)
    sandbox.on_copper(upstream_id(order), "status", {"status": "draft"})
    sandbox.on_copper(upstream_id(order), "change", changes)
    order = refreshed(order)
    assert order.is_draft
    assert submit(order, sales).status == "submitted"


# Answering


@pytest.mark.parametrize(
    ("how", "status", "verb"), [("confirm", "running", "confirmed"), ("cancel", "canceled", "cancelled")]
)
def test_an_answer_is_given_once(
    sandbox: SandboxProcess, sales: User, how: str, status: str, verb: str
) -> None:
    order = pending_order(sandbox, sales)
    assert order.is_pending
    order = answer(order, sales, how)
    assert (order.status, order.answering, order.is_pending) == (status, "", False)
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}
    assert Event.objects.filter(subject_id=order.uuid, verb=verb).count() == 1
    _assert_in_step(sandbox, order)


@pytest.mark.parametrize("how", ["confirm", "cancel"])
@pytest.mark.parametrize("mishap", MISHAPS)
def test_an_answer_whose_own_answer_is_lost_is_given_once(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, how: str, mishap: str
) -> None:
    order = pending_order(sandbox, sales)
    _mishap(sandbox, how, mishap)
    order = send_all(answer(order, sales, how))
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}
    assert order.status == ("running" if how == "confirm" else "canceled")
    assert pending_kinds(order) == []


@pytest.mark.parametrize(("ours", "theirs"), [("confirm", "cancel"), ("cancel", "confirm")])
def test_an_answer_given_otherwise_elsewhere_is_kept_and_reported(
    sandbox: SandboxProcess, sales: User, ours: str, theirs: str
) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, ours)
    elsewhere(sandbox).answer_order(upstream_id(order), theirs)
    order = send(order)
    assert newest_operation(order).failure == "NotPending"
    assert order.answering == ""
    assert order.status == ("running" if theirs == "confirm" else "canceled")
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}


def test_an_answer_to_one_question_is_not_sent_to_the_next_one(sandbox: SandboxProcess, sales: User) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    for status in ("running", "pending"):
        sandbox.on_copper(upstream_id(order), "status", {"status": status})
        order = refreshed(order)
    assert order.is_pending
    actions.answer_order(order.uuid, sales, "cancel")
    assert send(order).status == "canceled"
    states = Operation.objects.filter(kind=ANSWER_ORDER).order_by("id").values_list("state", "failure")
    assert list(states) == [("refused", "NotPending"), ("succeeded", "")]
    assert sandbox.counters()["extranet_answers"] == {order.upstream_id: 1}


def _ask_again(sandbox: SandboxProcess, order: CopperOrder) -> None:
    sandbox.advance(60)
    for status in ("running", "pending"):
        sandbox.on_copper(upstream_id(order), "status", {"status": status})


def test_an_answer_is_not_sent_to_a_question_that_nobody_here_has_seen(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    _ask_again(sandbox, order)
    order = send(order)
    assert newest_operation(order).failure == "AskedAnew"
    assert (order.is_pending, sandbox.counters()["extranet_answers"]) == (True, {})
    assert answer(order, sales, "cancel").status == "canceled"


def test_an_answer_whose_own_answer_is_lost_is_not_sent_to_the_next_question(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    order = pending_order(sandbox, sales)
    _mishap(sandbox, "confirm")
    order = answer(order, sales, "confirm")
    _ask_again(sandbox, order)
    order = send_all(order)
    assert newest_operation(order).failure == "AskedAnew"
    assert (order.is_pending, sandbox.counters()["extranet_answers"]) == (True, {order.upstream_id: 1})


@pytest.mark.parametrize(("ours", "theirs"), [("confirm", "cancel"), ("cancel", "confirm")])
def test_an_answer_given_otherwise_while_ours_was_unknown_is_reported(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, ours: str, theirs: str
) -> None:
    order = pending_order(sandbox, sales)
    _mishap(sandbox, ours, "dropped before")
    order = answer(order, sales, ours)
    elsewhere(sandbox).answer_order(upstream_id(order), theirs)
    order = send(order)
    assert newest_operation(order).failure == "AnsweredOtherwise"
    assert order.answering == ""
    assert order.status == ("running" if theirs == "confirm" else "canceled")


def test_an_answer_that_conflicts_and_was_given_so_elsewhere_counts(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    order = send(
        order,
        _interrupted(
            "answer_order",
            lambda: elsewhere(sandbox).answer_order(upstream_id(order), "confirm"),
            before=True,
        ),
    )
    assert (newest_operation(order).state, order.status) == ("succeeded", "running")


@pytest.mark.parametrize("path", ["/api/orders/[^/]+/$", "/confirm/$"])
def test_the_answer_to_an_order_that_is_gone_says_so(sandbox: SandboxProcess, sales: User, path: str) -> None:
    order = pending_order(sandbox, sales)
    actions.answer_order(order.uuid, sales, "confirm")
    sandbox.faults([{"fault": "error", "status": 404, "path": path, "times": 1}])
    order = send(order)
    assert newest_operation(order).failure == "NotFound"
    assert order.gone_at
    assert order.answering == ""


# Ending a service


def test_a_service_is_ended_by_an_order_of_its_own(sandbox: SandboxProcess, sales: User) -> None:
    order = completed_order(sandbox, sales)
    assert order.is_in_service
    ending = send(actions.terminate_service(order.uuid, sales))
    assert ending.raw["service_uuid"] == order.service_uuid
    assert ending.missing() == []
    ending = submit(ending, sales)
    assert (ending.type, ending.status) == ("terminate", "submitted")
    assert order.terminations().get() == ending


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_termination_whose_answer_is_lost_is_created_once(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    order = completed_order(sandbox, sales)
    _mishap(sandbox, "creating", mishap)
    ending = send_all(actions.terminate_service(order.uuid, sales))
    assert sandbox.counters()["extranet_orders_created"][ending.operator_order_ref] == 1
    assert len(all_upstream(sandbox)) == 2


# All of it


def test_the_worker_sends_what_is_due(sandbox: SandboxProcess, sales: User) -> None:
    order = actions.create_order(sales, ready_values())
    assert delivery.deliver_due(clients.client_of) == 0
    _assert_in_step(sandbox, order)


def test_what_concerns_a_deleted_draft_is_not_sent(sandbox: SandboxProcess, sales: User) -> None:
    order = actions.create_order(sales, ready_values())
    CopperOrder.objects.update(deleted_at=order.created_at)
    send(order)
    assert all_upstream(sandbox) == []
    assert newest_operation(order).state == "succeeded"


def test_a_deletion_refused_of_a_draft_that_was_replaced_leaves_the_order_alone(
    sandbox: SandboxProcess, order: CopperOrder, sales: User
) -> None:
    old = upstream_id(order)
    edit(order, sales, address__city="Courbevoie")
    sandbox.faults([{"fault": "error", "status": 400, "method": "DELETE", "times": 1}])
    order = send(order)
    assert newest_operation(order, "delete-copper").state == "refused"
    assert (order.deleted_at, order.upstream_id == old) == (None, False)
    run_sync(full=True)
    assert CopperOrder.objects.get(upstream_id=old).owner is None, "it is there, so it is shown"

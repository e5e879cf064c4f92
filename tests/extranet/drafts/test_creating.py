"""A draft is created at Covage once, whatever becomes of the responses."""

from typing import Any

import pytest
import time_machine

from accounts.models import User
from extranet.drafts import actions
from extranet.drafts.operations import SaveOrder
from extranet.models import CopperOrder
from outbox import clients
from outbox.models import Operation
from sandbox.extranet.rules import NOBODYS_LINE
from tests.extranet.drafts.outbox_helpers import assert_synced, cause_mishap
from tests.extranet.order_factory import (
    all_upstream,
    edit,
    elsewhere,
    line_to_build,
    newest_operation,
    open_order,
    pending_kinds,
    ready_values,
    requests,
    run_sync,
    send,
    send_all,
    upstream,
)
from tests.mishaps import MISHAPS
from tests.sandbox.copper import activation
from tests.sandbox_process import SandboxProcess, eventually

pytestmark = pytest.mark.django_db


def test_a_new_order_is_created_under_a_reference_of_our_own(
    sandbox: SandboxProcess, order: CopperOrder
) -> None:
    raw = upstream(sandbox, order)
    assert raw["operator_order_ref"] == order.operator_order_ref == order.draft["operator_order_ref"] != ""
    assert (order.alias, order.status) == (raw["alias"], "draft")
    assert (order.product_name, order.product_family) == ("SDSL-4M-PREMIUM-G-1P-KOSC", "S")
    assert order.missing() == []
    assert_synced(sandbox, order)


def test_a_reference_that_someone_gives_is_the_one_that_is_sent(sandbox: SandboxProcess, sales: User) -> None:
    open_order(sales, operator_order_ref="IS-4711")
    assert all_upstream(sandbox)[0]["operator_order_ref"] == "IS-4711"


def test_a_draft_stays_here_until_it_has_all_that_can_t_be_changed_later(
    sandbox: SandboxProcess, sales: User
) -> None:
    order = send(actions.create_order(sales, ready_values(activation_info__mandate_id=None)))
    assert (all_upstream(sandbox), pending_kinds(order)) == ([], [])
    order = send(edit(order, sales, activation_info__mandate_id="01234567"))
    assert_synced(sandbox, order)


@pytest.mark.parametrize("mishap", MISHAPS)
def test_a_creation_whose_answer_is_lost_ends_with_one_order(
    sandbox: SandboxProcess, sales: User, believed_at_once: None, mishap: str
) -> None:
    cause_mishap(sandbox, "creating", mishap)
    order = open_order(sales)
    assert newest_operation(order).state == "unknown"

    order = send_all(order)

    assert sandbox.counters()["extranet_orders_created"] == {order.operator_order_ref: 1}
    assert_synced(sandbox, order)


def test_a_line_beside_ones_own_is_in_the_same_house_where_in_it_one_may_say(
    sandbox: SandboxProcess, sales: User
) -> None:
    near = line_to_build("create", address__floor="3")
    street = ("address.street_number", "address.street_name", "address.city", "address.insee_code")
    order = send(actions.create_order(sales, {path: near[path] for path in near if path not in street}))

    assert order.flat_draft["address.floor"] == "3"
    assert all(order.flat_draft[path] for path in street), "Covage fills in the house of the line near by"
    assert order.missing() == []
    assert_synced(sandbox, order)


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
    assert_synced(sandbox, order)


def test_absence_is_believed_only_after_a_while_and_then_it_is_sent_again(
    sandbox: SandboxProcess, sales: User, settings: Any
) -> None:
    cause_mishap(sandbox, "creating", "dropped before")
    order = open_order(sales)
    for _ in range(3):
        order = send(order)
    assert len(requests(sandbox, "POST", "/api/orders/")) == 1

    operation = newest_operation(order)
    with time_machine.travel(operation.attempted_at, tick=True) as clock:
        clock.shift(settings.OUTBOX_SETTLE_SECONDS + 5)
        order = send(order)
    assert_synced(sandbox, order)


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
    cause_mishap(sandbox, "creating")
    order = open_order(sales)
    run_sync()
    assert CopperOrder.objects.exclude(service="enni").get().upstream_id is not None
    order = send_all(order)
    assert_synced(sandbox, order)


def test_an_older_order_under_the_same_reference_is_not_matched_to_ours(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    """One that nobody here has seen yet."""
    stranger = elsewhere(sandbox).create_order(activation(operator_order_ref="IS-1"))
    long_ago = {"creation_date": "2024-01-01T10:00:00"}
    sandbox.on_copper(stranger["order_uuid"], "change", long_ago)
    cause_mishap(sandbox, "creating", "dropped before")
    order = send_all(open_order(sales, operator_order_ref="IS-1"))
    assert order.upstream_id != stranger["order_uuid"]
    assert len(all_upstream(sandbox)) == 2


def test_an_order_of_somebody_here_is_not_matched_to_another_s(
    sandbox: SandboxProcess, sales: User, believed_at_once: None
) -> None:
    """The other system made one under the same reference at the same moment, and somebody took it."""
    order = actions.create_order(sales, ready_values(operator_order_ref="IS-1"))
    cause_mishap(sandbox, "creating", "dropped before")
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
    assert_synced(sandbox, order)


def test_a_refusal_shows_the_reference_for_the_vendor_s_support(sandbox: SandboxProcess, sales: User) -> None:
    order = send(actions.create_order(sales, ready_values(product__code="XX99")))
    operation = newest_operation(order)
    assert (operation.state, operation.failure) == ("refused", "Invalid")
    assert operation.request_uuid.startswith("KOSC_")


def test_a_failure_while_sending_shows_the_reference_for_the_vendor_s_support(
    sandbox: SandboxProcess, sales: User
) -> None:
    cause_mishap(sandbox, "creating", "an error instead")
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


def test_a_refusal_that_names_an_object_lands_on_its_first_field(order: CopperOrder) -> None:
    errors = [
        {"path": path, "code": "", "message": "No.", "value": None}
        for path in ("owner", "endpoints", "", "x")
    ]
    SaveOrder().refused(Operation(target_id=order.uuid, errors=errors))
    order.refresh_from_db()
    assert [refusal["path"] for refusal in order.refusals] == [
        "owner.type",
        "endpoints.0.endpoint_ref",
        "",
        "x",
    ]

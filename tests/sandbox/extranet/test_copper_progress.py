"""What becomes of a copper order once it is submitted."""

from typing import Any

import pytest

from tests.sandbox.copper import (
    activation,
    copper_order,
    drafted,
    event_types,
    line_to_build,
    refused_fields,
    seen,
    status_of,
    submitted,
    termination,
)
from tests.sandbox_process import PACE, SandboxProcess

pytestmark = pytest.mark.slow

STRAIGHT = ["draft", "submitted", "acknowledged", "running", "completed"]


def _statuses(sandbox: SandboxProcess, order_uuid: str) -> list[str]:
    """The statuses that the order has been in, read from its events."""
    names = {"order-created": "draft"}
    types = event_types(sandbox, order_uuid)
    return [names.get(name, name.removeprefix("order-")) for name in types]


def _active_service(sandbox: SandboxProcess) -> dict[str, Any]:
    """A completed activation."""
    order_uuid = submitted(sandbox, activation())
    sandbox.advance(3 * PACE)
    return copper_order(sandbox, order_uuid)


def test_an_order_takes_one_status_a_pace(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation())
    statuses = [status_of(sandbox, order_uuid)]
    for _ in range(4):
        sandbox.advance(PACE)
        statuses.append(status_of(sandbox, order_uuid))

    assert statuses == ["submitted", "acknowledged", "running", "completed", "completed"]
    assert _statuses(sandbox, order_uuid) == STRAIGHT


def test_each_status_leaves_its_date_and_completion_a_service(sandbox: SandboxProcess) -> None:
    order = _active_service(sandbox)

    dates = ["submission_date", "acknowledged_date", "processing_date", "completion_date"]
    assert sorted(dates, key=lambda name: str(order[name])) == dates
    assert order["modification_date"] == order["completion_date"]
    assert order["service_alias"][0] == "S"
    assert order["service_uuid"]


@pytest.mark.parametrize(
    ("comment", "statuses"),
    [
        ("HELD", [*STRAIGHT[:4], "held", "running", "completed"]),
        ("to REJECT-CONTROL, please", ["draft", "submitted", "rejected"]),
        ("REJECT-PRODUCTION STRAIGHT", [*STRAIGHT[:4], "rejected"]),
        ("HELD REJECT-PRODUCTION", [*STRAIGHT[:4], "held", "running", "rejected"]),
        ("PENDING STRAIGHT", [*STRAIGHT[:4], "pending"]),
    ],
)
def test_words_in_the_comment_change_what_becomes_of_an_order(
    sandbox: SandboxProcess, comment: str, statuses: list[str]
) -> None:
    order_uuid = submitted(sandbox, activation(comment=comment))

    sandbox.advance(20 * PACE)

    assert _statuses(sandbox, order_uuid) == statuses


def test_an_order_without_such_a_word_is_completed_held_or_not(sandbox: SandboxProcess) -> None:
    orders = [submitted(sandbox, activation(comment=None)) for _ in range(20)]

    sandbox.advance(20 * PACE)

    courses = [tuple(_statuses(sandbox, order_uuid)) for order_uuid in orders]
    assert {statuses[-1] for statuses in courses} == {"completed"}
    assert {"held" in statuses for statuses in courses} == {True, False}


def test_an_order_that_was_held_keeps_when_its_processing_began(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation(comment="HELD"))
    sandbox.advance(20 * PACE)

    order = copper_order(sandbox, order_uuid)

    assert order["processing_date"] < order["held_date"] < order["completion_date"]


def test_a_pending_order_waits_and_goes_on_when_it_is_confirmed(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation(comment="PENDING STRAIGHT"))
    sandbox.advance(50 * PACE)
    assert status_of(sandbox, order_uuid) == "pending"

    answer = sandbox.extranet("POST", f"orders/{order_uuid}/confirm/")

    assert (answer.status_code, answer.json()) == (200, {})
    assert status_of(sandbox, order_uuid) == "running"
    sandbox.advance(PACE)
    assert status_of(sandbox, order_uuid) == "completed"
    assert sandbox.counters()["extranet_answers"] == {order_uuid: 1}


def test_a_pending_order_ends_when_it_is_canceled(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation(comment="PENDING"))
    sandbox.advance(3 * PACE)

    sandbox.extranet("POST", f"orders/{order_uuid}/cancel/")
    sandbox.advance(20 * PACE)

    assert status_of(sandbox, order_uuid) == "canceled"
    assert copper_order(sandbox, order_uuid)["cancellation_date"]


@pytest.mark.parametrize("action", ["confirm", "cancel"])
def test_only_a_pending_order_takes_an_answer_and_only_one(sandbox: SandboxProcess, action: str) -> None:
    order_uuid = submitted(sandbox, activation(comment="PENDING"))
    assert sandbox.extranet("POST", f"orders/{order_uuid}/{action}/").status_code == 409
    sandbox.advance(3 * PACE)

    responses = [sandbox.extranet("POST", f"orders/{order_uuid}/{action}/").status_code for _ in range(2)]

    assert responses == [200, 409]
    assert sandbox.counters()["extranet_answers"] == {order_uuid: 1}


def test_an_unknown_answer_is_not_found(sandbox: SandboxProcess) -> None:
    order_uuid = submitted(sandbox, activation())

    assert sandbox.extranet("POST", f"orders/{order_uuid}/shrug/").status_code == 404


@pytest.mark.parametrize(
    ("document", "missing"),
    [
        (activation(contacts=None), {"contacts.operator.contact_uuid"}),
        (activation(owner=None), {"owner"}),
        (activation(endpoints=None), {"endpoints"}),
        (activation(endpoints=[], activation_info={}), {"endpoints", "activation_info.mandate_id"}),
        (activation(enni=None), {"enni.enni_service_ref", "enni.enni_vlan"}),
        (line_to_build(reference_endpoint=None), {"reference_endpoint.endpoint_ref"}),
        (activation(options={"portability": {"enabled": True}}), {"options.portability.prefix_code"}),
    ],
)
def test_submission_requires_what_is_missing(
    sandbox: SandboxProcess, document: dict[str, Any], missing: set[str]
) -> None:
    order_uuid = drafted(sandbox, document)["order_uuid"]

    assert refused_fields(sandbox, "POST", f"orders/{order_uuid}/submit/") == missing
    assert status_of(sandbox, order_uuid) == "draft"
    assert sandbox.counters()["extranet_submissions"] == {}


@pytest.mark.parametrize(
    "document",
    [
        activation(product={"code": "AM01"}, enni=None),
        activation(options={"portability": {"enabled": False}}),
        *(line_to_build(activation_type=kind) for kind in ("create", "create_nearby", "create_neighbour")),
    ],
)
def test_what_is_complete_can_be_submitted(sandbox: SandboxProcess, document: dict[str, Any]) -> None:
    order_uuid = submitted(sandbox, document)

    assert sandbox.counters()["extranet_submissions"] == {order_uuid: 1}


@pytest.mark.parametrize("name", ["service_uuid", "service_alias"])
def test_a_completed_service_can_be_terminated_once(sandbox: SandboxProcess, name: str) -> None:
    service = _active_service(sandbox)

    draft = drafted(sandbox, termination(**{name: service[name]}))

    assert {each: draft[each] for each in ("service_uuid", "service_alias", "product", "owner")} == {
        each: service[each] for each in ("service_uuid", "service_alias", "product", "owner")
    }
    order_uuid = submitted(sandbox, termination(**{name: service[name]}))
    sandbox.advance(20 * PACE)
    assert status_of(sandbox, order_uuid) == "completed"
    assert refused_fields(sandbox, "POST", f"orders/{draft['order_uuid']}/submit/") == {"service_uuid"}
    assert refused_fields(sandbox, "POST", "orders/", termination(**{name: service[name]})) == {name}


def test_a_service_whose_termination_was_rejected_can_be_terminated(sandbox: SandboxProcess) -> None:
    service = _active_service(sandbox)["service_uuid"]
    submitted(sandbox, termination(service_uuid=service, comment="REJECT-CONTROL"))
    sandbox.advance(PACE)

    assert drafted(sandbox, termination(service_uuid=service))["status"] == "draft"


@pytest.mark.parametrize(
    ("service", "field"),
    [
        ({}, "service_uuid"),
        ({"service_uuid": "zzzzzzzz"}, "service_uuid"),
        ({"service_alias": "S20200101_99999"}, "service_alias"),
        ({"service_alias": "S20181102_12001"}, "service_alias"),
    ],
)
def test_only_a_known_collect_service_can_be_terminated(
    sandbox: SandboxProcess, service: dict[str, str], field: str
) -> None:
    assert refused_fields(sandbox, "POST", "orders/", termination(**service)) == {field}


def test_a_service_not_completed_yet_cannot_be_terminated(sandbox: SandboxProcess) -> None:
    assert "service_uuid" not in copper_order(sandbox, submitted(sandbox, activation()))


def test_a_line_to_be_built_has_free_slots(sandbox: SandboxProcess) -> None:
    order_uuid = drafted(sandbox, line_to_build())["order_uuid"]

    standard = seen(sandbox, "v2/appointment/slots/", order_uuid=order_uuid)
    premium = seen(sandbox, "v2/appointment/slots/", order_uuid=order_uuid, level="premium")

    assert standard[0].keys() == {"slot_id", "start_date", "end_date", "level"}
    assert len(premium) >= len(standard)
    day = standard[0]["start_date"][:10]
    narrowed = seen(sandbox, "v2/appointment/slots/", order_uuid=order_uuid, start_date=day, end_date=day)
    assert {slot["start_date"][:10] for slot in narrowed} == {day}
    assert seen(sandbox, "v2/appointment/slots/", order_uuid=order_uuid, end_date="2020-01-01") == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"level": "gold"}, "level"),
        ({"start_date": "soon"}, "start_date"),
        ({"order_uuid": ""}, "order_uuid"),
    ],
)
def test_a_bad_request_for_slots_is_refused_at_its_field(
    sandbox: SandboxProcess, changes: dict[str, str], field: str
) -> None:
    order_uuid = drafted(sandbox, line_to_build())["order_uuid"]

    answer = sandbox.extranet("GET", "v2/appointment/slots/", params={"order_uuid": order_uuid} | changes)

    assert (answer.status_code, answer.json()["details"][0]["field"]) == (400, field)


def test_an_order_for_a_line_that_is_there_needs_no_appointment(sandbox: SandboxProcess) -> None:
    order_uuid = drafted(sandbox, activation())["order_uuid"]

    answer = sandbox.extranet("GET", "v2/appointment/slots/", params={"order_uuid": order_uuid})

    assert answer.status_code == 400

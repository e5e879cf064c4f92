"""Requests on orders: what each requires, and what it does to the order."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.sandbox.documents import a_reference, created, got, tracking_example
from tests.sandbox_process import PACE, SandboxProcess

pytestmark = pytest.mark.slow

REASON = "Cessation d'activité"
OTHER = "Autres motifs, précisez en commentaire"


def _state(sandbox: SandboxProcess, reference: str) -> str:
    return str(got(sandbox, f"order/{reference}/")["state"])


def test_the_reasons_are_those_of_the_documentation(sandbox: SandboxProcess) -> None:
    assert got(sandbox, "terminate_reason/") == tracking_example("terminate-reasons")


def test_a_termination_ends_an_active_order(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking)

    request = created(tracking, f"order/{reference}/terminate/", {"reason": REASON})

    assert request.keys() == tracking_example("order-request").keys()
    assert (request["order_reference"], request["action"]) == (reference, "Résiliation")
    assert _state(tracking, reference) == "terminate_in_progress"
    tracking.advance(2 * PACE)
    assert _state(tracking, reference) == "terminated"


def test_a_termination_waits_for_its_effective_date(tracking: SandboxProcess) -> None:
    reference, day = a_reference(tracking), (date.today() + timedelta(days=10)).isoformat()

    request = created(
        tracking, f"order/{reference}/terminate/", {"reason": REASON, "request_effective_date": day}
    )

    assert request["request_effective_date"] == day
    tracking.advance(7 * 86_400)
    assert _state(tracking, reference) == "terminate_in_progress"
    tracking.advance(5 * 86_400)
    assert _state(tracking, reference) == "terminated"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "reason"),
        ({"reason": "Bored"}, "reason"),
        ({"reason": 3}, "reason"),
        ({"reason": OTHER}, "message"),
        ({"reason": OTHER, "message": "  "}, "message"),
        ({"reason": REASON, "request_effective_date": "2020-01-01"}, "request_effective_date"),
        ({"reason": REASON, "request_effective_date": "01/01/2040"}, "request_effective_date"),
        ({"reason": REASON, "request_effective_date": "2040-W01-1"}, "request_effective_date"),
    ],
)
def test_a_termination_that_says_too_little_is_refused_by_field(
    tracking: SandboxProcess, body: dict[str, Any], field: str
) -> None:
    reference = a_reference(tracking)

    answer = tracking.call("POST", f"order/{reference}/terminate/", body)

    assert answer.status_code == 400
    assert answer.json().keys() == {field}
    assert _state(tracking, reference) == "active"


def test_another_reason_needs_a_comment_only(tracking: SandboxProcess) -> None:
    created(tracking, f"order/{a_reference(tracking)}/terminate/", {"reason": OTHER, "message": "Because"})


@pytest.mark.parametrize("body", [[], "text", None])
def test_a_body_that_is_no_object_is_refused(tracking: SandboxProcess, body: object) -> None:
    assert tracking.call("POST", f"order/{a_reference(tracking)}/terminate/", body).status_code == 400


@pytest.mark.parametrize("state", ["in_progress", "terminated", "cancelled", "terminate_in_progress"])
def test_only_an_active_order_can_be_terminated(tracking: SandboxProcess, state: str) -> None:
    answer = tracking.call("POST", f"order/{a_reference(tracking, state)}/terminate/", {"reason": REASON})

    assert answer.status_code == 409


def test_a_termination_takes_effect_once(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking)
    created(tracking, f"order/{reference}/terminate/", {"reason": REASON})

    assert tracking.call("POST", f"order/{reference}/terminate/", {"reason": REASON}).status_code == 409
    assert tracking.counters()["requests_made"] == {reference: 1}


def test_a_lost_answer_to_a_termination_is_a_termination(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking)
    tracking.faults([{"fault": "error", "after": True, "path": "/terminate/"}])

    assert tracking.call("POST", f"order/{reference}/terminate/", {"reason": REASON}).status_code == 500
    [request] = got(tracking, "order_request/", order_reference=reference)
    assert request["action"] == "Résiliation"


def test_a_change_goes_by_and_leaves_the_order_active(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking)

    created(tracking, f"order/{reference}/change/", {"message": "1G"})

    assert _state(tracking, reference) == "change_in_progress"
    tracking.advance(2 * PACE)
    assert _state(tracking, reference) == "active"
    assert tracking.call("POST", f"order/{reference}/change/", {}).json().keys() == {"message"}


def test_an_order_in_production_can_be_cancelled(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking, "in_progress")

    created(tracking, f"order/{reference}/cancel/", {"reason": "Doublon"})

    detail = got(tracking, f"order/{reference}/")
    assert (detail["state"], detail["cancellation_reason"]) == ("cancelled", "Doublon")
    assert detail["cancellation_date"]
    assert tracking.call("POST", f"order/{a_reference(tracking)}/cancel/", {}).status_code == 409


@pytest.mark.parametrize("path", ["order/CMD_X_99999999/terminate/", "order/{reference}/explode/"])
def test_what_is_unknown_is_not_found(tracking: SandboxProcess, path: str) -> None:
    answer = tracking.call("POST", path.format(reference=a_reference(tracking)), {"reason": REASON})

    assert answer.status_code == 404


def test_the_past_has_requests_that_fit_its_orders(tracking: SandboxProcess) -> None:
    for request in got(tracking, "order_request/"):
        state = _state(tracking, request["order_reference"])
        ends = request["action"] == "Résiliation"
        assert (state in ("terminated", "terminate_in_progress")) == ends
        assert bool(request["reason"]) == ends


def test_requests_are_found_by_order(tracking: SandboxProcess) -> None:
    reference = a_reference(tracking, "terminated")

    [request] = got(tracking, "order_request/", order_reference=reference)

    assert request["order_reference"] == reference
    assert got(tracking, "order_request/", order_reference="CMD_X_99999999") == []
    assert got(tracking, "order_request/", order_reference=reference, action="change") == []


@pytest.mark.parametrize("action", ["terminate", "Résiliation"])
def test_requests_are_found_by_label_or_word(tracking: SandboxProcess, action: str) -> None:
    everything = got(tracking, "order_request/")

    found = got(tracking, "order_request/", action=action)

    assert found == [request for request in everything if request["action"] == "Résiliation"]
    assert 0 < len(found) < len(everything)

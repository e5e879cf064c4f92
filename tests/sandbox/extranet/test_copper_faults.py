"""The faults apply to the extranet as to the rest, in its own words."""

import pytest
import requests

from tests.sandbox.copper import activation, drafted, seen
from tests.sandbox_process import ACCOUNTS, SandboxProcess

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _signed_in(sandbox: SandboxProcess) -> None:
    seen(sandbox, "contacts/")


@pytest.mark.parametrize(("rule", "status"), [({"fault": "error"}, 500), ({"fault": "rate_limit"}, 429)])
def test_an_error_has_the_extranet_s_shape(
    sandbox: SandboxProcess, rule: dict[str, str], status: int
) -> None:
    sandbox.faults([rule])

    answer = sandbox.extranet("GET", "orders/")

    assert answer.status_code == status
    assert answer.json()["apirequest_uuid"].startswith("KOSC_")
    assert answer.json()["details"] is None


def test_a_submission_can_take_effect_unanswered(sandbox: SandboxProcess) -> None:
    order_uuid = drafted(sandbox, activation())["order_uuid"]
    sandbox.faults([{"fault": "drop_after", "path": "/submit/$", "times": 1}])

    with pytest.raises(requests.ConnectionError):
        sandbox.extranet("POST", f"orders/{order_uuid}/submit/")

    assert sandbox.counters()["extranet_submissions"] == {order_uuid: 1}
    assert sandbox.extranet("POST", f"orders/{order_uuid}/submit/").status_code == 409


@pytest.mark.parametrize("path", ["v2/account/token/", "account/token/"])
def test_signing_in_fails_only_when_it_is_named(sandbox: SandboxProcess, path: str) -> None:
    sandbox.faults([{"fault": "error"}])
    assert sandbox.extranet_sign_in(*ACCOUNTS["extranet"], path).status_code == 200

    sandbox.faults([{"fault": "error", "path": "account/token/$"}])
    assert sandbox.extranet_sign_in(*ACCOUNTS["extranet"], path).status_code == 500


def test_requests_are_counted_by_their_route(sandbox: SandboxProcess) -> None:
    order_uuid = drafted(sandbox, activation())["order_uuid"]
    seen(sandbox, f"orders/{order_uuid}/")

    assert sandbox.counters()["requests"]["GET /api/orders/{order_uuid}/"] == 1


def test_a_wrong_method_and_a_missed_slash_are_reported(sandbox: SandboxProcess) -> None:
    patched = sandbox.extranet("PATCH", "contacts/")
    missed = sandbox.extranet("GET", "contacts", allow_redirects=False)

    assert (patched.status_code, patched.headers["Allow"]) == (405, "GET, POST")
    assert patched.json()["apirequest_uuid"]
    assert (missed.status_code, missed.headers["Location"]) == (301, "/api/contacts/")


def test_a_real_rate_limit_holds_for_the_extranet() -> None:
    with SandboxProcess("--rate", "2") as process:
        responses = [process.extranet("GET", "contacts/") for _ in range(10)]

    assert {answer.status_code for answer in responses} == {200, 429}
    assert all(answer.json()["apirequest_uuid"] for answer in responses if answer.status_code == 429)

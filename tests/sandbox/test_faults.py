"""The faults that a test can put in force: what each does, and to which requests."""

from typing import Any

import pytest
import requests

from tests.sandbox.documents import got, new_session
from tests.sandbox_process import ACCOUNTS, SandboxProcess, eventually

pytestmark = pytest.mark.slow


def _create(sandbox: SandboxProcess) -> requests.Response:
    return sandbox.call("POST", "product_order", {"external_id": "one"})


def _made(sandbox: SandboxProcess) -> int:
    """How many sessions there are, read past every fault."""
    return len(sandbox.state()["sessions"])


@pytest.fixture(autouse=True)
def _signed_in(sandbox: SandboxProcess) -> None:
    got(sandbox, "product_order/")


@pytest.mark.parametrize(
    ("fault", "made"), [("refuse", 0), ("drop_before", 0), ("drop_after", 1), ("cut_body", 1)]
)
def test_a_broken_connection_leaves_what_was_carried_out(
    sandbox: SandboxProcess, fault: str, made: int
) -> None:
    sandbox.faults([{"fault": fault}])

    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        _create(sandbox)

    assert _made(sandbox) == made


@pytest.mark.parametrize(
    ("rule", "status", "made"),
    [
        ({"fault": "error"}, 500, 0),
        ({"fault": "error", "status": 503, "after": True}, 503, 1),
        ({"fault": "html"}, 200, 0),
        ({"fault": "html", "status": 502, "after": True}, 502, 1),
        ({"fault": "rate_limit", "after": True}, 429, 0),
    ],
)
def test_a_false_answer_hides_what_was_carried_out(
    sandbox: SandboxProcess, rule: dict[str, Any], status: int, made: int
) -> None:
    sandbox.faults([rule])

    answer = _create(sandbox)

    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith(
        "text/html" if rule["fault"] == "html" else "application/json"
    )
    assert _made(sandbox) == made


def test_an_answer_without_a_body_is_dropped_rather_than_cut(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox)
    sandbox.faults([{"fault": "cut_body"}])

    with pytest.raises(requests.ConnectionError):
        sandbox.call("DELETE", f"product_order/{session_id}/")

    assert _made(sandbox) == 0


def test_a_rate_limit_says_how_long_to_wait(sandbox: SandboxProcess) -> None:
    sandbox.faults([{"fault": "rate_limit", "retry_after": 7}])

    assert _create(sandbox).headers["Retry-After"] == "7"


def test_a_delayed_request_is_carried_out_after_its_sender_has_left(sandbox: SandboxProcess) -> None:
    create_at_once(sandbox, {"fault": "delay", "seconds": 1.5})
    assert eventually(lambda: _made(sandbox) == 1)


def test_a_request_on_hold_is_carried_out_when_the_rule_ends(sandbox: SandboxProcess) -> None:
    create_at_once(sandbox, {"fault": "hold"})
    assert _made(sandbox) == 0

    sandbox.faults([])
    assert eventually(lambda: _made(sandbox) == 1)


def create_at_once(sandbox: SandboxProcess, rule: dict[str, Any]) -> None:
    headers = _bearer(sandbox)
    sandbox.faults([rule])
    with pytest.raises(requests.ReadTimeout):
        requests.post(f"{sandbox.url}/api/v1/product_order", json={}, headers=headers, timeout=(5, 0.1))


def _bearer(sandbox: SandboxProcess) -> dict[str, str]:
    token = sandbox.sign_in(*ACCOUNTS["carnet"]).json()["access_token"]
    return {"Authorization": f"Bearer {token}"}


def test_a_rule_can_be_bound_to_method_path_and_number_of_times(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox)
    sandbox.faults([{"fault": "error", "method": "GET", "path": f"{session_id}/$", "times": 2}])

    statuses = [sandbox.call("GET", f"product_order/{session_id}/").status_code for _ in range(3)]

    assert _create(sandbox).status_code == 201
    assert sandbox.call("GET", "product_order/").status_code == 200
    assert statuses == [500, 500, 200]
    assert sandbox.control("GET", "faults")[0]["played"] == 2


def test_the_first_rule_that_fits_is_played(sandbox: SandboxProcess) -> None:
    sandbox.faults([{"fault": "error", "status": 503, "times": 1}, {"fault": "error", "status": 500}])

    assert [_create(sandbox).status_code for _ in range(2)] == [503, 500]


def test_chance_is_the_same_for_the_same_rules(sandbox: SandboxProcess) -> None:
    def statuses() -> list[int]:
        sandbox.faults([{"fault": "error", "probability": 0.5}])
        return [_create(sandbox).status_code for _ in range(20)]

    first = statuses()
    assert set(first) == {201, 500}
    assert statuses() == first


def test_the_token_endpoint_fails_only_when_it_is_named(sandbox: SandboxProcess) -> None:
    sandbox.faults([{"fault": "error"}])
    assert sandbox.sign_in(*ACCOUNTS["carnet"]).status_code == 200

    sandbox.faults([{"fault": "error", "path": "/token$"}])
    assert sandbox.sign_in(*ACCOUNTS["carnet"]).status_code == 500
    assert _create(sandbox).status_code == 201


def test_faults_end_when_they_are_cleared(sandbox: SandboxProcess) -> None:
    sandbox.faults([{"fault": "error"}])

    sandbox.control("DELETE", "faults")

    assert _create(sandbox).status_code == 201


def test_when_down_everything_but_the_control_api_is_refused(sandbox: SandboxProcess) -> None:
    sandbox.down()
    with pytest.raises(requests.ConnectionError):
        _create(sandbox)
    with pytest.raises(requests.ConnectionError):
        sandbox.sign_in(*ACCOUNTS["carnet"])

    sandbox.down(False)

    assert _create(sandbox).status_code == 201
    assert _made(sandbox) == 1


def test_a_stopped_process_refuses_connections_and_comes_back_on_its_port() -> None:
    with SandboxProcess() as process:
        url = process.url
        process.stop()
        with pytest.raises(requests.ConnectionError, match="refused"):
            requests.get(url, timeout=10)

        process.start()

        assert process.url == url
        assert _create(process).status_code == 201


@pytest.mark.parametrize(
    "rules",
    [
        {"fault": "error"},
        [{"fault": "earthquake"}],
        [{"method": "GET"}],
        [{"fault": "error", "colour": "blue"}],
        [{"fault": "error", "times": "twice"}],
        [{"fault": "error", "path": "("}],
        [{"fault": "error", "played": 3}],
    ],
)
def test_a_rule_that_means_nothing_is_refused(sandbox: SandboxProcess, rules: object) -> None:
    answer = requests.post(f"{sandbox.url}/_sandbox/faults", json=rules, timeout=10)

    assert answer.status_code == 400
    assert sandbox.control("GET", "faults") == []


def test_a_real_rate_limit_answers_429() -> None:
    with SandboxProcess("--rate", "2") as process:
        responses = [process.call("GET", "product_order/") for _ in range(30)]

    limited = [answer for answer in responses if answer.status_code == 429]
    assert responses[0].status_code == 200
    assert limited
    assert limited[0].headers["Retry-After"] == "1"

"""The control API: the log, the counters, resetting and loading."""

import pytest
import requests

from tests.sandbox.documents import confirmed, got, line, new_line, new_session
from tests.sandbox_process import ACCOUNTS, SandboxProcess

pytestmark = pytest.mark.slow


def test_the_log_shows_who_sent_what_and_how_it_was_answered(sandbox: SandboxProcess) -> None:
    sandbox.call("POST", "product_order", {"external_id": "one"}, account="extranet", params={"a": "b"})

    entry = sandbox.log()[-1]

    assert (entry["method"], entry["path"], entry["query"]) == ("POST", "/api/v1/product_order", {"a": "b"})
    assert (entry["body"], entry["status"], entry["fault"]) == ({"external_id": "one"}, 201, None)
    assert (entry["account"], entry["processed"]) == ("extranet@example.test", True)


def test_the_log_keeps_no_secret(sandbox: SandboxProcess) -> None:
    tokens = sandbox.sign_in(*ACCOUNTS["carnet"]).json()
    sandbox.ask_token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])

    text = str(sandbox.log())

    assert "***" in text
    assert not [
        secret for secret in (ACCOUNTS["carnet"][1], *tokens.values()) if str(secret) in text.split("'")
    ]


def test_the_log_can_be_continued_from_an_entry(sandbox: SandboxProcess) -> None:
    new_session(sandbox)
    known = sandbox.log()[-1]["sequence"]
    got(sandbox, "product_order/")

    assert [entry["method"] for entry in sandbox.log(since=known)] == ["GET"]


def test_faults_are_in_the_log(sandbox: SandboxProcess) -> None:
    got(sandbox, "product_order/")
    sandbox.faults([{"fault": "drop_after"}])
    with pytest.raises(requests.ConnectionError):
        sandbox.call("POST", "product_order", {})

    entry = sandbox.log()[-1]

    assert (entry["status"], entry["fault"], entry["processed"]) == (None, "drop_after", True)
    assert sandbox.counters()["faults"] == {"drop_after": 1}


def test_requests_are_counted_by_route(sandbox: SandboxProcess) -> None:
    for _ in range(2):
        session_id = new_session(sandbox)
        got(sandbox, f"product_order/{session_id}/")

    requests_made = sandbox.counters()["requests"]

    assert requests_made["POST /api/v1/product_order"] == 2
    assert requests_made["GET /api/v1/product_order/{session_id}/"] == 2


def test_creations_are_counted_by_external_id_even_when_deleted_since(sandbox: SandboxProcess) -> None:
    session_id = new_session(sandbox, external_id="cart")
    for _ in range(2):
        made = new_line(sandbox, session_id, **line(external_id="line"))
        sandbox.call("DELETE", f"product_order/{session_id}/product_order_item/{made['id']}/")

    assert sandbox.counters()["sessions_created"] == {"cart": 1}
    assert sandbox.counters()["lines_created"] == {"line": 2}


def test_only_confirmations_that_took_effect_are_counted(sandbox: SandboxProcess) -> None:
    sandbox.call("PATCH", f"product_order/{new_session(sandbox)}/confirm/")
    session_id = confirmed(sandbox, line())
    sandbox.call("PATCH", f"product_order/{session_id}/confirm/")

    assert sandbox.counters()["confirmations"] == {session_id: 1}


def test_a_reset_forgets_everything_but_never_repeats_a_reference(sandbox: SandboxProcess) -> None:
    before = new_line(sandbox, new_session(sandbox), **line())["order_reference"]

    sandbox.reset()

    assert sandbox.state()["sessions"] == []
    assert sandbox.log() == []
    assert not any(sandbox.counters().values())
    assert new_line(sandbox, new_session(sandbox), **line())["order_reference"] > before


def test_loading_gives_open_sessions_with_lines_fit_for_confirmation(sandbox: SandboxProcess) -> None:
    ids = sandbox.load(sessions=50, lines=100)

    assert len(got(sandbox, "product_order_item/", state="created")) == 5_000
    assert sandbox.call("PATCH", f"product_order/{ids[-1]}/confirm/").status_code == 200


@pytest.mark.parametrize(
    ("method", "name", "document"),
    [
        ("POST", "load", {"sessions": -1, "lines": 1}),
        ("POST", "clock", {"advance_seconds": -5}),
        ("POST", "clock", []),
        ("POST", "down", {"down": "yes"}),
        ("GET", "log?since=then", None),
    ],
)
def test_the_control_api_says_what_it_wants(
    sandbox: SandboxProcess, method: str, name: str, document: object
) -> None:
    answer = requests.request(method, f"{sandbox.url}/_sandbox/{name}", json=document, timeout=10)

    assert answer.status_code == 400
    assert answer.json()["detail"]


def test_an_unknown_control_call_is_not_found(sandbox: SandboxProcess) -> None:
    assert requests.get(f"{sandbox.url}/_sandbox/nothing", timeout=10).status_code == 404

"""The token endpoint of order taking and tracking: grants, expiry and revocation."""

import pytest
import requests

from tests.sandbox_process import ACCOUNTS, SandboxProcess

pytestmark = pytest.mark.slow

DOCUMENTED = {
    "access_token", "expires_in", "refresh_token", "refresh_expires_in", "token_type", "scope",
    "session_state",
}  # fmt: skip


def _sessions(sandbox: SandboxProcess, token: str) -> int:
    headers = {"Authorization": f"Bearer {token}"}
    return requests.get(f"{sandbox.url}/api/v1/product_order/", headers=headers, timeout=10).status_code


def test_the_password_grant_returns_every_documented_key(sandbox: SandboxProcess) -> None:
    answer = sandbox.sign_in(*ACCOUNTS["carnet"])

    assert answer.status_code == 200
    assert answer.json().keys() == DOCUMENTED
    assert answer.json()["token_type"] == "Bearer"
    assert _sessions(sandbox, answer.json()["access_token"]) == 200


@pytest.mark.parametrize(
    ("username", "password"), [("carnet@example.test", "wrong"), ("nobody@example.test", "carnet-sandbox")]
)
def test_bad_credentials_are_an_invalid_grant(sandbox: SandboxProcess, username: str, password: str) -> None:
    answer = sandbox.sign_in(username, password)

    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_grant"


def test_another_client_is_refused(sandbox: SandboxProcess) -> None:
    answer = sandbox.ask_token(grant_type="password", client_id="somebody")

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_other_grants_are_refused(sandbox: SandboxProcess) -> None:
    answer = sandbox.ask_token(grant_type="client_credentials")

    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


def test_a_token_request_is_a_form(sandbox: SandboxProcess) -> None:
    answer = requests.post(sandbox.token_url, json={"grant_type": "password"}, timeout=10)

    assert answer.status_code == 415


def test_a_refresh_token_gives_new_tokens_once(sandbox: SandboxProcess) -> None:
    refresh_token = sandbox.sign_in(*ACCOUNTS["carnet"]).json()["refresh_token"]

    answer = sandbox.ask_token(grant_type="refresh_token", refresh_token=refresh_token)
    again = sandbox.ask_token(grant_type="refresh_token", refresh_token=refresh_token)

    assert _sessions(sandbox, answer.json()["access_token"]) == 200
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")


def test_tokens_expire(sandbox: SandboxProcess) -> None:
    tokens = sandbox.sign_in(*ACCOUNTS["carnet"]).json()

    sandbox.advance(tokens["expires_in"])
    assert _sessions(sandbox, tokens["access_token"]) == 401

    sandbox.advance(tokens["refresh_expires_in"])
    late = sandbox.ask_token(grant_type="refresh_token", refresh_token=tokens["refresh_token"])
    assert late.status_code == 400


def test_tokens_can_be_revoked(sandbox: SandboxProcess) -> None:
    token = sandbox.sign_in(*ACCOUNTS["carnet"]).json()["access_token"]

    sandbox.forget_tokens()

    assert _sessions(sandbox, token) == 401


@pytest.mark.parametrize("authorization", [None, "Bearer made-up", "Basic Zm9vOmJhcg=="])
def test_the_api_requires_a_token(sandbox: SandboxProcess, authorization: str | None) -> None:
    headers = {"Authorization": authorization} if authorization else {}
    answer = requests.get(f"{sandbox.url}/api/v1/product_order/", headers=headers, timeout=10)

    assert answer.status_code == 401
    assert "detail" in answer.json()


@pytest.mark.parametrize("path", ["referential/project", "referential/enni/"])
def test_the_second_account_has_no_right_to_reference_data(sandbox: SandboxProcess, path: str) -> None:
    assert sandbox.call("GET", path, account="extranet").status_code == 403
    assert sandbox.call("GET", "product_order/", account="extranet").status_code == 200

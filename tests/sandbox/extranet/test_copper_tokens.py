"""Signing in to the extranet: the tokens of both editions, how long they last, and what they open."""

from collections.abc import Iterator

import pytest
import requests

from tests.sandbox_process import ACCOUNTS, SandboxProcess

pytestmark = pytest.mark.slow

V1, V2, REFRESH = "account/token/", "v2/account/token/", "v2/account/token/refresh/"
HOUR = 3600


def _orders(sandbox: SandboxProcess, authorization: str) -> int:
    headers = {"Authorization": authorization} if authorization else {}
    return requests.get(f"{sandbox.url}/api/orders/", headers=headers, timeout=10).status_code


@pytest.fixture(params=["v1", "v2"])
def of_one_edition(request: pytest.FixtureRequest) -> Iterator[SandboxProcess]:
    with SandboxProcess("--extranet-edition", request.param) as process:
        yield process


def test_the_first_edition_gives_a_token_for_a_day(sandbox: SandboxProcess) -> None:
    answer = sandbox.extranet_sign_in(*ACCOUNTS["extranet"], V1).json()

    assert answer.keys() == {"token", "user"}
    assert answer["user"]["email"] == "extranet@example.test"
    sandbox.advance(24 * HOUR - 60)
    assert _orders(sandbox, f"JWT {answer['token']}") == 200
    sandbox.advance(60)
    assert _orders(sandbox, f"JWT {answer['token']}") == 401


def test_the_second_edition_gives_a_token_for_an_hour(sandbox: SandboxProcess) -> None:
    answer = sandbox.extranet_sign_in(*ACCOUNTS["extranet"]).json()

    assert answer.keys() == {"access", "refresh", "user"}
    assert _orders(sandbox, f"Bearer {answer['access']}") == 200
    sandbox.advance(HOUR)
    assert _orders(sandbox, f"Bearer {answer['access']}") == 401


def test_a_refresh_token_is_good_for_twelve_hours(sandbox: SandboxProcess) -> None:
    refresh = sandbox.extranet_sign_in(*ACCOUNTS["extranet"]).json()["refresh"]

    sandbox.advance(11 * HOUR)
    renewed = requests.post(f"{sandbox.url}/api/{REFRESH}", json={"refresh": refresh}, timeout=10)
    sandbox.advance(HOUR)
    late = requests.post(f"{sandbox.url}/api/{REFRESH}", json={"refresh": refresh}, timeout=10)

    assert renewed.json().keys() == {"access"}
    assert late.status_code == 401


@pytest.mark.parametrize("scheme", ["", "Basic", "JWT", "Bearer"])
def test_a_call_needs_a_token_under_its_own_scheme(sandbox: SandboxProcess, scheme: str) -> None:
    tokens = {
        "JWT": sandbox.extranet_sign_in(*ACCOUNTS["extranet"]).json()["access"],
        "Bearer": sandbox.extranet_sign_in(*ACCOUNTS["extranet"], V1).json()["token"],
    }

    assert _orders(sandbox, f"{scheme} {tokens.get(scheme, 'x')}".strip() if scheme else "") == 401


def test_a_token_of_the_other_api_opens_nothing_here(sandbox: SandboxProcess) -> None:
    token = sandbox.sign_in(*ACCOUNTS["carnet"]).json()["access_token"]
    access = sandbox.extranet_sign_in(*ACCOUNTS["carnet"]).json()["access"]
    headers = {"Authorization": f"Bearer {access}"}

    assert _orders(sandbox, f"Bearer {token}") == 401
    answer = requests.get(f"{sandbox.url}/api/v1/product_order/", headers=headers, timeout=10)
    assert answer.status_code == 401


def test_bad_credentials_are_refused_under_an_identifier(sandbox: SandboxProcess) -> None:
    wrong = sandbox.extranet_sign_in("extranet@example.test", "wrong")
    nothing = sandbox.extranet_sign_in("", "", V1)

    assert wrong.status_code == 401
    assert wrong.json()["apirequest_uuid"].startswith("KOSC_")
    assert wrong.json()["details"] is None
    assert nothing.status_code == 400
    assert {detail["field"] for detail in nothing.json()["details"]} == {"email", "password"}


def test_an_environment_may_know_one_edition_only(of_one_edition: SandboxProcess) -> None:
    known, unknown = (V1, V2) if "v1" in of_one_edition.arguments else (V2, V1)

    assert of_one_edition.extranet_sign_in(*ACCOUNTS["extranet"], known).status_code == 200
    assert of_one_edition.extranet_sign_in(*ACCOUNTS["extranet"], unknown).status_code == 404
    assert of_one_edition.extranet("GET", "orders/").status_code == 200


def test_tokens_of_the_extranet_can_be_made_worthless(sandbox: SandboxProcess) -> None:
    token = sandbox.extranet_sign_in(*ACCOUNTS["extranet"], V1).json()["token"]

    sandbox.forget_tokens()

    assert _orders(sandbox, f"JWT {token}") == 401


def test_the_log_keeps_no_secret_of_the_extranet(sandbox: SandboxProcess) -> None:
    refresh = sandbox.extranet_sign_in(*ACCOUNTS["extranet"]).json()["refresh"]
    requests.post(f"{sandbox.url}/api/{REFRESH}", json={"refresh": refresh}, timeout=10)

    entries = sandbox.log()

    assert [entry["account"] for entry in entries] == ["extranet@example.test"] * 2
    assert [entry["body"] for entry in entries] == [
        {"email": "extranet@example.test", "password": "***"},
        {"refresh": "***"},
    ]

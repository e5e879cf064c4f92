"""The sandbox as a process of its own, for any test that needs a vendor."""

import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests

ROOT = Path(__file__).resolve().parent.parent
# Seconds between steps: long enough that nothing moves by itself while a test runs. Tests move the clock.
PACE = 3600
TOKEN_PATH = "/auth/realms/covage/protocol/openid-connect/token"
ACCOUNTS = {
    "carnet": ("carnet@example.test", "carnet-sandbox"),
    "extranet": ("extranet@example.test", "extranet-sandbox"),
}


def eventually(condition: Callable[[], bool], within: float = 60.0) -> bool:
    """Whether the condition comes true within this many seconds."""
    deadline = time.monotonic() + within
    while not (met := condition()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return met


class SandboxProcess:
    """Starts `python -m sandbox` with the given flags, and calls its control API.

    Stopped and started again it listens on the same port: stopping is how to have connections refused.
    Its state is lost then, unless it was given a `--state` file.
    """

    def __init__(self, *arguments: str) -> None:
        self.arguments = arguments
        self.url = ""
        self._process: subprocess.Popen[str] | None = None
        self._http = requests.Session()
        self._http.trust_env = False
        self._tokens: dict[str, str] = {}

    @property
    def token_url(self) -> str:
        return self.url + TOKEN_PATH

    def start(self) -> Self:
        """Start and wait until it listens; raises RuntimeError when it ends instead."""
        port = self.url.rpartition(":")[2] or "0"
        command = [sys.executable, "-m", "sandbox", "--port", port, *self.arguments]
        self._process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        ready = self._process.stdout.readline()
        if not ready:
            raise RuntimeError(f"The sandbox ended with code {self._process.wait()}.")
        self.url = ready.split()[-1]
        return self

    def stop(self) -> None:
        """Stop it as a service manager would, and wait until it is gone."""
        self._end("terminate")

    def kill(self) -> None:
        """End it without giving it time to write its state."""
        self._end("kill")

    def _end(self, how: str) -> None:
        self._tokens.clear()
        if self._process is None:
            return
        getattr(self._process, how)()
        self._process.wait(timeout=60)
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._http.close()

    def faults(self, rules: Sequence[Mapping[str, Any]]) -> None:
        """Put these fault rules in force in place of all others; an empty list ends all faults."""
        self.control("POST", "faults", list(rules))

    def down(self, down: bool = True) -> None:
        """Close every connection at once, unanswered, until called with False."""
        self.control("POST", "down", {"down": down})

    def advance(self, seconds: float) -> None:
        """Move the vendor's clock ahead."""
        self.control("POST", "clock", {"advance_seconds": seconds})

    def reset(self) -> None:
        """Forget sessions, lines, log, counters and faults, and put the clock right."""
        self.control("POST", "reset", {})

    def load(self, sessions: int, lines: int) -> list[str]:
        """Fill with open sessions of valid lines; returns the sessions' ids."""
        ids: list[str] = self.control("POST", "load", {"sessions": sessions, "lines": lines})["session_ids"]
        return ids

    def orders(self, state: str, limit: int = 1) -> list[dict[str, Any]]:
        """The first tracked orders in this state, each as the list shows it."""
        orders: list[dict[str, Any]] = self.control("GET", f"orders?state={state}&limit={limit}")
        return orders

    def go_on(self, reference: str, steps: int = 1) -> dict[str, Any]:
        """Let a tracked order take its next steps; returns `{order, history}` after them."""
        return self.on_order(reference, "advance", {"steps": steps})

    def on_order(self, reference: str, call: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """One of the control calls on an order: advance, change, history, documents."""
        after: dict[str, Any] = self.control("POST", f"orders/{reference}/{call}", document)
        return after

    def remove_order(self, reference: str) -> None:
        """Remove a tracked order."""
        self.control("DELETE", f"orders/{reference}")

    def copper(self, status: str = "", limit: int = 1) -> list[dict[str, Any]]:
        """The first copper orders in this status, or of any."""
        orders: list[dict[str, Any]] = self.control("GET", f"copper?status={status}&limit={limit}")
        return orders

    def on_copper(self, order_uuid: str, call: str, document: Mapping[str, Any]) -> dict[str, Any]:
        """One of the control calls on a copper order: advance, status, change; returns `{order, events}`."""
        after: dict[str, Any] = self.control("POST", f"copper/{order_uuid}/{call}", document)
        return after

    def remove_copper(self, order_uuid: str) -> None:
        """Remove a copper order."""
        self.control("DELETE", f"copper/{order_uuid}")

    def fail_next_export(self) -> None:
        """Make the next export that is started end without a file."""
        self.control("POST", "exports", {})

    def forget_tokens(self) -> None:
        """Revoke every token issued so far."""
        self.control("POST", "forget_tokens", {})

    def counters(self) -> dict[str, dict[str, int]]:
        counters: dict[str, dict[str, int]] = self.control("GET", "counters")
        return counters

    def log(self, since: int = 0) -> list[dict[str, Any]]:
        entries: list[dict[str, Any]] = self.control("GET", f"log?since={since}")
        return entries

    def state(self) -> dict[str, Any]:
        state: dict[str, Any] = self.control("GET", "state")
        return state

    def control(self, method: str, name: str, document: object = None) -> Any:
        """One control call; raises requests.HTTPError when it is refused."""
        answer = self._http.request(method, f"{self.url}/_sandbox/{name}", json=document, timeout=30)
        answer.raise_for_status()
        return answer.json()

    def call(
        self, method: str, path: str, document: object = None, account: str = "carnet", **options: Any
    ) -> requests.Response:
        """One call of the vendor's API by this account, whatever its answer; signs in when needed."""
        url = f"{self.url}/api/v1/{path}"
        answer = self._call(method, url, document, account, options)
        if answer.status_code == 401:
            del self._tokens[account]
            answer = self._call(method, url, document, account, options)
        return answer

    def extranet(
        self, method: str, path: str, document: object = None, account: str = "extranet", **options: Any
    ) -> requests.Response:
        """One call of the extranet by this account, whatever its answer; signs in, as either edition has it."""
        if f"extranet {account}" not in self._tokens:
            self._tokens[f"extranet {account}"] = self._extranet_authorization(account)
        headers = {"Authorization": self._tokens[f"extranet {account}"]}
        url = f"{self.url}/api/{path}"
        answer = self._http.request(method, url, json=document, headers=headers, timeout=30, **options)
        if answer.status_code == 401:
            del self._tokens[f"extranet {account}"]
            return self.extranet(method, path, document, account, **options)
        return answer

    def _extranet_authorization(self, account: str) -> str:
        email, password = ACCOUNTS[account]
        answer = self.extranet_sign_in(email, password)
        if answer.status_code == 404:
            return f"JWT {self.extranet_sign_in(email, password, 'account/token/').json()['token']}"
        return f"Bearer {answer.json()['access']}"

    def extranet_sign_in(
        self, email: str, password: str, path: str = "v2/account/token/"
    ) -> requests.Response:
        """The answer of one of the extranet's two token endpoints."""
        return self._http.post(
            f"{self.url}/api/{path}", json={"email": email, "password": password}, timeout=30
        )

    def _call(
        self, method: str, url: str, document: object, account: str, options: dict[str, Any]
    ) -> requests.Response:
        if account not in self._tokens:
            self._tokens[account] = self.sign_in(*ACCOUNTS[account]).json()["access_token"]
        headers = {"Authorization": f"Bearer {self._tokens[account]}"}
        return self._http.request(method, url, json=document, headers=headers, timeout=30, **options)

    def sign_in(self, username: str, password: str) -> requests.Response:
        """The answer of the token endpoint to the password grant."""
        return self.ask_token(grant_type="password", username=username, password=password)

    def ask_token(self, **form: str) -> requests.Response:
        """The answer of the token endpoint to this form, `client_id` filled in."""
        return self._http.post(self.token_url, data={"client_id": "api-client"} | form, timeout=30)

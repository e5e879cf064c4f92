"""Both editions of signing in to the extranet.

v1  POST /api/account/token/ gives {token, user}; calls carry `JWT <token>`, valid for a day
v2  POST /api/v2/account/token/ gives {access, refresh, user}; calls carry `Bearer <access>`, valid for an
    hour, and the refresh for twelve: POST /api/v2/account/token/refresh/ gives a new {access}
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.auth import ACCOUNTS, Account
from sandbox.clock import Clock
from sandbox.exchange import HttpRequest, Refusal
from sandbox.extranet.identifiers import short_id
from sandbox.extranet.refusals import REQUIRED, error_document, refuse, refused

V1_PATH = "/api/account/token/"
V2_PATH = "/api/v2/account/token/"
REFRESH_PATH = "/api/v2/account/token/refresh/"
EDITIONS = ("v1", "v2", "both")
OPERATOR_UUID = "9lf2g9rt"
_DAY, _HOUR, _HALF_DAY = timedelta(days=1), timedelta(hours=1), timedelta(hours=12)


@dataclass(frozen=True)
class _Grant:
    account: Account
    expires: datetime


class Tokens:
    """Tokens issued, forgotten when the process ends. They expire by the sandbox's clock."""

    def __init__(self, clock: Clock, edition: str) -> None:
        self.clock = clock
        self.edition = edition
        self._granted: dict[tuple[str, str], _Grant] = {}

    def clear(self) -> None:
        """Every token stops working."""
        self._granted.clear()

    def sign_in(self, request: HttpRequest) -> dict[str, Any]:
        """Return the answer of edition v1; raises Refusal."""
        self._only_in("v1")
        account = _account(request)
        return {"token": self._grant("jwt", account, _DAY), "user": _user(account)}

    def sign_in_v2(self, request: HttpRequest) -> dict[str, Any]:
        """Return the answer of edition v2; raises Refusal."""
        self._only_in("v2")
        account = _account(request)
        access, refresh = self._grant("bearer", account, _HOUR), self._grant("refresh", account, _HALF_DAY)
        return {"access": access, "refresh": refresh, "user": _user(account)}

    def refresh(self, request: HttpRequest) -> dict[str, Any]:
        """Return a new access token; raises Refusal."""
        self._only_in("v2")
        values = _texts(request, "refresh")
        account = self._holder("refresh", values["refresh"])
        request.account = account.username
        return {"access": self._grant("bearer", account, _HOUR)}

    def authorize(self, request: HttpRequest) -> Account:
        """Return the account behind a call's token; raises Refusal 401."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        kind = scheme.lower() if scheme.lower() in ("jwt", "bearer") else ""
        account = self._holder(kind, token)
        request.account = account.username
        return account

    def _only_in(self, edition: str) -> None:
        if self.edition not in (edition, "both"):
            raise refused(404, "Not found.")

    def _grant(self, kind: str, account: Account, life: timedelta) -> str:
        token = secrets.token_urlsafe(48)
        self._granted[kind, token] = _Grant(account, self.clock.now() + life)
        return token

    def _holder(self, kind: str, token: str) -> Account:
        grant = self._granted.get((kind, token))
        if grant is None or grant.expires <= self.clock.now():
            error = "Authentication credentials were not provided or have expired."
            raise Refusal(401, error_document(error), {"WWW-Authenticate": 'JWT realm="api"'})
        return grant.account


def _account(request: HttpRequest) -> Account:
    values = _texts(request, "email", "password")
    account = ACCOUNTS.get(values["email"])
    if account is None or account.password != values["password"]:
        raise refused(401, "Unable to log in with provided credentials.")
    request.account = account.username
    return account


def _texts(request: HttpRequest, *names: str) -> dict[str, str]:
    document = request.document()
    values = document if isinstance(document, dict) else {}
    refuse({name: [REQUIRED] for name in names if not isinstance(values.get(name), str) or not values[name]})
    return {name: values[name] for name in names}


def _user(account: Account) -> dict[str, str]:
    name = account.username.partition("@")[0]
    number = list(ACCOUNTS).index(account.username)
    return {"user_uuid": short_id("user", number), "email": account.username, "first_name": "",
            "last_name": name.capitalize(), "operator_uuid": OPERATOR_UUID}  # fmt: skip

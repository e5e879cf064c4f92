"""The token endpoint (OAuth2 password and refresh grants, as Keycloak plays them) and who may call what."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qsl

from sandbox.clock import Clock
from sandbox.exchange import Answer, HttpRequest, Refusal, answer

TOKEN_PATH = "/auth/realms/covage/protocol/openid-connect/token"
CLIENT_ID = "api-client"
REFRESH_LIVES = 6  # a refresh token lives this many times as long as an access token
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Account:
    username: str
    password: str
    reads_reference: bool


ACCOUNTS = {
    account.username: account
    for account in (
        Account("carnet@example.test", "carnet-sandbox", reads_reference=True),
        Account("extranet@example.test", "extranet-sandbox", reads_reference=False),
    )
}


@dataclass(frozen=True)
class _Grant:
    account: Account
    session_state: str
    expires: datetime


class Tokens:
    """Tokens issued, forgotten when the process ends. They expire by the sandbox's clock; `life` is in seconds."""

    def __init__(self, clock: Clock, life: float) -> None:
        self.clock = clock
        self.life = life
        self._access: dict[str, _Grant] = {}
        self._refresh: dict[str, _Grant] = {}

    def clear(self) -> None:
        """Every token stops working."""
        self._access.clear()
        self._refresh.clear()

    def grant(self, request: HttpRequest) -> Answer:
        """Answer a token request; raises Refusal with Keycloak's error document."""
        if request.content_type != _FORM:
            raise Refusal(415, {"error": "invalid_request", "error_description": f"Send {_FORM}"})
        form = dict(parse_qsl(request.body.decode(errors="replace"), keep_blank_values=True))
        if form.get("client_id") != CLIENT_ID:
            raise _refused(401, "invalid_client", "Invalid client or Invalid client credentials")
        grant_type = form.get("grant_type")
        if grant_type == "password":
            account, state = self._by_password(form), secrets.token_hex(16)
        elif grant_type == "refresh_token":
            account, state = self._by_refresh_token(form)
        else:
            raise _refused(400, "unsupported_grant_type", "Unsupported grant_type")
        request.account = account.username
        return answer(200, self._issue(account, state), {"Cache-Control": "no-store"})

    def authorize(self, request: HttpRequest) -> Account:
        """Return the account behind a call's bearer token; raises Refusal 401."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        grant = self._access.get(token)
        if scheme.lower() != "bearer" or grant is None or grant.expires <= self.clock.now():
            detail = "Authentication credentials were not provided or have expired."
            raise Refusal(401, {"detail": detail}, {"WWW-Authenticate": 'Bearer realm="covage"'})
        request.account = grant.account.username
        return grant.account

    def _by_password(self, form: dict[str, str]) -> Account:
        account = ACCOUNTS.get(form.get("username", ""))
        if account is None or form.get("password") != account.password:
            raise _refused(401, "invalid_grant", "Invalid user credentials")
        return account

    def _by_refresh_token(self, form: dict[str, str]) -> tuple[Account, str]:
        grant = self._refresh.pop(form.get("refresh_token", ""), None)
        if grant is None or grant.expires <= self.clock.now():
            raise _refused(400, "invalid_grant", "Token is not active")
        return grant.account, grant.session_state

    def _issue(self, account: Account, session_state: str) -> dict[str, Any]:
        access, refresh = secrets.token_urlsafe(48), secrets.token_urlsafe(48)
        now, life = self.clock.now(), timedelta(seconds=self.life)
        self._access[access] = _Grant(account, session_state, now + life)
        self._refresh[refresh] = _Grant(account, session_state, now + REFRESH_LIVES * life)
        return {
            "access_token": access,
            "expires_in": int(self.life),
            "refresh_expires_in": int(REFRESH_LIVES * self.life),
            "refresh_token": refresh,
            "token_type": "Bearer",
            "session_state": session_state,
            "scope": "email profile",
        }


def _refused(status: int, error: str, description: str) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description})

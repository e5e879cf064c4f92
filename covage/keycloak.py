"""Signing in to order taking and tracking: Keycloak's password grant and its refresh tokens."""

from collections.abc import Mapping
from urllib.parse import urlencode

from .pool import Answer, OutgoingRequest
from .token import REFUSED, AccessToken, Send, access, end_of, granted, is_token

SHORTEST_LIFE = 60.0  # seconds


class PasswordGrant:
    """A service account at Keycloak. A `SignIn`."""

    def __init__(self, url: str, *, client_id: str, username: str, password: str) -> None:
        self._url = url
        self._client_id = client_id
        self._credentials = {"username": username, "password": password}

    def sign_in(self, send: Send) -> AccessToken:
        """Return a token for the password. Raises like `granted`."""
        return _access_token(send(self._request({"grant_type": "password", **self._credentials})))

    def refresh(self, token: AccessToken, send: Send) -> AccessToken | None:
        """Return a token for the refresh token, None when that is refused. Raises like `granted`."""
        answer = send(self._request({"grant_type": "refresh_token", "refresh_token": token.refresh}))
        return None if answer.status in REFUSED else _access_token(answer)

    def _request(self, grant: Mapping[str, str]) -> OutgoingRequest:
        body = urlencode({"client_id": self._client_id, **grant}).encode()
        form = "application/x-www-form-urlencoded"
        return OutgoingRequest("POST", self._url, harmless=True, body=body, content_type=form)


def _access_token(answer: Answer) -> AccessToken:
    content = granted(answer)
    authorization = f"Bearer {access(answer, content.get('access_token'))}"
    refresh = content.get("refresh_token")
    life = _seconds(content.get("expires_in")) or SHORTEST_LIFE
    # Keycloak says 0 for a refresh token that has no end of its own; if it has one all the same, the
    # endpoint refuses it and the password grant follows.
    refresh_life = _seconds(content.get("refresh_expires_in")) or float("inf")
    return AccessToken(
        authorization, end_of(life), refresh if is_token(refresh) else "", end_of(refresh_life)
    )


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 < value < 1e9 else 0.0

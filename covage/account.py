"""Signing in to the extranet, in both editions of it.

The later edition grants an access and a refresh token, which calls carry as `Bearer`; the earlier one a single
token, carried as `JWT`. Which one a server speaks is found out at each sign-in: where the later edition's address is
unknown, the earlier one's is tried. No answer says how long a token lives, so the lifetimes here (in seconds) are
those of the vendor's page.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from .pool import Answer, OutgoingRequest
from .token import REFUSED, AccessToken, Send, access, end_of, granted, is_token

TOKEN = "/api/v2/account/token/"
REFRESH = "/api/v2/account/token/refresh/"
EARLIER_TOKEN = "/api/account/token/"

HOUR = 3600.0  # seconds
ACCESS_LIFE = HOUR
REFRESH_LIFE = 12 * HOUR
EARLIER_LIFE = 24 * HOUR

_UNKNOWN_HERE = (404, 405)  # statuses


class Account:
    """A person's or a machine's account at the extranet. A `SignIn`."""

    def __init__(self, api_url: str, *, email: str, password: str) -> None:
        self._api_url = api_url
        self._credentials = {"email": email, "password": password}

    def sign_in(self, send: Send) -> AccessToken:
        """Return a token for the password, of whichever edition the server speaks. Raises like `granted`."""
        answer = send(self._request(TOKEN, self._credentials))
        if answer.status in _UNKNOWN_HERE:
            return _earlier_access_token(send(self._request(EARLIER_TOKEN, self._credentials)))
        return _access_token(answer)

    def refresh(self, token: AccessToken, send: Send) -> AccessToken | None:
        """Return a token for the refresh token, which stays valid unless the answer brings a new one.

        None when the refresh token is refused. Raises like `granted`.
        """
        answer = send(self._request(REFRESH, {"refresh": token.refresh}))
        if answer.status in (*REFUSED, *_UNKNOWN_HERE):
            return None
        new = _access_token(answer)
        return new if new.refresh else replace(new, refresh=token.refresh, refresh_until=token.refresh_until)

    def _request(self, path: str, content: Mapping[str, str]) -> OutgoingRequest:
        return OutgoingRequest("POST", self._api_url + path, harmless=True, body=json.dumps(content).encode())


def _access_token(answer: Answer) -> AccessToken:
    content = granted(answer)
    authorization = f"Bearer {access(answer, content.get('access'))}"
    refresh = content.get("refresh")
    return AccessToken(
        authorization, end_of(ACCESS_LIFE), refresh if is_token(refresh) else "", end_of(REFRESH_LIFE)
    )


def _earlier_access_token(answer: Answer) -> AccessToken:
    return AccessToken(f"JWT {access(answer, granted(answer).get('token'))}", end_of(EARLIER_LIFE))

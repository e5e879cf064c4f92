"""Signing in to the extranet, in both editions of it.

The later edition grants an access and a refresh token, which calls carry as `Bearer`; the earlier one a single
token, carried as `JWT`. Which one a server speaks is found out each time that somebody signs in: where the later
edition's address is unknown, the earlier one's is asked. No answer tells how long a token lives, so these are
the hours of the vendor's page.
"""

import json
from collections.abc import Mapping
from dataclasses import replace

from .pool import Answer, Request
from .token import REFUSED, Ask, Held, access, end_of, granted, is_token

TOKEN = "/api/v2/account/token/"
REFRESH = "/api/v2/account/token/refresh/"
EARLIER_TOKEN = "/api/account/token/"

HOUR = 3600.0
ACCESS_LIFE = HOUR
REFRESH_LIFE = 12 * HOUR
EARLIER_LIFE = 24 * HOUR

_UNKNOWN_HERE = (404, 405)


class Account:
    """A person's or a machine's account at the extranet. A `SignIn`."""

    def __init__(self, api_url: str, *, email: str, password: str) -> None:
        self._api_url = api_url
        self._credentials = {"email": email, "password": password}

    def afresh(self, ask: Ask) -> Held:
        """A token for the password, of whichever edition the server speaks."""
        answer = ask(self._request(TOKEN, self._credentials))
        if answer.status in _UNKNOWN_HERE:
            return _held_earlier(ask(self._request(EARLIER_TOKEN, self._credentials)))
        return _held(answer)

    def renewed(self, held: Held, ask: Ask) -> Held | None:
        """A token for the refresh token, which goes on serving unless a new one comes along."""
        answer = ask(self._request(REFRESH, {"refresh": held.refresh}))
        if answer.status in (*REFUSED, *_UNKNOWN_HERE):
            return None
        new = _held(answer)
        return new if new.refresh else replace(new, refresh=held.refresh, refresh_until=held.refresh_until)

    def _request(self, path: str, content: Mapping[str, str]) -> Request:
        return Request("POST", self._api_url + path, harmless=True, body=json.dumps(content).encode())


def _held(answer: Answer) -> Held:
    content = granted(answer)
    authorization = f"Bearer {access(answer, content.get('access'))}"
    refresh = content.get("refresh")
    return Held(
        authorization, end_of(ACCESS_LIFE), refresh if is_token(refresh) else "", end_of(REFRESH_LIFE)
    )


def _held_earlier(answer: Answer) -> Held:
    return Held(f"JWT {access(answer, granted(answer).get('token'))}", end_of(EARLIER_LIFE))

"""The access token: Keycloak's password grant, renewed before it expires, one fetch for many threads."""

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import TypeGuard
from urllib.parse import urlencode

from .answers import document, refusal
from .errors import BadAnswer, CovageError, RateLimited, Unauthorized, Unreachable
from .pool import Answer, Pool, Request, Timeouts

SHORTEST_LIFE = 60.0
_REFUSED = (400, 401, 403)


@dataclass(frozen=True, slots=True)
class _Held:
    access: str = field(repr=False)
    renew_at: float
    refresh: str | None = field(repr=False)
    refresh_until: float


class Tokens:
    """The tokens of one account, for all threads."""

    def __init__(self, pool: Pool, url: str, *, client_id: str, username: str, password: str) -> None:
        self._pool = pool
        self._url = url
        self._client_id = client_id
        self._credentials = {"username": username, "password": password}
        self._lock = Lock()
        self._held: _Held | None = None
        self._refused: str | None = None
        self._fetches = 0
        self._failure: CovageError | None = None

    def bearer(self, timeouts: Timeouts) -> str:
        """A token that is good for a while, fetched if need be.

        Raises Unauthorized when the credentials are refused, RateLimited or Unreachable when no token can be
        had: in each case nothing was sent to the API.
        """
        fetches_seen = self._fetches
        if fresh := self._fresh():
            return fresh
        if not self._lock.acquire(timeout=timeouts.whole):
            raise Unreachable("No token: another request for one is still unanswered. Nothing was sent.")
        try:
            return self._fresh() or self._fetched_once(fetches_seen, timeouts)
        finally:
            self._lock.release()

    def refuse(self, token: str) -> None:
        """Never hand out `token` again: the API has refused it."""
        self._refused = token

    def _fresh(self) -> str | None:
        held = self._held
        usable = held is not None and held.access != self._refused and monotonic() < held.renew_at
        return held.access if held is not None and usable else None

    def _fetched_once(self, fetches_seen: int, timeouts: Timeouts) -> str:
        """Fetch, unless another thread did while this one was waiting: then its failure is ours too."""
        if self._failure is not None and self._fetches != fetches_seen:
            raise copy(self._failure)
        self._failure = None
        try:
            self._held = self._renewed(timeouts)
        except CovageError as error:
            self._failure = error
            raise
        finally:
            self._fetches += 1
        return self._held.access

    def _renewed(self, timeouts: Timeouts) -> _Held:
        held = self._held
        if held and held.refresh and held.access != self._refused and monotonic() < held.refresh_until:
            grant = {"grant_type": "refresh_token", "refresh_token": held.refresh}
            answer = self._ask(grant, timeouts)
            if answer.status not in _REFUSED:
                return _held(answer)
        return _held(self._ask({"grant_type": "password", **self._credentials}, timeouts))

    def _ask(self, grant: Mapping[str, str], timeouts: Timeouts) -> Answer:
        body = urlencode({"client_id": self._client_id, **grant}).encode()
        request = Request(
            "POST", self._url, harmless=True, body=body, content_type="application/x-www-form-urlencoded"
        )
        try:
            return self._pool.send(request, timeouts)
        except BadAnswer as error:
            raise Unreachable(f"No token: {error.message}") from error


def _held(answer: Answer) -> _Held:
    _check(answer)
    try:
        content = document(answer)
    except BadAnswer as error:
        raise Unreachable(f"No token: {error.message}", status=answer.status) from error
    access, refresh = content.get("access_token"), content.get("refresh_token")
    if not _is_token(access):
        raise Unreachable(f"{answer.request}: the answer holds no usable access token.", status=answer.status)
    life = _seconds(content.get("expires_in")) or SHORTEST_LIFE
    # Keycloak says 0 for a refresh token that has no end of its own; should it have one all the same, the
    # endpoint refuses it and the password grant follows.
    refresh_life = _seconds(content.get("refresh_expires_in")) or float("inf")
    now = monotonic()
    return _Held(
        access, now + _before(life), refresh if _is_token(refresh) else None, now + _before(refresh_life)
    )


def _check(answer: Answer) -> None:
    if answer.status in _REFUSED:
        raise Unauthorized(
            f"{answer.request}: the credentials were refused ({answer.status}).", status=answer.status
        )
    error = refusal(answer)
    if isinstance(error, RateLimited):
        raise error
    if error is not None:
        raise Unreachable(f"No token: {error.message} Nothing was sent to the API.", status=answer.status)


def _is_token(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()


def _seconds(value: object) -> float:
    return float(value) if isinstance(value, (int, float)) and 0 < value < 1e9 else 0.0


def _before(life: float) -> float:
    """Renew after nine tenths of a life, at most half a minute before its end."""
    return life - min(30.0, life / 10)

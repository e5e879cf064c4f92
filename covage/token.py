"""The access token: renewed before it expires, fetched once for many threads, however one signs in."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Protocol, TypeGuard

from .errors import BadAnswer, CovageError, RateLimited, Unauthorized, Unreachable
from .pool import Answer, OutgoingRequest, Pool, Timeouts
from .responses import document, failed, refusal

REFUSED = (400, 401, 403)  # statuses

Send = Callable[[OutgoingRequest], Answer]


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A token as calls carry it, and when it expires, by the monotonic clock."""

    authorization: str = field(repr=False)
    renew_at: float
    refresh: str = field(default="", repr=False)
    refresh_until: float = 0.0


class SignIn(Protocol):
    """A way to obtain a token. Both methods raise like `granted`."""

    def sign_in(self, send: Send) -> AccessToken:
        """Return a token for the account's credentials."""

    def refresh(self, token: AccessToken, send: Send) -> AccessToken | None:
        """Return a token for the refresh token; None when it is refused, so that the credentials are needed."""


class Tokens:
    """The tokens of one account, for all threads."""

    def __init__(self, pool: Pool, sign_in: SignIn) -> None:
        self._pool = pool
        self._sign_in = sign_in
        self._lock = Lock()
        self._token: AccessToken | None = None
        self._refused: str | None = None
        self._fetches = 0
        self._failure: CovageError | None = None

    def authorization(self, timeouts: Timeouts) -> str:
        """Return the header for a call: a token that stays valid for a while, fetched if need be.

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

    def refuse(self, authorization: str) -> None:
        """Never hand out that token again: the API has refused it."""
        self._refused = authorization

    def _fresh(self) -> str | None:
        token = self._token
        usable = token is not None and token.authorization != self._refused and monotonic() < token.renew_at
        return token.authorization if token is not None and usable else None

    def _fetched_once(self, fetches_seen: int, timeouts: Timeouts) -> str:
        """Fetch, unless another thread did while this one was waiting: then its failure is raised here too."""
        if self._failure is not None and self._fetches != fetches_seen:
            raise copy(self._failure)
        self._failure = None
        try:
            self._token = self._renewed(lambda request: self._sent(request, timeouts))
        except CovageError as error:
            self._failure = error
            raise
        finally:
            self._fetches += 1
        return self._token.authorization

    def _renewed(self, send: Send) -> AccessToken:
        token = self._token
        if (
            token
            and token.refresh
            and token.authorization != self._refused
            and monotonic() < token.refresh_until
        ):
            return self._sign_in.refresh(token, send) or self._sign_in.sign_in(send)
        return self._sign_in.sign_in(send)

    def _sent(self, request: OutgoingRequest, timeouts: Timeouts) -> Answer:
        try:
            return self._pool.send(request, timeouts)
        except BadAnswer as error:
            raise Unreachable(f"No token: {error.message}") from error


def granted(answer: Answer) -> dict[str, Any]:
    """Return the document of a grant. Raises Unauthorized when refused, RateLimited, or else Unreachable."""
    if answer.status in REFUSED:
        raise failed(Unauthorized, answer, f"the credentials were refused ({answer.status}).")
    error = refusal(answer)
    if isinstance(error, RateLimited):
        raise error
    if error is not None:
        raise _no_token(error, " Nothing was sent to the API.") from error
    try:
        return document(answer)
    except BadAnswer as nonsense:
        raise _no_token(nonsense) from nonsense


def access(answer: Answer, token: object) -> str:
    """Return the token that an answer holds. Raises Unreachable when it can't be used."""
    if not is_token(token):
        raise failed(Unreachable, answer, "the answer holds no usable access token.")
    return token


def is_token(value: object) -> TypeGuard[str]:
    """Whether this can be sent in a header."""
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()


def end_of(life: float) -> float:
    """Return when to renew a token that lives `life` seconds: after 9/10, at most half a minute before the end."""
    return monotonic() + life - min(30.0, life / 10)


def _no_token(error: CovageError, so: str = "") -> Unreachable:
    return Unreachable(f"No token: {error.message}{so}", status=error.status, request_uuid=error.request_uuid)

"""The access token: renewed before it expires, one fetch for many threads, whatever the way of signing in."""

from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Any, Protocol, TypeGuard

from .answers import document, failed, refusal
from .errors import BadAnswer, CovageError, RateLimited, Unauthorized, Unreachable
from .pool import Answer, Pool, Request, Timeouts

REFUSED = (400, 401, 403)

Ask = Callable[[Request], Answer]


@dataclass(frozen=True, slots=True)
class Held:
    """A token as calls carry it, and until when it serves."""

    authorization: str = field(repr=False)
    renew_at: float
    refresh: str = field(default="", repr=False)
    refresh_until: float = 0.0


class SignIn(Protocol):
    """A way to come by a token. Both methods raise like `granted`."""

    def afresh(self, ask: Ask) -> Held:
        """A token for the account's credentials."""

    def renewed(self, held: Held, ask: Ask) -> Held | None:
        """A token for the refresh token held; None when it is refused, so that the credentials are needed."""


class Tokens:
    """The tokens of one account, for all threads."""

    def __init__(self, pool: Pool, sign_in: SignIn) -> None:
        self._pool = pool
        self._sign_in = sign_in
        self._lock = Lock()
        self._held: Held | None = None
        self._refused: str | None = None
        self._fetches = 0
        self._failure: CovageError | None = None

    def authorization(self, timeouts: Timeouts) -> str:
        """The header for a call: a token that is good for a while, fetched if need be.

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
        held = self._held
        usable = held is not None and held.authorization != self._refused and monotonic() < held.renew_at
        return held.authorization if held is not None and usable else None

    def _fetched_once(self, fetches_seen: int, timeouts: Timeouts) -> str:
        """Fetch, unless another thread did while this one was waiting: then its failure is ours too."""
        if self._failure is not None and self._fetches != fetches_seen:
            raise copy(self._failure)
        self._failure = None
        try:
            self._held = self._renewed(lambda request: self._asked(request, timeouts))
        except CovageError as error:
            self._failure = error
            raise
        finally:
            self._fetches += 1
        return self._held.authorization

    def _renewed(self, ask: Ask) -> Held:
        held = self._held
        if held and held.refresh and held.authorization != self._refused and monotonic() < held.refresh_until:
            return self._sign_in.renewed(held, ask) or self._sign_in.afresh(ask)
        return self._sign_in.afresh(ask)

    def _asked(self, request: Request, timeouts: Timeouts) -> Answer:
        try:
            return self._pool.send(request, timeouts)
        except BadAnswer as error:
            raise Unreachable(f"No token: {error.message}") from error


def granted(answer: Answer) -> dict[str, Any]:
    """What is granted. Raises Unauthorized for a refusal, RateLimited, or Unreachable for anything else."""
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
    """The token that an answer holds. Raises Unreachable when it is none."""
    if not is_token(token):
        raise failed(Unreachable, answer, "the answer holds no usable access token.")
    return token


def is_token(value: object) -> TypeGuard[str]:
    """Whether this can be sent in a header."""
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()


def end_of(life: float) -> float:
    """When to renew what lives so many seconds: after nine tenths of them, at most half a minute before the end."""
    return monotonic() + life - min(30.0, life / 10)


def _no_token(error: CovageError, so: str = "") -> Unreachable:
    return Unreachable(f"No token: {error.message}{so}", status=error.status, request_uuid=error.request_uuid)

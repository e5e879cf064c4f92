"""Requests to the API: authorised, repeated where that is harmless, never where it isn't."""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from random import uniform
from time import monotonic, sleep
from typing import Any, Literal, TypeVar
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from .download import Download
from .errors import (
    BadAnswer,
    CovageError,
    OutcomeUnknown,
    RateLimited,
    ServerError,
    Unauthorized,
    Unreachable,
)
from .pool import DEFAULT_PAUSE, Answer, OutgoingRequest, Pool, Timeouts
from .responses import failed, place, refusal
from .token import Tokens

logger = logging.getLogger(__name__)

Understood = TypeVar("Understood")
Method = Literal["POST", "PUT", "PATCH", "DELETE"]
Observer = Callable[[CovageError | None], None]

MOST_REDIRECTS = 5
FIRST_PAUSE = 0.5  # seconds
LONGEST_BACK_OFF = 8.0  # seconds

_REDIRECTS = (301, 302, 303, 307, 308)
_TROUBLE = (Unreachable, OutcomeUnknown, ServerError, BadAnswer, Unauthorized)


@dataclass(frozen=True)
class Transport:
    """How one client talks to the API. An `understand` turns an answer into a value or raises BadAnswer."""

    api_url: str
    pool: Pool
    tokens: Tokens
    timeouts: Timeouts
    retries: int
    observer: Observer | None

    def interactive(self, seconds: float) -> "Transport":
        """Return the same connections and token with a short time-out (in seconds) and no second try."""
        timeouts = Timeouts(min(self.timeouts.connect, seconds), min(self.timeouts.read, seconds))
        return replace(self, timeouts=timeouts, retries=0)

    def read(
        self, path: str, understand: Callable[[Answer], Understood], params: Iterable[tuple[str, str]] = ()
    ) -> Understood:
        """GET a path, again and again while the vendor is out of reach, failing or asks for a short pause.

        Raises the last try's error.
        """
        return self._patiently(
            OutgoingRequest("GET", self.api_url + path, harmless=True, params=params), understand
        )

    def follow(self, path: str, link: str, understand: Callable[[Answer], Understood]) -> Understood:
        """GET what the answer to `path` links to. Raises BadAnswer when that is on another host."""
        url = address_on_same_host(self.api_url + path, link)
        if url is None:
            raise BadAnswer(f"GET {path}: its link points to {place(link)}, another host; not followed.")
        return self._patiently(OutgoingRequest("GET", url, harmless=True), understand)

    def download(self, path: str, most: int) -> Download:
        """GET a file of at most `most` bytes, like `read` until it begins to come in.

        Raises BadAnswer when it is announced to be larger.
        """
        request = OutgoingRequest("GET", self.api_url + path, harmless=True, streamed=True)
        return Download(self._patiently(request, _as_it_is), self.timeouts.whole, most, self._notify)

    def write(
        self,
        method: Method,
        path: str,
        understand: Callable[[Answer], Understood],
        document: Mapping[str, Any] | None = None,
        *,
        default_pause: float = DEFAULT_PAUSE,
    ) -> Understood:
        """Send a change, once. `default_pause`: the seconds to wait after "too many requests" that gives none."""
        body = None if document is None else json.dumps(document, allow_nan=False).encode()
        request = OutgoingRequest(
            method, self.api_url + path, harmless=False, body=body, default_pause=default_pause
        )
        return self._observed(request, understand)

    def _patiently(self, request: OutgoingRequest, understand: Callable[[Answer], Understood]) -> Understood:
        for tries in range(self.retries):
            try:
                return self._observed(request, understand)
            except (Unreachable, ServerError, RateLimited) as error:
                pause = self._pause(error, tries)
                if pause is None:
                    raise
                logger.info("%s Asking again in %.1f s.", error.message, pause)
                sleep(pause)
        return self._observed(request, understand)

    def _pause(self, error: CovageError, tries: int) -> float | None:
        """The seconds that the vendor asks for, None when we don't wait that long; without them, growing and random."""
        requested = error.retry_after if isinstance(error, (RateLimited, ServerError)) else None
        if requested is not None:
            return requested if requested <= self.timeouts.read else None
        return min(FIRST_PAUSE * 2.0**tries, LONGEST_BACK_OFF) * uniform(0.5, 1.0)

    def _observed(self, request: OutgoingRequest, understand: Callable[[Answer], Understood]) -> Understood:
        try:
            understood = understand(self._answer(request))
        except CovageError as error:
            self._notify(error)
            raise
        self._notify(None)
        return understood

    def _notify(self, error: CovageError | None) -> None:
        if self.observer is None:
            return
        try:
            self.observer(error if isinstance(error, _TROUBLE) else None)
        except Exception:
            # The vendor has answered: even if the observer fails, the caller must get that answer.
            logger.exception("The observer of the vendor's answers failed.")

    def _answer(self, request: OutgoingRequest) -> Answer:
        """The 2xx answer. A 401 was certainly not processed: anything may be sent once more with a new token.

        A write is sent within the time that one exchange may take, or not at all: later its caller may be
        taken for dead, and another worker be about to send it. Raises the error that the status stands for.
        """
        deadline = monotonic() + self.timeouts.whole
        authorization = self._authorization_by(deadline, request)
        answer = self._sent(request, authorization)
        if answer.status == 401:
            self.tokens.refuse(authorization)
            answer = self._sent(request, self._authorization_by(deadline, request))
        if error := refusal(answer):
            raise error
        return answer

    def _authorization_by(self, deadline: float, request: OutgoingRequest) -> str:
        authorization = self.tokens.authorization(self.timeouts)
        if not request.harmless and monotonic() > deadline:
            raise Unreachable(f"{request}: the token came too late, so nothing was sent.")
        return authorization

    def _sent(self, request: OutgoingRequest, authorization: str) -> Answer:
        answer = self.pool.send(request, self.timeouts, authorization)
        for _ in range(MOST_REDIRECTS):
            if not request.harmless or answer.status not in _REDIRECTS:
                return answer
            answer = self.pool.send(_redirected(answer), self.timeouts, authorization)
        if answer.status in _REDIRECTS:
            raise failed(BadAnswer, answer, f"redirected more than {MOST_REDIRECTS} times.")
        return answer


def _as_it_is(answer: Answer) -> Answer:
    return answer


def address_on_same_host(base: str, link: str) -> str | None:
    """Return the absolute address of `link` as seen from `base`, or None when our token must not be sent there.

    Behind a proxy that ends TLS, servers write `http://` links to themselves: these are requested over https.
    """
    try:
        ours, theirs = urlsplit(base), urlsplit(urljoin(base, link))
        origin = _origin_to_ask(ours, theirs)
    except ValueError:
        return None
    return origin and origin + urlunsplit(("", "", theirs.path or "/", theirs.query, ""))


def _origin_to_ask(ours: SplitResult, theirs: SplitResult) -> str | None:
    if theirs.hostname != ours.hostname or theirs.scheme not in ("http", "https"):
        return None
    if (theirs.scheme, _port(theirs)) == (ours.scheme, _port(ours)):
        return f"{ours.scheme}://{ours.netloc}"
    upgrade = (ours.scheme, _port(ours), theirs.scheme, _port(theirs)) == ("http", 80, "https", 443)
    if upgrade:
        return f"https://{theirs.netloc.rpartition('@')[2]}"
    plain_link_to_itself = (ours.scheme, theirs.scheme) == ("https", "http") and theirs.port in (
        None,
        80,
        ours.port,
    )
    return f"{ours.scheme}://{ours.netloc}" if plain_link_to_itself else None


def _port(parts: SplitResult) -> int:
    return parts.port or {"http": 80, "https": 443}[parts.scheme]


def _redirected(answer: Answer) -> OutgoingRequest:
    request = answer.request
    location = answer.headers.get("Location", "")
    url = address_on_same_host(request.url, location) if location else None
    if url is None:
        raise failed(BadAnswer, answer, f"redirected to {place(location)}; not followed.")
    return replace(request, url=url, params=())

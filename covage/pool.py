"""One HTTP exchange: pooled connections, time-outs always, and an error that says what became of the request."""

import logging
import ssl
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from .errors import BadAnswer, CovageError, OutcomeUnknown, Unreachable

logger = logging.getLogger(__name__)

DEFAULT_PAUSE = 60.0  # seconds
LARGEST_BODY = 64 * 1024 * 1024  # bytes
_PIECE = 64 * 1024  # bytes
_CONNECTIONS = 32  # kept open per host

_BEFORE_CONNECTING = (
    requests.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
    urllib3.exceptions.NewConnectionError,
    urllib3.exceptions.ConnectTimeoutError,
    ssl.SSLCertVerificationError,
)


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect, and to wait for (each further piece of) the answer."""

    connect: float
    read: float

    @property
    def whole(self) -> float:
        """The seconds that an exchange may take at most, even if the answer comes drip by drip."""
        return self.connect + self.read


@dataclass(frozen=True, slots=True)
class OutgoingRequest:
    """An HTTP request to be sent. `harmless` means that sending it twice changes nothing.

    `streamed` asks for a file, whose content stays with the connection until it is read. `default_pause` is how
    many seconds "too many requests" means where the vendor doesn't say.
    """

    method: str
    url: str
    harmless: bool
    params: Iterable[tuple[str, str]] = ()
    body: bytes | None = field(default=None, repr=False)
    content_type: str = "application/json"
    streamed: bool = False
    default_pause: float = DEFAULT_PAUSE

    def __str__(self) -> str:
        """Method and path: all that logs and messages may show of it."""
        return f"{self.method} {urlsplit(self.url).path}"


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, of whatever status: whole, unless it is the success of a streamed request.

    Then `body` is empty and `response` still open: the caller must close it.
    """

    request: OutgoingRequest
    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    response: requests.Response = field(repr=False)


class Pool:
    """Connections shared by all threads of a process. Cookies are neither kept nor sent."""

    def __init__(self) -> None:
        self._session = _Session()
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=0))

    def send(self, request: OutgoingRequest, timeouts: Timeouts, authorization: str | None = None) -> Answer:
        """Send `request` once, with that Authorization or none, follow nothing, and return the answer.

        Raises Unreachable when the request certainly wasn't processed or is harmless, else OutcomeUnknown;
        BadAnswer when the body can't be decompressed or has no end.
        """
        started = monotonic()
        try:
            answer = self._exchange(request, timeouts, authorization)
        except (requests.RequestException, urllib3.exceptions.HTTPError) as error:
            logger.debug(
                "%s: %s after %.0f ms", request, type(error).__name__, 1000 * (monotonic() - started)
            )
            raise failure(request, error) from error
        logger.debug("%s: %d in %.0f ms", request, answer.status, 1000 * (monotonic() - started))
        return answer

    def close(self) -> None:
        """Close the idle connections."""
        self._session.close()

    def _exchange(self, request: OutgoingRequest, timeouts: Timeouts, authorization: str | None) -> Answer:
        deadline = monotonic() + timeouts.whole
        response = self._session.request(
            request.method,
            request.url,
            params=list(request.params),
            data=request.body,
            headers=_headers(request),
            auth=_authorising(authorization),
            timeout=(timeouts.connect, timeouts.read),
            allow_redirects=False,
            stream=True,
        )
        if request.streamed and 200 <= response.status_code < 300:
            return Answer(request, response.status_code, response.headers, b"", response)
        with response:
            body = b"".join(_pieces(response.raw, request, deadline))
            return Answer(request, response.status_code, response.headers, body, response)


class _Session(requests.Session):
    """Redirects are the transport's business: `requests` is not even to look where they point."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


def _headers(request: OutgoingRequest) -> dict[str, str]:
    headers = {"Accept": "*/*" if request.streamed else "application/json"}
    return headers | {"Content-Type": request.content_type} if request.body is not None else headers


def _authorising(
    authorization: str | None,
) -> Callable[[requests.PreparedRequest], requests.PreparedRequest]:
    """Our token or nothing; being given, it also keeps `requests` from looking for a password in ~/.netrc."""

    def authorise(prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        if authorization is not None:
            prepared.headers["Authorization"] = authorization
        return prepared

    return authorise


def _pieces(raw: Any, request: OutgoingRequest, deadline: float) -> Iterator[bytes]:
    """The body as it comes in. `read1` returns after each receipt, so slow drips can't outlast the deadline.

    Raises BadAnswer for a body without end, ReadTimeout after the deadline.
    """
    size = 0
    while piece := raw.read1(_PIECE, decode_content=True):
        size += len(piece)
        if size > LARGEST_BODY:
            raise BadAnswer(f"{request}: the answer is larger than {LARGEST_BODY} bytes.")
        if monotonic() > deadline:
            raise requests.ReadTimeout("The answer comes too slowly.")
        yield piece


def failure(request: OutgoingRequest, error: Exception) -> CovageError:
    """Return what an exception of the layers below means for `request`."""
    reason = type(_innermost(error)).__name__
    if isinstance(error, urllib3.exceptions.DecodeError):
        return BadAnswer(f"{request}: the body of the answer can't be decompressed.")
    if any(isinstance(link, _BEFORE_CONNECTING) for link in _chain(error)):
        return Unreachable(f"{request}: no connection ({reason}), so nothing was sent.")
    if request.harmless:
        return Unreachable(f"{request}: no whole answer came ({reason}); asking again is safe.")
    return OutcomeUnknown(
        f"{request}: sent, but no whole answer came ({reason}). "
        "It may have been processed: look before sending again."
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error and those it wraps. Not `__context__`: that may be an older exception of the caller's own."""
    link: object = error
    while isinstance(link, BaseException):
        yield link
        link = getattr(link, "reason", None) or next(iter(link.args), None)


def _innermost(error: BaseException) -> BaseException:
    return list(_chain(error))[-1]

"""What both clients share: an account's connections to one API, and addresses built safely."""

from copy import copy
from typing import Any, Self
from urllib.parse import quote, urlsplit

from .listing import Params, pages
from .pool import Pool, Timeouts
from .responses import nothing
from .token import SignIn, Tokens
from .transport import Observer, Transport


class Connected:
    """An account's connections to one API. Safe to share between threads; make one per process."""

    def __init__(
        self, api_url: str, sign_in: SignIn, timeouts: Timeouts, retries: int, observer: Observer | None
    ) -> None:
        pool = Pool()
        self._transport = Transport(api_url, pool, Tokens(pool, sign_in), timeouts, retries, observer)

    def with_timeout(self, seconds: float) -> Self:
        """Return a client with the same connections and token but a short time-out; no call is repeated."""
        interactive = copy(self)
        interactive._transport = self._transport.interactive(seconds)
        return interactive

    @property
    def timeouts(self) -> Timeouts:
        """How long each exchange with the API may take."""
        return self._transport.timeouts

    def close(self) -> None:
        """Close the idle connections."""
        self._transport.pool.close()

    def _all(self, path: str, params: Params | None = None) -> list[dict[str, Any]]:
        return [item for objects in pages(self._transport, path, params or []) for item in objects]

    def _delete(self, path: str) -> None:
        self._transport.write("DELETE", path, nothing)


def http_url(url: str) -> str:
    """Return the address without a last slash. Raises ValueError when it isn't http(s)."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("The addresses of the vendor's API must be whole http:// or https:// addresses.")
    return url.rstrip("/")


def segment(id: str) -> str:
    """Return an id as one part of a path. Raises ValueError for one that would lead elsewhere."""
    if id in ("", ".", ".."):
        raise ValueError("An id or a file's name at the vendor can't be empty or made of dots.")
    return quote(id, safe="")

"""A file at the vendor, read piece by piece: never whole in memory, and never taken for complete when it isn't."""

from collections.abc import Callable, Iterator
from time import monotonic
from types import TracebackType
from typing import Self

import urllib3

from .errors import BadAnswer, CovageError, Unreachable
from .pool import Answer, failure

LARGEST = 200 * 1024 * 1024  # bytes
SLOWEST = 16 * 1024  # bytes a second, below which a file is not worth the connection that it holds


class Download:
    """A file that has begun to come in. Like an open file: use it in a `with`, or `close` it.

    `content_type` is what the vendor calls it, `length` its size in bytes where that is known beforehand.
    """

    def __init__(
        self, answer: Answer, patience: float, most: int, on_error: Callable[[CovageError], None]
    ) -> None:
        """`patience`: the seconds to wait in all, beside what `SLOWEST` allows. `on_error` is called with failures.

        Raises BadAnswer when the file is announced to be larger than `most` bytes.
        """
        encoded = "Content-Encoding" in answer.headers
        self.content_type: str = answer.headers.get("Content-Type", "application/octet-stream")
        self.length: int | None = None if encoded else answer.response.raw.length_remaining
        self._answer = answer
        self._patience = patience
        self._most = most
        self._on_error = on_error
        self._received = 0
        self._waited = 0.0
        self._closed = False
        if self.length is not None and self.length > most:
            self.close()
            raise self._too_large()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the connection back; what has not been read yet is lost."""
        self._closed = True
        self._answer.response.close()

    def chunks(self, size: int = 64 * 1024) -> Iterator[bytes]:
        """The content as it comes in, at most `size` bytes at a time, once. At its end it is closed.

        Raises BadAnswer when it is cut short, can't be decompressed or is larger than allowed, Unreachable when
        it comes too slowly, ValueError when the download has been closed.
        """
        try:
            while piece := self._next(size):
                yield piece
        finally:
            self.close()

    def _next(self, size: int) -> bytes:
        if self._closed:
            raise ValueError("The download is closed; what was left of it can't be read any more.")
        try:
            piece = self._read(size)
        except CovageError as error:
            self._on_error(error)
            raise
        self._received += len(piece)
        if self._received > self._most:
            raise self._too_large()
        return piece

    def _read(self, size: int) -> bytes:
        """Return some more of the body. Only our waiting counts, not what the reader does between two pieces.

        Raises BadAnswer when it is cut short or can't be decompressed, Unreachable when it comes too slowly.
        """
        if self._waited > self._patience + self._received / SLOWEST:
            raise Unreachable(f"{self._answer.request}: the file comes too slowly; asking again is safe.")
        began = monotonic()
        try:
            piece: bytes = self._answer.response.raw.read1(size, decode_content=True)
        except urllib3.exceptions.ProtocolError as error:
            raise BadAnswer(
                f"{self._answer.request}: the download was cut short; asking again is safe."
            ) from error
        except urllib3.exceptions.HTTPError as error:
            raise failure(self._answer.request, error) from error
        self._waited += monotonic() - began
        return piece

    def _too_large(self) -> BadAnswer:
        return BadAnswer(f"{self._answer.request}: the file is larger than {self._most} bytes; not read.")

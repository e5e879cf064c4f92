"""A client during whose calls something happens."""

from collections.abc import Callable
from typing import Any


class Interrupted:
    """A client: something happens here once the vendor has carried out a certain call, before its answer.

    Or just `before` that call is made.
    """

    def __init__(
        self, client: Any, call: str, meanwhile: Callable[[], object], *, before: bool = False
    ) -> None:
        self._client = client
        self._call = call
        self._meanwhile = meanwhile
        self._before = before

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        if name != self._call:
            return real

        def call(*arguments: Any, **named: Any) -> Any:
            if self._before:
                self._meanwhile()
            answer = real(*arguments, **named)
            if not self._before:
                self._meanwhile()
            return answer

        return call

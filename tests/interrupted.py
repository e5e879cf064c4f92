"""A client to whom something happens while it waits for an answer."""

from collections.abc import Callable
from typing import Any


class Interrupted:
    """A client: once the vendor has carried out a certain call, something happens here before its answer."""

    def __init__(self, client: Any, call: str, meanwhile: Callable[[], object]) -> None:
        self._client = client
        self._call = call
        self._meanwhile = meanwhile

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._client, name)
        if name != self._call:
            return real

        def call(*arguments: Any, **named: Any) -> Any:
            answer = real(*arguments, **named)
            self._meanwhile()
            return answer

        return call

"""A route: which endpoint answers which method and path."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from sandbox.exchange import Answer

Endpoint = Callable[..., Answer]


@dataclass(frozen=True)
class Route:
    """An endpoint at exactly the path that its documentation shows, trailing slash or none."""

    method: str
    template: str
    endpoint: Endpoint

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", self.template))

    def match(self, path: str) -> dict[str, str] | None:
        """The values in the path, if this is its route."""
        found = self._pattern.fullmatch(path)
        return found and found.groupdict()

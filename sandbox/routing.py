"""Routes: which endpoint answers which method and path."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from sandbox.exchange import Answer, HttpRequest, Refusal

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
        """Return the values in the path, None when this is not its route."""
        found = self._pattern.fullmatch(path)
        return found and found.groupdict()


def find(routes: Sequence[Route], request: HttpRequest) -> tuple[Route, dict[str, str]]:
    """Return the route and the ids in the path; raises Refusal 404, 405, or 301 for a GET that misses a slash."""
    allowed = set()
    for route in routes:
        ids = route.match(request.path)
        if ids is not None and route.method == request.method:
            return route, ids
        if ids is not None:
            allowed.add(route.method)
    other = request.path.removesuffix("/") if request.path.endswith("/") else f"{request.path}/"
    methods = {route.method for route in routes if route.match(other) is not None}
    if request.method == "GET" and "GET" in methods:
        location = f"{other}?{urlencode(request.query)}" if request.query else other
        raise Refusal(301, {"detail": "Moved Permanently"}, {"Location": location})
    if allowed:
        raise method_not_allowed(allowed)
    raise Refusal(404, {"detail": "Not Found"})


def method_not_allowed(allowed: set[str]) -> Refusal:
    return Refusal(405, {"detail": "Method Not Allowed"}, {"Allow": ", ".join(sorted(allowed))})

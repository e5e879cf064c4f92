"""What was received: a log of the latest requests, and counts of what they changed."""

import json
from collections import Counter, deque
from typing import Any
from urllib.parse import parse_qsl

from sandbox.clock import Clock, shown
from sandbox.exchange import HttpRequest

KEPT = 5_000
_COUNTERS = (
    "requests",
    "faults",
    "sessions_created",
    "lines_created",
    "confirmations",
    "requests_made",
    "exports_started",
    "extranet_orders_created",
    "extranet_submissions",
    "extranet_answers",
)
_SECRETS = frozenset({"password", "token", "access_token", "refresh_token", "refresh", "client_secret"})


class Journal:
    """The log and the counters. Faulted requests are in both."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.sequence = 0
        self.entries: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._counts: dict[str, Counter[str]] = {}
        self.clear()

    def clear(self) -> None:
        """Empty log and counters; the sequence goes on."""
        self.entries.clear()
        self._counts = {name: Counter() for name in _COUNTERS}

    def count(self, counter: str, key: str) -> None:
        self._counts[counter][key] += 1

    def counters(self) -> dict[str, dict[str, int]]:
        return {name: dict(counter) for name, counter in self._counts.items()}

    def note(self, request: HttpRequest, status: int | None, fault: str | None, processed: bool) -> None:
        """Write one request into the log; `status` is None when nothing was answered."""
        self.sequence += 1
        self.entries.append(
            {
                "sequence": self.sequence,
                "time": shown(self.clock.now()),
                "method": request.method,
                "path": request.path,
                "query": request.query,
                "body": _legible(request),
                "status": status,
                "fault": fault,
                "processed": processed,
                "account": request.account,
            }
        )

    def since(self, sequence: int) -> list[dict[str, Any]]:
        return [entry for entry in self.entries if entry["sequence"] > sequence]


def _legible(request: HttpRequest) -> Any:
    """The body as JSON values, or as text where it is none, without secrets."""
    text = request.body.decode(errors="replace")
    if request.content_type == "application/x-www-form-urlencoded":
        return _masked(dict(parse_qsl(text, keep_blank_values=True)))
    try:
        return _masked(json.loads(text))
    except ValueError:
        return text


def _masked(document: Any) -> Any:
    if not isinstance(document, dict):
        return document
    return {name: "***" if name in _SECRETS else value for name, value in document.items()}

"""Faults on demand: rules that say which request meets which fault.

refuse       the connection is closed before the body is read, nothing is carried out
drop_before  the request is read, not carried out, and the connection closed without an answer
drop_after   the same, but it is carried out
delay        waits `seconds`, then carries out and answers, even if the client has hung up
hold         the same, but waits until other rules are put in place of this one
error        answers `status` (500) in place of carrying it out; `after` carries it out first
html         answers a page of HTML with `status` (200); `after` as above
rate_limit   answers 429 with `retry_after` seconds (1), nothing is carried out
cut_body     carries it out, and stops in the middle of the answer
"""

import random
import re
import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox.exchange import Answer, Refusal
from sandbox.extranet.refusals import as_the_extranet_says, concerns

FAULTS = frozenset(
    {"refuse", "delay", "hold", "drop_before", "drop_after", "error", "rate_limit", "html", "cut_body"}
)
_ALWAYS_PROCESSED = frozenset({"delay", "hold", "drop_after", "cut_body"})
_MAY_BE_PROCESSED = frozenset({"error", "html"})
_API = "^/api/(?!(v2/)?account/)"  # except the endpoints that give tokens
_PAGE = b"""<!DOCTYPE html>
<html><head><title>Maintenance</title></head><body><h1>The service is being maintained</h1></body></html>
"""


@dataclass
class Rule:
    """One rule as posted. `played` counts the requests that it has met."""

    fault: str
    method: str | None = None
    path: str | None = None
    times: int | None = None
    probability: float = 1.0
    seconds: float = 0.0
    after: bool = False
    status: int | None = None
    retry_after: float | None = None
    played: int = 0

    @property
    def processes(self) -> bool:
        """Whether the request is carried out, whatever its sender receives."""
        return self.fault in _ALWAYS_PROCESSED or (self.after and self.fault in _MAY_BE_PROCESSED)

    def concerns(self, method: str, path: str) -> bool:
        """Without a path of its own a rule concerns the API only, not the token endpoint."""
        if self.times is not None and self.played >= self.times:
            return False
        if self.method and self.method.upper() != method:
            return False
        return bool(re.search(self.path or _API, path))

    def disguise(self, real: Answer | None, path: str) -> Answer | None:
        """Return what is sent from this path in place of the real answer, None for nothing at all."""
        if self.fault in ("drop_before", "drop_after"):
            return None
        if self.fault == "cut_body" and real and not real.body and not real.chunks:
            return None  # nothing to cut: a DELETE's 204 is dropped instead
        if self.fault == "error":
            return _refusal(path, self.status or 500, "Internal Server Error")
        if self.fault == "rate_limit":
            wait = f"{1 if self.retry_after is None else self.retry_after:g}"
            detail = f"Request was throttled. Expected available in {wait} seconds."
            return _refusal(path, 429, detail, {"Retry-After": wait})
        if self.fault == "html":
            return Answer(self.status or 200, _PAGE, "text/html; charset=utf-8")
        return real


def _refusal(path: str, status: int, detail: str, headers: Mapping[str, str] | None = None) -> Answer:
    """Return an error in the shape that errors from this path have."""
    refusal = Refusal(status, {"detail": detail}, headers)
    return as_the_extranet_says(refusal) if concerns(path) else refusal.answer


class Faults:
    """The rules in force. The first that concerns a request is played; one request meets one fault."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rules: list[Rule] = []
        self._chance = random.Random(seed)
        self._replaced = threading.Condition()

    def replace(self, documents: object) -> None:
        """Put these rules in place of all others; raises Refusal 400 naming what is wrong."""
        if not isinstance(documents, list):
            raise Refusal(400, {"detail": "Send a list of fault rules."})
        rules = [_rule(document) for document in documents]
        with self._replaced:
            self.rules = rules
            self._replaced.notify_all()
        self._chance = random.Random(self.seed)

    def pick(self, method: str, path: str) -> Rule | None:
        """Return the rule that applies to this request, counted as played, or None."""
        for rule in self.rules:
            if rule.concerns(method, path) and self._chance.random() < rule.probability:
                rule.played += 1
                return rule
        return None

    def wait_until_replaced(self, rule: Rule) -> None:
        """Return as soon as this rule is no longer in force."""
        with self._replaced:
            self._replaced.wait_for(lambda: all(other is not rule for other in self.rules))

    def documents(self) -> list[dict[str, Any]]:
        return [asdict(rule) for rule in self.rules]


_NUMBER = (int, float)
_KINDS: Mapping[str, type | tuple[type, ...]] = {
    "fault": str,
    "method": str,
    "path": str,
    "times": int,
    "probability": _NUMBER,
    "seconds": _NUMBER,
    "after": bool,
    "status": int,
    "retry_after": _NUMBER,
}


def _rule(document: object) -> Rule:
    if not isinstance(document, dict) or document.get("fault") not in FAULTS:
        raise Refusal(400, {"detail": f"A rule needs a fault among {', '.join(sorted(FAULTS))}: {document}"})
    for name, value in document.items():
        if name not in _KINDS or not isinstance(value, _KINDS[name]):
            raise Refusal(400, {"detail": f"A fault rule knows no {name} of {value!r}."})
    try:
        re.compile(document.get("path", ""))
    except re.error as error:
        raise Refusal(400, {"detail": f"The path of a rule is a regular expression: {error}."}) from error
    return Rule(**document)

"""The state of one running stand-in, under one lock."""

import threading
import time
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sandbox.auth import Tokens
from sandbox.clock import PARIS, Clock
from sandbox.exchange import Refusal
from sandbox.extranet.platform import Platform
from sandbox.faults import Faults
from sandbox.journal import Journal
from sandbox.order_taking.model import Session, Store
from sandbox.order_taking.progress import let_time_pass
from sandbox.order_taking.reference import reference_data
from sandbox.order_taking.wire import EDITIONS
from sandbox.order_tracking.exports import Exports
from sandbox.order_tracking.orders import Orders
from sandbox.order_tracking.requests import OrderRequests


@dataclass(frozen=True)
class Settings:
    """The command line, except for where to listen and where to keep the state. `pace` and `token_life` in seconds."""

    pace: float = 2.0
    seed: int = 1
    page_shape: str = "list"
    page_size: int = 100
    edition: str = "current"
    token_life: float = 300.0
    rate: float = 0.0
    orders: int = 0
    copper: int = 0
    extranet_edition: str = "both"


class World:
    """The whole state of a stand-in. Hold `lock` to read or change anything here."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.edition = EDITIONS[settings.edition]
        self.lock = threading.RLock()
        self.clock = Clock()
        self.store = Store()
        self.reference = reference_data(settings.seed)
        self.tokens = Tokens(self.clock, settings.token_life)
        self.journal = Journal(self.clock)
        self.faults = Faults(settings.seed)
        today = self.clock.now().astimezone(PARIS).date()
        self.orders = Orders(settings.seed, settings.orders, settings.pace, today, self.reference)
        self.order_requests = OrderRequests(self.orders)
        self.exports = Exports(settings.pace)
        self.extranet = Platform(
            self.clock, settings.seed, settings.pace, settings.copper, settings.extranet_edition, today
        )
        self.down = False
        self.changed = False
        self._recent: deque[float] = deque()

    def reset(self) -> None:
        """Forget all that happened and every fault, and put the clock right. Tokens stay valid."""
        self.store.clear()
        self.orders.clear()
        self.order_requests = OrderRequests(self.orders)
        self.exports.clear()
        self.extranet.reset()
        self.journal.clear()
        self.faults.replace([])
        self.down = False
        self.clock.put_right()
        self.changed = True

    def let_time_pass(self) -> None:
        """Take the steps of confirmed sessions and of orders of either kind that are due by now."""
        now = self.clock.now()
        if self.store.moving:
            settings, ennis = self.settings, self.reference.enni_references
            moving = [self.store.sessions[session_id] for session_id in self.store.moving]
            let_time_pass(self.store, now, settings.pace, settings.seed, ennis)
            self._begin_orders(moving)
            self.changed = True
        self.changed |= self.orders.let_time_pass(now)
        self.changed |= self.extranet.let_time_pass(now)

    def _begin_orders(self, sessions: Iterable[Session]) -> None:
        for session in sessions:
            self.orders.begin(self.store.lines_of(session))

    def hold_to_rate(self) -> None:
        """Raise Refusal 429 beyond the allowed number of requests within the last second."""
        if not self.settings.rate:
            return
        now = time.monotonic()
        while self._recent and self._recent[0] <= now - 1:
            self._recent.popleft()
        if len(self._recent) >= self.settings.rate:
            raise Refusal(429, {"detail": "Request was throttled."}, {"Retry-After": "1"})
        self._recent.append(now)

    def as_document(self) -> dict[str, Any]:
        """Return what a restart restores: the clock's offset, sessions, orders, requests, exports, copper."""
        return {
            "clock_offset": self.clock.offset.total_seconds(),
            **self.store.as_document(),
            "orders": self.orders.as_document(),
            "requests": self.order_requests.made,
            "exports": self.exports.as_document(),
            "extranet": self.extranet.as_document(),
        }

    def restore(self, document: dict[str, Any]) -> None:
        """Restore what `as_document` wrote, now or before there were orders of either kind.

        Raises ValueError, KeyError or TypeError for anything else.
        """
        self.clock.advance(document["clock_offset"])
        self.store = Store.from_document(document)
        if "orders" in document:
            self.orders = self.orders.restored(document["orders"])
            self.exports.restore(document["exports"])
        self.order_requests = OrderRequests(self.orders, document.get("requests", ()))
        if "extranet" in document:
            self.extranet.restore(document["extranet"])
        self._begin_orders(self.store.sessions.values())

"""Exports of all orders as CSV: started, ready one pace later, downloaded.

The file has the list's field names as its header, semicolons between fields, CRLF after each row, and is
UTF-8 with a byte order mark, as French spreadsheets expect it. It shows the orders as they are when it is
downloaded, and is written page by page.
"""

import csv
import io
import math
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandbox.clock import shown
from sandbox.exchange import Refusal
from sandbox.order_tracking.order import LIST_FIELDS
from sandbox.order_tracking.orders import Orders

INTERVAL = timedelta(minutes=5)
_ROWS_AT_ONCE = 500


@dataclass(frozen=True)
class Export:
    """One export; `takes` is in seconds, `fails` whether it ends without a file."""

    id: str
    account: str
    started: datetime
    takes: float
    fails: bool

    @property
    def stopped(self) -> datetime:
        return self.started + timedelta(seconds=self.takes)

    def success(self, now: datetime) -> bool | None:
        return None if now < self.stopped else not self.fails

    def status(self, now: datetime) -> dict[str, Any]:
        success = self.success(now)
        return {
            "task_id": self.id,
            "success": success,
            "started": shown(self.started),
            "stopped": None if success is None else shown(self.stopped),
        }


class Exports:
    """All exports since the start. They end by the sandbox's clock; `pace` is in seconds."""

    def __init__(self, pace: float) -> None:
        self.pace = pace
        self.all: dict[str, Export] = {}
        self.next_fails = False

    def clear(self) -> None:
        self.all.clear()
        self.next_fails = False

    def start(self, account: str, now: datetime) -> Export:
        """Begin an export; raises Refusal 429 within five minutes of this account's previous one."""
        waits = [export.started + INTERVAL - now for export in self.all.values() if export.account == account]
        if (wait := max(waits, default=timedelta())) > timedelta():
            seconds = math.ceil(wait.total_seconds())
            detail = f"Request was throttled. Expected available in {seconds} seconds."
            raise Refusal(429, {"detail": detail}, {"Retry-After": str(seconds)})
        export = Export(str(uuid.uuid4()), account, now, self.pace, fails=self.next_fails)
        self.all[export.id] = export
        self.next_fails = False
        return export

    def get(self, task_id: str, account: str) -> Export:
        """Return this account's export; raises Refusal 404."""
        export = self.all.get(task_id)
        if export is None or export.account != account:
            raise Refusal(404, {"detail": f"No export task {task_id}."})
        return export

    def as_document(self) -> list[dict[str, Any]]:
        return [vars(export) | {"started": export.started.isoformat()} for export in self.all.values()]

    def restore(self, documents: list[Mapping[str, Any]]) -> None:
        for stored in documents:
            started = datetime.fromisoformat(stored["started"])
            self.all[stored["id"]] = Export(**{**stored, "started": started})


def rows(orders: Orders) -> Iterator[bytes]:
    """Yield the file, piece by piece."""
    yield "\ufeff".encode() + _encoded([dict(zip(LIST_FIELDS, LIST_FIELDS, strict=True))])
    for first in range(0, len(orders), _ROWS_AT_ONCE):
        yield _encoded(orders[first : first + _ROWS_AT_ONCE])


def _encoded(documents: list[dict[str, Any]]) -> bytes:
    text = io.StringIO()
    csv.DictWriter(text, LIST_FIELDS, delimiter=";").writerows(documents)
    return text.getvalue().encode()

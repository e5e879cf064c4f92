"""One measurement, shown as a ratio to its floor."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Measurement:
    """The seconds that something took, and the seconds that its floor took."""

    name: str
    seconds: float
    floor_name: str
    floor_seconds: float
    note: str = ""

    def __str__(self) -> str:
        ratio = self.seconds / self.floor_seconds
        shown = f"{self.name}: {ratio:.2f} × {self.floor_name}"
        return f"{shown} ({self.seconds * 1000:.1f} ms against {self.floor_seconds * 1000:.1f} ms) {self.note}".rstrip()


def took(work: Callable[[], object]) -> float:
    """Return the seconds that one run takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(work: Callable[[], object], times: int) -> float:
    """Return the median of several runs in seconds, after one that doesn't count."""
    work()
    return statistics.median(took(work) for _ in range(times))

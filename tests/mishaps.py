"""The faults of the sandbox that leave a write's outcome unknown to its sender."""

from typing import Any

# One of these happens to a request: processed or not, its sender can't know.
MISHAPS: dict[str, dict[str, Any]] = {
    "dropped after": {"fault": "drop_after"},
    "dropped before": {"fault": "drop_before"},
    "cut short": {"fault": "cut_body"},
    "a page of HTML after": {"fault": "html", "after": True},
    "a page of HTML instead": {"fault": "html"},
    "an error after": {"fault": "error", "after": True},
    "an error instead": {"fault": "error"},
}

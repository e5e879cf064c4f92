"""What the answers of order tracking hold (the vendor's page order-tracking.txt)."""

from dataclasses import dataclass
from typing import Any

from .errors import BadAnswer
from .pool import Answer
from .responses import document, document_if_any, failed
from .wire import Document, read

BETWEEN_EXPORTS = 300.0  # seconds between two, for each user


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders as listed. `position` is where to go on after them, "" when they are the last.

    `total` is how many orders there are in all, None when the vendor doesn't say.
    """

    items: list[Document]
    position: str
    total: int | None


def reasons(answer: Answer) -> list[str]:
    """Return the reasons for a termination, as they are to be sent. Raises BadAnswer when they aren't a list."""
    listed = document(answer).get("terminate_reasons")
    if not isinstance(listed, list) or not all(isinstance(reason, str) for reason in listed):
        raise failed(BadAnswer, answer, "expected a list of reasons.")
    return listed


def requested(answer: Answer) -> Document:
    """Return the request as the vendor stores it; empty when it only accepts it (docs/vendor-readings.md, 39).

    Raises BadAnswer when the answer is neither empty nor an object.
    """
    return read(document_if_any(answer))


def task_id(answer: Answer) -> str:
    """Return the id of the export that was started. Raises BadAnswer when there is none."""
    id = document(answer).get("task_id")
    if not isinstance(id, str) or not id:
        raise failed(BadAnswer, answer, "no id of the export is given.")
    return id


def export_state(answer: Answer) -> dict[str, Any]:
    """Return the state of an export. Raises BadAnswer when `success` is missing, or neither a bool nor null."""
    state = document(answer)
    if "success" not in state or not isinstance(state["success"], bool | None):
        raise failed(BadAnswer, answer, "it is not said whether the export succeeded.")
    return state

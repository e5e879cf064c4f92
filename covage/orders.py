"""What the answers of order tracking hold (the vendor's page order-tracking.txt)."""

from dataclasses import dataclass
from typing import Any

from .answers import document, document_if_any, failed
from .errors import BadAnswer
from .pool import Answer
from .wire import Document, read

BETWEEN_EXPORTS = 300.0  # seconds, for each user


@dataclass(frozen=True, slots=True)
class OrderPage:
    """Some orders as listed. `position` is where to go on after them, "" when they are the last.

    `total` is how many orders there are in all, as far as the vendor tells.
    """

    items: list[Document]
    position: str
    total: int | None


def reasons(answer: Answer) -> list[str]:
    """The reasons for a termination, as they are to be sent. Raises BadAnswer when there is no list of them."""
    told = document(answer).get("terminate_reasons")
    if not isinstance(told, list) or not all(isinstance(reason, str) for reason in told):
        raise failed(BadAnswer, answer, "expected a list of reasons.")
    return told


def requested(answer: Answer) -> Document:
    """The request as the vendor holds it; empty when it is taken without a word (docs/vendor-readings.md, 39)."""
    return read(document_if_any(answer))


def task_id(answer: Answer) -> str:
    """The id of the export that was begun. Raises BadAnswer when there is none."""
    told = document(answer).get("task_id")
    if not isinstance(told, str) or not told:
        raise failed(BadAnswer, answer, "no id of the export is told.")
    return told


def export_state(answer: Answer) -> dict[str, Any]:
    """How an export fares. Raises BadAnswer when it is not told whether it has succeeded (or null)."""
    told = document(answer)
    if "success" not in told or not isinstance(told["success"], bool | None):
        raise failed(BadAnswer, answer, "not told whether the export succeeded.")
    return told

"""One copper order: its document, and its next statuses."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sandbox.extranet.identifiers import extranet_moment
from sandbox.extranet.products import ENNI, family_of

DRAFT = "draft"
UNDER_WAY = ("submitted", "acknowledged", "running", "pending", "held")
ENDS = ("rejected", "canceled", "completed")
STATUSES = (DRAFT, *UNDER_WAY, *ENDS)
LINE_BUILDING = ("create", "create_nearby", "create_neighbour")
ACTIVATION_TYPES = ("activate", *LINE_BUILDING)
DATES = {
    "submitted": "submission_date",
    "acknowledged": "acknowledged_date",
    "running": "processing_date",
    "held": "held_date",
    "completed": "completion_date",
    "canceled": "cancellation_date",
    "rejected": "rejection_date",
}


@dataclass
class CopperOrder:
    """`fields` is the document as it is shown, `next_statuses` those to come, `next_at` when the first is due."""

    number: int
    fields: dict[str, Any]
    next_statuses: list[str] = field(default_factory=list)
    next_at: datetime | None = None

    @property
    def uuid(self) -> str:
        return str(self.fields["order_uuid"])

    @property
    def status(self) -> str:
        return str(self.fields["status"])

    @property
    def is_draft(self) -> bool:
        return self.status == DRAFT

    @property
    def terminates(self) -> bool:
        return bool(self.fields["type"] == "terminate")

    @property
    def is_enni(self) -> bool:
        return family_of(self.product_code) == ENNI

    @property
    def builds_a_line(self) -> bool:
        return self.fields.get("activation_type") in LINE_BUILDING

    @property
    def product_code(self) -> str:
        return str(self.fields["product"]["code"])

    def change(self, at: datetime, **values: Any) -> None:
        """Set fields of the document; None takes a field away."""
        changed = self.fields | values | {"modification_date": extranet_moment(at)}
        self.fields = {name: value for name, value in changed.items() if value is not None}

    def enter(self, status: str, at: datetime) -> None:
        """Enter a status, with the date that goes with it; processing begins only once."""
        dates = {DATES[status]: extranet_moment(at)} if status in DATES else {}
        if status == "running":
            dates = {name: self.fields.get(name, value) for name, value in dates.items()}
        self.change(at, status=status, **dates)

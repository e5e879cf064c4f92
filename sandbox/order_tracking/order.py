"""One order in full, as it can be changed: its fields, its history, and its next steps."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sandbox.clock import PARIS
from sandbox.dice import Dice
from sandbox.order_tracking.past import listed_moment, months_after
from sandbox.order_tracking.steps import (
    COMPLETED_BY,
    MILESTONES,
    PRODUCTION_BEGINS,
    appointment_at,
    moment_of,
    working_day,
)

LIST_FIELDS = (
    "modification_date", "order_reference", "id", "order_date", "cancellation_date", "cancellation_reason",
    "completion_date", "delivery_lead_time", "state", "project_id", "offer_family", "offer_technology",
    "commitment", "site_client", "site_client_2", "end_customer_name", "end_customer_name_2", "created_by",
)  # fmt: skip
DETAIL_FIELDS = (
    "id", "order_reference", "external_id", "order_date", "cancellation_date", "cancellation_reason",
    "completion_date", "note", "technical_note", "product_offering_id", "product_offering_qualification_item_id",
    "project_id", "quote_item_id", "delivery_mode", "enni", "enni2", "delivery_lead_time",
    "delivery_lead_time_label", "vlan_reference", "customer_order_name", "securing", "securing_label",
    "service_reference", "minimum_commitment_duration", "commitment_end_date", "notice_period",
    "estimated_delivery_date", "billing_site_ref", "billing_site_name", "billing_period", "state",
    "termination_error", "option_ids", "product", "related_contact_information", "technical_zone", "bandwidth",
    "service_topology", "building_ref", "manager_regional", "manager_n1_regional", "manager_national",
    "manager_n1_national", "strands_number", "fon_security", "technology", "total_amount_monthly",
    "total_amount_annual",
)  # fmt: skip
IN_PRODUCTION = ("confirmed", "in_progress")
# What an order under a request becomes once that is carried out.
_STATE_AFTER_REQUEST = {"terminate_in_progress": "terminated", "change_in_progress": "active"}
_APPOINTED = re.compile(r"le (\d\d)/(\d\d)/(\d{4})")

HistoryEntry = dict[str, str]


@dataclass
class Order:
    """`fields` has those of list and detail together, and any that a test made up.

    `steps_done` counts the milestones that its history has; `next_at` is when it goes on by itself, `pace` the
    seconds from one step to the next, None where it doesn't go on by itself.
    """

    number: int
    fields: dict[str, Any]
    history: list[HistoryEntry]
    steps_done: int
    next_at: datetime | None = None
    pace: float | None = None
    extra_documents: list[dict[str, str]] = field(default_factory=list)
    extra_fields: list[str] = field(default_factory=list)

    @property
    def reference(self) -> str:
        return str(self.fields["order_reference"])

    @property
    def state(self) -> str:
        return str(self.fields["state"])

    def listed(self) -> dict[str, Any]:
        """Return the order as the list shows it."""
        return {name: self.fields[name] for name in LIST_FIELDS}

    def detail(self) -> dict[str, Any]:
        """Return the order as its own address shows it."""
        return {name: self.fields[name] for name in (*DETAIL_FIELDS, *self.extra_fields)}

    def change(self, values: dict[str, Any], at: datetime) -> None:
        """Set fields of list or detail; a name that neither has shows in the detail from now on."""
        self.extra_fields += [name for name in values if name not in self.fields]
        self.fields |= {"modification_date": listed_moment(at)} | values

    def note(self, state: str, at: datetime, reason: str = "") -> None:
        """Write an entry into the history, whatever the order's own state."""
        self.history.append(entry(state, at, reason))
        self.change({}, at)

    def enter(self, state: str, at: datetime, reason: str = "", **values: Any) -> None:
        """Enter a state, with the fields that change along with it, and note it in the history."""
        self.note(state, at, reason)
        self.change({"state": state, **values}, at)

    @property
    def is_under_way(self) -> bool:
        """Whether it is in production, with steps ahead."""
        return self.state in IN_PRODUCTION and self.steps_done < len(MILESTONES)

    @property
    def appointed(self) -> date | None:
        """The day of the appointment that the order waits for, None without one."""
        last = self.history[-1]
        found = _APPOINTED.search(last["change_reason"]) if last["state"] in COMPLETED_BY else None
        return found and date(int(found[3]), int(found[2]), int(found[1]))

    def go_on(self, at: datetime) -> None:
        """Take the next step in production, or carry out what was requested; do nothing if there is neither."""
        if self.is_under_way:
            self._take_step(at)
        elif self.state in _STATE_AFTER_REQUEST:
            self.enter(_STATE_AFTER_REQUEST[self.state], at)
        driven = self.is_under_way and self.pace is not None
        self.next_at = at + timedelta(seconds=self.pace or 0) if driven else None

    def _take_step(self, at: datetime) -> None:
        step = MILESTONES[self.steps_done]
        if step == "active":
            self._deliver(at)
        elif step in COMPLETED_BY:
            self.note(step, at, self._appointment(at))
        else:
            self.note(step, at)
        self.steps_done += 1
        if self.steps_done == PRODUCTION_BEGINS + 1:
            self.change({"state": "in_progress"}, at)

    def _deliver(self, at: datetime) -> None:
        today = at.astimezone(PARIS).date()
        end = months_after(today, self.fields["minimum_commitment_duration"])
        self.enter("active", at, completion_date=today.isoformat(), commitment_end_date=end.isoformat())

    def _appointment(self, at: datetime) -> str:
        dice = Dice(self.reference, "appointment", len(self.history))
        today = working_day(at.astimezone(PARIS).date())
        return appointment_at(moment_of(today + 2 + dice.below(7) + dice.share() * 0.9))


def entry(state: str, at: datetime, reason: str = "") -> HistoryEntry:
    """Return one entry of a history as the vendor writes it."""
    moment = at.astimezone(PARIS).isoformat(timespec="seconds")
    return {"change_reason": reason, "change_date": moment, "state": state}

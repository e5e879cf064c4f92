"""The generated past: any number of orders over three years, each computed from its number on demand.

Order number N of `count` was placed after about N/count of the three years before `today`. Its fate (what
became of it until then) follows from the seed and its number alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sandbox.customers import Customer, Site, customer, site
from sandbox.dice import Dice
from sandbox.order_tracking.steps import (
    PRODUCTION_BEGINS,
    USUAL_DAYS,
    iso_day,
    listed_moment_of,
    schedule,
    working_day,
)

SPAN = 783  # three years, in working days
_MOST_CUSTOMERS = 4000
LONGEST = 230  # no order is longer in production, in working days
_SCATTER = (
    0.62, 0.7, 0.76, 0.81, 0.86, 0.9, 0.94, 0.98, 1.02, 1.07, 1.12, 1.19, 1.27, 1.38, 1.55, 1.9,
)  # fmt: skip
_FAMILIES = ("BPE", "BPE", "BPE", "BPEA", "BPEA", "DIA")
_COMMITMENTS = (12, 12, 24, 36, 36, 60)
_LEAD_TIMES = {"FIBDE": (6, 6, 8, 8), "FON": (8, 10, 12, 14)}
_CREATORS = (
    "sales1@example.test", "sales2@example.test", "carnet@example.test", "sales1@example.test",
    "c.rambaud@operateur.example", "n.leroux@operateur.example", "commandes@operateur.example",
)  # fmt: skip
CANCELLATIONS = (
    "Annulation à la demande du client final",
    "Déménagement du client final",
    "Délai trop long",
    "Doublon de commande",
)
REJECTIONS = (
    "Site non éligible après étude",
    "Refus du syndic",
    "Coût de génie civil refusé",
)


@dataclass(slots=True)
class Fate:
    """What an order is and what became of it; moments in working days, 0 for what never happened.

    `ended` is when it was cancelled or rejected, `requested` when a termination or change was requested
    and `carried_out` when that was done.
    """

    number: int
    ordered: float
    technology: str
    days: float
    stuck_at: int
    stuck_for: float
    state: str = ""
    ended: float = 0.0
    requested: float = 0.0
    carried_out: float = 0.0

    @property
    def completed(self) -> float:
        return self.ordered + self.days + self.stuck_for

    def schedule(self, seed: int) -> list[float]:
        """Return when each milestone was or will be reached, as if nothing ended the order before."""
        dice = Dice(seed, "schedule", self.number)
        offsets = schedule(self.technology, self.days, self.stuck_at, self.stuck_for, dice)
        return [self.ordered + offset for offset in offsets]


class Past:
    """The orders numbered 1 to `count`."""

    def __init__(self, seed: int, count: int, today: date, projects: Sequence[str]) -> None:
        self.seed = seed
        self.count = count
        self.today = today
        self.now = working_day(today)
        self.projects = projects
        self._customers = min(max(12, count // 5), _MOST_CUSTOMERS)

    def fate(self, number: int) -> Fate:
        dice = Dice(self.seed, "order", number)
        ordered = self.now - SPAN * (self.count - number + dice.share()) / self.count
        technology = "FON" if dice.chance(180) else "FIBDE"
        stuck_at = 2 + dice.below(11) if dice.chance(40) else -1
        stuck_for = 30.0 + 80 * dice.share() if stuck_at >= 0 else 0.0
        days = USUAL_DAYS[technology] * dice.choice(_SCATTER)
        fate = Fate(number, ordered, technology, days, stuck_at, stuck_for)
        self._decide(fate, dice)
        return fate

    def _decide(self, fate: Fate, dice: Dice) -> None:
        luck = dice.below(1000)
        if luck < 65:
            ended = fate.ordered + fate.days * (0.1 + (0.6 if luck < 40 else 0.15) * dice.share())
            if ended < self.now:
                fate.state, fate.ended = "cancelled" if luck < 40 else "rejected", ended
                return
        if fate.completed < self.now:
            self._live_on(fate, dice)
        else:
            begun = fate.schedule(self.seed)[PRODUCTION_BEGINS] < self.now
            fate.state = "in_progress" if begun else "confirmed"

    def _live_on(self, fate: Fate, dice: Dice) -> None:
        """What became of an order after it was delivered."""
        fate.state = "active"
        luck, share, since_delivery = dice.below(1000), dice.share(), self.now - fate.completed
        if luck < 90 and since_delivery > 60:
            requested = fate.completed + 40 + 700 * share
            carried_out = requested + 5 + 40 * dice.share()
            if carried_out < self.now:
                fate.state, fate.requested, fate.carried_out = "terminated", requested, carried_out
        elif 90 <= luck < 104 and since_delivery > 20:
            fate.state, fate.requested = "terminate_in_progress", self.now - 18 * share - 0.1
        elif 104 <= luck < 114 and since_delivery > 20:
            fate.state, fate.requested = "change_in_progress", self.now - 10 * share - 0.1
        elif 114 <= luck < 140 and since_delivery > 40:
            fate.requested = fate.completed + (since_delivery - 20) * share
            fate.carried_out = fate.requested + 2 + 8 * dice.share()

    def changed(self, fate: Fate) -> float:
        """Return the working day when anything last happened to the order."""
        if fate.state in ("in_progress", "confirmed"):
            return max(moment for moment in fate.schedule(self.seed) if moment < self.now)
        return fate.ended or fate.carried_out or fate.requested or fate.completed

    def customer_and_sites(self, number: int) -> tuple[Customer, list[Site]]:
        """Return the order's customer and site, for a few orders two sites. Some customers order more."""
        dice = Dice(self.seed, "where", number)
        owner = customer(self.seed, int(self._customers * dice.share() ** 2))
        first = dice.below(owner.sites)
        second = ((first + 1) % owner.sites,) if owner.sites > 1 and dice.chance(40) else ()
        return owner, [site(self.seed, owner.number, index) for index in (first, *second)]

    def listed(self, number: int) -> dict[str, Any]:
        """Return the order as the list shows it, at the end of its past."""
        fate, dice = self.fate(number), Dice(self.seed, "listed", number)
        owner, sites = self.customer_and_sites(number)
        ordered = iso_day(fate.ordered)
        cancelled, completed = fate.state == "cancelled", fate.state not in _UNDELIVERED
        return {
            "modification_date": listed_moment_of(self.changed(fate)),
            "order_reference": reference(number),
            "id": f"PO_DC173_{ordered.replace('-', '')}_{number:06d}",
            "order_date": ordered,
            "cancellation_date": iso_day(fate.ended) if cancelled else None,
            "cancellation_reason": dice.choice(CANCELLATIONS) if cancelled else "",
            "completion_date": iso_day(fate.completed) if completed else None,
            "delivery_lead_time": str(dice.choice(_LEAD_TIMES[fate.technology])),
            "state": fate.state,
            "project_id": dice.choice(self.projects) if dice.chance(600) else "",
            "offer_family": dice.choice(_FAMILIES),
            "offer_technology": fate.technology,
            "commitment": dice.choice(_COMMITMENTS),
            "site_client": sites[0].address,
            "site_client_2": sites[1].address if len(sites) > 1 else "",
            "end_customer_name": owner.name,
            "end_customer_name_2": owner.name if len(sites) > 1 else "",
            "created_by": dice.choice(_CREATORS),
        }

    def in_production(self) -> list[int]:
        """Return the numbers of all orders that their past left in production, oldest first."""
        first = max(1, int(self.count * (1 - LONGEST / SPAN)))
        states = ((number, self.fate(number).state) for number in range(first, self.count + 1))
        return [number for number, state in states if state in ("confirmed", "in_progress")]


_UNDELIVERED = frozenset({"confirmed", "in_progress", "cancelled", "rejected"})


def reference(number: int) -> str:
    return f"CMD_X_{number:08d}"


def number_of(order_reference: str) -> int:
    """Return the number in a reference of either kind; 0 when there is none."""
    digits = order_reference.rpartition("_")[2]
    return int(digits) if digits.isascii() and digits.isdecimal() and len(digits) < 12 else 0


def listed_moment(moment: datetime) -> str:
    """Return a moment as the list of orders writes it: `2025-04-23T10:00:58Z`."""
    return f"{moment.astimezone(UTC).isoformat()[:19]}Z"


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, or that month's last."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first.replace(day=min(day.day, last.day))

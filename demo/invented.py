"""Invented orders, as the vendor's documents would describe them: for development, measurements and tests.

Order N of `count` was made N/count of the way through the three years before now. What it is and what became
of it depends on the seed and its number alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from covage.moments import PARIS
from tracking.states import OrderState, Step
from web.months import months_after


class Town(NamedTuple):
    postcode: str
    insee_code: str
    city: str


SPAN = timedelta(days=3 * 365)
# Beyond the references that the sandbox gives.
FIRST_NUMBER = 50_000_000
DAYS_IN_ALL = {"FIBDE": 42, "FON": 70}
STATES = ("acknowledged", "held_adv_validation", "production_in_progress", *Step.values)
# The relative time that is spent in each.
WEIGHTS = (1, 2, 1, 12, 6, 14, 5, 8, 22, 4, 2, 3, 2, 1)
APPOINTMENTS = (Step.TECHNICAL_VISIT_PLANNED.value, Step.CONNEXION_PLANNED.value)
UNDELIVERED = (OrderState.CONFIRMED, OrderState.IN_PROGRESS, OrderState.CANCELLED, OrderState.REJECTED)

_TOWNS = (
    "76130 76451 MONT ST AIGNAN", "76000 76540 Rouen", "76600 76351 Le Havre", "14000 14118 Caen",
    "50000 50502 Saint-Lô", "35000 35238 Rennes", "29200 29019 Brest", "56000 56260 Vannes", "44000 44109 Nantes",
    "49000 49007 Angers", "72000 72181 Le Mans", "37000 37261 Tours", "45000 45234 Orléans", "86000 86194 Poitiers",
    "33000 33063 Bordeaux", "64000 64445 Pau", "31000 31555 Toulouse", "34000 34172 Montpellier",
    "30000 30189 Nîmes", "13002 13202 Marseille", "83000 83137 Toulon", "06000 06088 Nice", "38000 38185 Grenoble",
    "69003 69383 Lyon", "42000 42218 Saint-Étienne", "63000 63113 Clermont-Ferrand", "21000 21231 Dijon",
    "25000 25056 Besançon", "67000 67482 Strasbourg", "57000 57463 Metz", "54000 54395 Nancy", "51100 51454 Reims",
    "59000 59350 Lille", "62000 62041 Arras", "80000 80021 Amiens", "60000 60057 Beauvais", "95000 95500 Cergy",
    "93200 93066 Saint-Denis", "92000 92050 Nanterre", "75011 75111 Paris", "77000 77288 Melun",
    "91000 91228 Évry-Courcouronnes",
)  # fmt: skip
TOWNS = tuple(Town(*town.split(" ", 2)) for town in _TOWNS)
KINDS = (
    "Boulangerie", "Lycée", "Collège", "Clinique", "Garage", "Pharmacie", "Mairie annexe", "Cabinet", "Hôtel",
    "Transports", "Imprimerie", "Entrepôt", "Crèche", "Étude notariale", "Laboratoire", "Médiathèque", "Menuiserie",
    "Laiterie",
)  # fmt: skip
NAMES = (
    "Flaubert", "Lefèvre", "Martin", "Duhamel", "Le Goff", "Rémond", "Bénard", "Vasseur", "Caron", "Picard", "Marchand",
    "Noël", "Garnier", "Chevalier", "Perrin", "Mathieu", "Gautier", "Dumont", "Fontaine", "Rousselet", "Hébert",
    "Lemaître", "Thébault", "Jaouen", "Cordier", "Besnard", "Pasquier", "Guillou", "Texier", "Renault-Blanc",
)  # fmt: skip
STREETS = (
    "rue de la Gare",
    "avenue Jean Jaurès",
    "rue des Carmes",
    "quai de Seine",
    "boulevard de l'Ouest",
    "rue Neuve",
)
CREATORS = (
    "sales1@example.test", "sales2@example.test", "carnet@example.test", "n.leroux@operateur.example",
    "c.rambaud@operateur.example",
)  # fmt: skip
CANCELLATIONS = ("Annulation à la demande du client final", "Délai trop long", "Doublon de commande")


@dataclass(frozen=True, slots=True)
class InventedOrder:
    """An order: its document in the list, its own page, its history."""

    listed: dict[str, Any]
    detail: dict[str, Any]
    history: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Lifecycle:
    """When an order was made, when it enters each of STATES, and its state now."""

    ordered: datetime
    entered: tuple[datetime, ...]
    completed: datetime
    state: str
    ended: datetime | None


def invented_orders(count: int, seed: int, now: datetime) -> Iterator[InventedOrder]:
    """`count` orders, the oldest first."""
    for number in range(1, count + 1):
        dice = Random(seed * 1_000_003 + number)
        yield _invented(number, now - SPAN * (1 - number / count), dice, now)


def _invented(number: int, ordered: datetime, dice: Random, now: datetime) -> InventedOrder:
    technology = "FON" if dice.random() < 0.18 else "FIBDE"
    lifecycle = _lifecycle(ordered, technology, dice, now)
    town = dice.choice(TOWNS)
    listed = _listed(number, technology, lifecycle, town, dice, now)
    detail = _detail(listed, number, lifecycle, dice) | {
        "related_contact_information": [_contact(listed, town)]
    }
    return InventedOrder(listed, detail, _history(lifecycle, now))


def _lifecycle(ordered: datetime, technology: str, dice: Random, now: datetime) -> _Lifecycle:
    days = DAYS_IN_ALL[technology] * dice.lognormvariate(0, 0.35)
    shares = [weight * dice.uniform(0.5, 1.5) for weight in WEIGHTS]
    factor = days / sum(shares)
    if dice.random() < 0.04:
        shares[dice.randrange(3, len(shares))] *= dice.uniform(4, 12)
    entered, at = [], ordered
    for share in shares:
        entered.append(at)
        at += timedelta(days=share * factor)
    state, ended = _state(ordered, entered, at, dice, now)
    return _Lifecycle(ordered, tuple(entered), at, state, ended)


def _state(
    ordered: datetime, entered: list[datetime], completed: datetime, dice: Random, now: datetime
) -> tuple[str, datetime | None]:
    """An order's state, and since when it has ended, if it has."""
    luck, share = dice.random(), dice.random()
    given_up = ordered + (completed - ordered) * (0.1 + 0.6 * share)
    if luck < 0.06 and given_up < now:
        return OrderState.CANCELLED if luck < 0.04 else OrderState.REJECTED, given_up
    if completed >= now:
        return OrderState.IN_PROGRESS if entered[2] < now else OrderState.CONFIRMED, None
    if luck < 0.14 and (ended := completed + timedelta(days=60 + 700 * share)) < now:
        return OrderState.TERMINATED, ended
    if luck < 0.155:
        return OrderState.TERMINATE_IN_PROGRESS, None
    return OrderState.CHANGE_IN_PROGRESS if luck < 0.165 else OrderState.ACTIVE, None


def _listed(
    number: int, technology: str, lifecycle: _Lifecycle, town: Town, dice: Random, now: datetime
) -> dict[str, Any]:
    is_cancelled = lifecycle.state == OrderState.CANCELLED
    changed = lifecycle.ended or max(at for at in (*lifecycle.entered, lifecycle.completed) if at <= now)
    site = f"{dice.randrange(1, 120)} {dice.choice(STREETS)} {town.postcode} {town.city}"
    return {
        "modification_date": changed.isoformat(timespec="seconds"),
        "order_reference": f"CMD_X_{FIRST_NUMBER + number:08d}",
        "id": f"PO_DC173_{lifecycle.ordered:%Y%m%d}_{FIRST_NUMBER + number:06d}",
        "order_date": lifecycle.ordered.date().isoformat(),
        "cancellation_date": lifecycle.ended.date().isoformat() if is_cancelled and lifecycle.ended else None,
        "cancellation_reason": dice.choice(CANCELLATIONS) if is_cancelled else "",
        "completion_date": None if lifecycle.state in UNDELIVERED else lifecycle.completed.date().isoformat(),
        "delivery_lead_time": str(dice.choice((12, 14, 16) if technology == "FON" else (6, 8, 8, 10))),
        "state": str(lifecycle.state),
        "project_id": f"PRJ-{dice.randrange(1, 60):03d}" if dice.random() < 0.6 else "",
        "offer_family": dice.choice(("BPE", "BPE", "BPE", "BPEA", "DIA")),
        "offer_technology": technology,
        "commitment": dice.choice((12, 12, 24, 36, 36, 60)),
        "site_client": site,
        "site_client_2": "",
        "end_customer_name": f"{dice.choice(KINDS)} {dice.choice(NAMES)}",
        "end_customer_name_2": "",
        "created_by": dice.choice(CREATORS),
    }


def _detail(listed: dict[str, Any], number: int, lifecycle: _Lifecycle, dice: Random) -> dict[str, Any]:
    amount = float(dice.choice((145, 190, 260, 340, 890)))
    is_delivered = listed["completion_date"] is not None
    end = months_after(lifecycle.completed.date(), listed["commitment"]).isoformat() if is_delivered else None
    weeks = timedelta(weeks=int(listed["delivery_lead_time"]))
    copied = (
        "id",
        "order_reference",
        "order_date",
        "cancellation_date",
        "cancellation_reason",
        "completion_date",
    )
    return {name: listed[name] for name in (*copied, "delivery_lead_time", "state", "project_id")} | {
        "external_id": f"CLI-{number:06d}" if dice.random() < 0.7 else "",
        "customer_order_name": listed["end_customer_name"],
        "service_reference": f"FR{number:06d}" if is_delivered else "",
        "enni": f"CN{dice.randrange(10):06d}",
        "minimum_commitment_duration": listed["commitment"],
        "commitment_end_date": end,
        "notice_period": dice.choice((1, 2, 3, 3)),
        "estimated_delivery_date": (lifecycle.ordered + weeks).date().isoformat(),
        "technology": listed["offer_technology"],
        "total_amount_monthly": amount,
        "total_amount_annual": 12 * amount,
    }


def _contact(listed: dict[str, Any], town: Town) -> dict[str, Any]:
    return {
        "end_customer_name": listed["end_customer_name"],
        "street_name": listed["site_client"].partition(f" {town.postcode} ")[0],
        "postcode": town.postcode,
        "insee_code": town.insee_code,
        "city": town.city,
    }


def _history(lifecycle: _Lifecycle, now: datetime) -> list[dict[str, Any]]:
    until = min(lifecycle.ended or now, now)
    following = (*lifecycle.entered[1:], lifecycle.completed)
    entries = [
        _entry(state, at, _appointment(then) if state in APPOINTMENTS else "")
        for state, at, then in zip(STATES, lifecycle.entered, following, strict=True)
        if at <= until
    ]
    if lifecycle.state not in UNDELIVERED:
        entries.append(_entry(OrderState.ACTIVE, lifecycle.completed))
    if lifecycle.ended:
        entries.append(_entry(lifecycle.state, lifecycle.ended))
    return entries


def _entry(state: str, at: datetime, reason: str = "") -> dict[str, Any]:
    return {"state": str(state), "change_date": at.isoformat(timespec="seconds"), "change_reason": reason}


def _appointment(at: datetime) -> str:
    return f"Rendez-vous le {at.astimezone(PARIS):%d/%m/%Y à %H}:00"

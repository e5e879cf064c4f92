"""What becomes of a submitted copper order, one status a pace.

It is acknowledged, runs, and is completed. Words in its comment change that; several may be combined:

PENDING            it waits for confirm or cancel before it goes on
HELD               it is held for one pace; without a word a hash of seed and uuid decides, one in four is
STRAIGHT           it is not held
REJECT-CONTROL     it is rejected in place of being acknowledged
REJECT-PRODUCTION  it is rejected in place of being completed
"""

from sandbox.dice import Dice
from sandbox.extranet.order import CopperOrder

PENDING = "pending"
REASONS = {
    "pending": "Accès sensible : confirmation de l'opérateur demandée.",
    "held": "Désaturation de la boucle locale en cours.",
    "rejected": "Commande rejetée par l'opérateur de boucle locale.",
    "canceled": "Commande annulée par l'opérateur.",
}


def statuses_ahead(order: CopperOrder, seed: int) -> list[str]:
    """Return the statuses ahead of an order that has just been submitted."""
    comment = str(order.fields.get("comment", ""))
    if "REJECT-CONTROL" in comment:
        return ["rejected"]
    pending = [PENDING] if "PENDING" in comment else []
    hold = ["held", "running"] if _is_held(order, comment, seed) else []
    end = "rejected" if "REJECT-PRODUCTION" in comment else "completed"
    return ["acknowledged", "running", *pending, *(["running"] if pending else []), *hold, end]


def statuses_after(status: str) -> list[str]:
    """Return the statuses ahead of an order that was forced into this status."""
    straight = {
        "submitted": ["acknowledged", "running", "completed"],
        "acknowledged": ["running", "completed"],
        "running": ["completed"],
        PENDING: ["running", "completed"],
        "held": ["running", "completed"],
    }
    return straight.get(status, [])


def _is_held(order: CopperOrder, comment: str, seed: int) -> bool:
    if "HELD" in comment or "STRAIGHT" in comment:
        return "HELD" in comment
    return Dice(seed, "held", order.uuid).below(4) == 0

"""The history of an order of the generated past, with missed appointments and unknown states."""

from collections.abc import Iterator

from sandbox.dice import Dice
from sandbox.order_tracking.order import HistoryEntry, entry
from sandbox.order_tracking.past import CANCELLATIONS, REJECTIONS, Fate, Past
from sandbox.order_tracking.steps import COMPLETED_BY, MILESTONES, appointment, moment_of

_MISSED = ("Client absent", "Accès au site refusé", "Report à la demande du client final")
# States that the vendor's page does not name.
_UNDOCUMENTED_STATES = ("road_permit_requested", "held_customer_works", "copper_fallback_checked")
TimedState = tuple[float, str, str]


def history(past: Past, fate: Fate) -> tuple[list[HistoryEntry], int]:
    """Return everything that happened until the end of the past, and how many milestones are among it."""
    moments = fate.schedule(past.seed)
    until = fate.ended or past.now
    timed = [each for each in _milestones(past, fate, moments) if each[0] < until]
    timed += _afterwards(past, fate)
    entries = [entry(state, moment_of(at), reason) for at, state, reason in timed]
    return entries, sum(at < until for at in moments)


def _milestones(past: Past, fate: Fate, moments: list[float]) -> Iterator[TimedState]:
    dice = Dice(past.seed, "story", fate.number)
    odd_one = dice.choice(MILESTONES[3:12]) if dice.chance(15) else ""
    for state, at, following in zip(MILESTONES, moments, (*moments[1:], moments[-1]), strict=True):
        if state in COMPLETED_BY:
            yield from _appointments(state, at, following, dice)
        else:
            yield at, state, ""
        if state == odd_one:
            yield (
                (at + following) / 2,
                dice.choice(_UNDOCUMENTED_STATES),
                dice.choice(("", "En attente du syndic")),
            )


def _appointments(state: str, at: float, completed: float, dice: Dice) -> Iterator[TimedState]:
    """An appointment that is kept, for a few orders only the second one."""
    if dice.chance(80):
        missed = (at + completed) / 2
        yield at, state, appointment(missed, dice)
        yield missed, state, f"{dice.choice(_MISSED)}. {appointment(completed, dice)}"
    else:
        yield at, state, appointment(completed, dice)


def _afterwards(past: Past, fate: Fate) -> Iterator[TimedState]:
    dice = Dice(past.seed, "afterwards", fate.number)
    if fate.ended:
        reasons = CANCELLATIONS if fate.state == "cancelled" else REJECTIONS
        yield fate.ended, fate.state, dice.choice(reasons)
    elif fate.requested:
        ends = fate.state.startswith("terminate")
        yield fate.requested, "terminate_in_progress" if ends else "change_in_progress", ""
        if fate.carried_out:
            yield fate.carried_out, "terminated" if ends else "active", ""

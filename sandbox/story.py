"""The history of an order of the generated past, with the mishaps that orders meet."""

from collections.abc import Iterator

from sandbox.dice import Dice
from sandbox.order import Entry, entry
from sandbox.past import CANCELLATIONS, REJECTIONS, Fate, Past
from sandbox.steps import COMPLETED_BY, WAY, appointment, moment_of

_MISSED = ("Client absent", "Accès au site refusé", "Report à la demande du client final")
# States that the vendor's page does not name.
_UNHEARD_OF = ("road_permit_requested", "held_customer_works", "copper_fallback_checked")
Happening = tuple[float, str, str]


def history(past: Past, fate: Fate) -> tuple[list[Entry], int]:
    """Everything that happened until the end of the past, and how many entries of the way are among it."""
    moments = fate.schedule(past.seed)
    until = fate.ended or past.now
    happenings = [happening for happening in _on_the_way(past, fate, moments) if happening[0] < until]
    happenings += _afterwards(past, fate)
    entries = [entry(state, moment_of(at), reason) for at, state, reason in happenings]
    return entries, sum(at < until for at in moments)


def _on_the_way(past: Past, fate: Fate, moments: list[float]) -> Iterator[Happening]:
    dice = Dice(past.seed, "story", fate.number)
    odd_one = dice.choice(WAY[3:12]) if dice.chance(15) else ""
    for state, at, following in zip(WAY, moments, (*moments[1:], moments[-1]), strict=True):
        if state in COMPLETED_BY:
            yield from _appointments(state, at, following, dice)
        else:
            yield at, state, ""
        if state == odd_one:
            yield (at + following) / 2, dice.choice(_UNHEARD_OF), dice.choice(("", "En attente du syndic"))


def _appointments(state: str, at: float, completed: float, dice: Dice) -> Iterator[Happening]:
    """An appointment that is kept, for a few orders only the second one."""
    if dice.chance(80):
        missed = (at + completed) / 2
        yield at, state, appointment(missed, dice)
        yield missed, state, f"{dice.choice(_MISSED)}. {appointment(completed, dice)}"
    else:
        yield at, state, appointment(completed, dice)


def _afterwards(past: Past, fate: Fate) -> Iterator[Happening]:
    dice = Dice(past.seed, "afterwards", fate.number)
    if fate.ended:
        reasons = CANCELLATIONS if fate.state == "cancelled" else REJECTIONS
        yield fate.ended, fate.state, dice.choice(reasons)
    elif fate.asked:
        ends = fate.state.startswith("terminate")
        yield fate.asked, "terminate_in_progress" if ends else "change_in_progress", ""
        if fate.answered:
            yield fate.answered, "terminated" if ends else "active", ""

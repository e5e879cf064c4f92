"""What becomes of a confirmed session, step by step, by itself.

Nothing runs in the background: each request first lets time pass. A line's steps are decided by what it
holds and by a stable hash of the seed and its id, so that the same line always takes the same ones.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta

from sandbox.order_taking.confirmation import is_dia
from sandbox.order_taking.model import Line, Session, Store

SESSION_CLOSES_AT = 3
LAST_STEP = 4
REJECTED = "rejected_creation"
# Overseas departments have three digits, Corsica's postcodes keep the department it once was.
_CORSICA = ("2A", "2B", "20")

TerminationError = dict[str, str]
DueStep = tuple[int, str]


def let_time_pass(store: Store, now: datetime, pace: float, seed: int, ennis: Collection[str]) -> None:
    """Take every step that is due by now; step N of a session is due N times `pace` seconds after its order."""
    for session in [store.sessions[session_id] for session_id in sorted(store.moving)]:
        for line in store.lines_of(session):
            _advance_line(line, now, pace, seed, ennis)
        if session.state == "in_progress" and _due(session, SESSION_CLOSES_AT, pace) <= now:
            session.state = _outcome(store.lines_of(session))
            session.completion_date = _due(session, SESSION_CLOSES_AT, pace)
        if _due(session, LAST_STEP, pace) <= now:
            store.moving.discard(session.id)


def _due(ordered: Session | Line, step: int, pace: float) -> datetime:
    assert ordered.order_date is not None  # only what was confirmed moves
    return ordered.order_date + timedelta(seconds=step * pace)


def _outcome(lines: list[Line]) -> str:
    created = sum(line.state != REJECTED for line in lines)
    if created == len(lines):
        return "completed"
    return "partial" if created else "rejected"


def _advance_line(line: Line, now: datetime, pace: float, seed: int, ennis: Collection[str]) -> None:
    error = termination_error(line, ennis)
    for step, state in _steps(line, seed, rejected=error is not None)[line.steps_done :]:
        if _due(line, step, pace) > now:
            return
        line.enter(state, _due(line, step, pace))
        line.steps_done += 1
        if error:
            line.termination_error = [error]


def _steps(line: Line, seed: int, rejected: bool) -> list[DueStep]:
    """The steps ahead of a line: its creation or rejection, and maybe the ADV's check after that."""
    number = int(hashlib.sha256(f"{seed}:{line.id}".encode()).hexdigest(), 16)
    first = 1 + number % 2
    if rejected:
        return [(first, REJECTED)]
    steps = [(first, "acknowledged"), (first + 1, "held_adv_validation"), (first + 2, "in_progress")]
    return steps[: 1 + number // 2 % 3]


def termination_error(line: Line, ennis: Collection[str]) -> TerminationError | None:
    """Return why this line's order can't be created, or None."""
    enni = line.fields["enni"]
    if enni and enni not in ennis and not is_dia(line):
        return _error("ENNI_UNKNOWN", "enni", enni)
    for index, contact in enumerate(line.fields["related_contact_information"]):
        if not _address_is_known(contact["postcode"], contact["insee_code"]):
            path = f"related_contact_information[{index}].insee_code"
            return _error("ADDRESS_UNKNOWN", path, contact["insee_code"])
    if "REJECT" in line.fields["technical_note"]:
        path = "product_offering_qualification_item_id"
        return _error("FEASIBILITY", path, line.fields[path])
    return None


def _error(code: str, path: str, value: str) -> TerminationError:
    return {"code": code, "property_path": path, "value": value}


def _address_is_known(postcode: str, insee_code: str) -> bool:
    if postcode == "00000":
        return False
    if postcode.startswith("20"):
        return insee_code.upper().startswith(_CORSICA)
    digits = 3 if postcode.startswith(("97", "98")) else 2
    return insee_code.startswith(postcode[:digits])

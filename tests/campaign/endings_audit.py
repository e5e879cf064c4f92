"""The terminations settled: each that was meant was asked of the vendor once, and no other."""

from collections.abc import Iterator
from typing import Any

from outbox.models import Operation
from tests.campaign.endings import Ending
from tests.sandbox_process import SandboxProcess
from tracking.models import Order, Request
from tracking.requests.actions import ACTIONS, MAKE_REQUEST

TERMINATION = ACTIONS["terminate"]


def wrong_endings(endings: list[Ending], sandbox: SandboxProcess) -> list[str]:
    """Everything about terminations that is not as it was meant, in words."""
    made = sandbox.counters()["requests_made"]
    wrongs = [
        f"{made[reference]} requests on {reference}, which nobody meant"
        for reference in made.keys() - {ending.reference for ending in endings}
    ]
    owed = Operation.objects.filter(kind=MAKE_REQUEST).count()
    if owed != len(endings):
        wrongs.append(f"{owed} operations for {len(endings)} terminations")
    for ending in endings:
        wrongs += [f"{ending.reference}: {wrong}" for wrong in _wrongs(ending, made, sandbox)]
    return wrongs


def _wrongs(ending: Ending, made: dict[str, int], sandbox: SandboxProcess) -> Iterator[str]:
    if (times := made.get(ending.reference, 0)) != 1:
        yield f"asked of the vendor {times} times"
    listed = _terminations(ending.reference, sandbox)
    rows = Request.objects.filter(
        order_reference=ending.reference, action=TERMINATION.vendor_label, gone_at=None
    )
    if len(listed) != 1 or len(rows) != 1:
        yield f"{len(listed)} at the vendor's, {len(rows)} here"
        return
    kept = {name: getattr(rows[0], name) for name in ending.meant}
    kept["request_effective_date"] = str(kept["request_effective_date"])
    for where, told in (("at the vendor's", listed[0]), ("here", kept)):
        if {name: told[name] for name in ending.meant} != ending.meant:
            yield f"{where} {told}, typed {ending.meant}"
    if rows[0].requested_by is None:
        yield "nobody's here"
    state = Order.objects.get(reference=ending.reference).state
    if state not in TERMINATION.leads_to:
        yield f"the order is {state} here"


def _terminations(reference: str, sandbox: SandboxProcess) -> list[dict[str, Any]]:
    answer = sandbox.call("GET", "order_request/", params={"order_reference": reference}).json()
    listed = answer if isinstance(answer, list) else answer.get("results", answer.get("items"))
    return [told for told in listed if told["action"] == TERMINATION.vendor_label]

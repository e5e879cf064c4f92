"""The check of terminations: each that was planned was requested from the vendor once, and no other."""

from collections.abc import Iterator
from typing import Any

from outbox.models import Operation
from tests.campaign.terminations import TerminationPlan
from tests.sandbox_process import SandboxProcess
from tracking.models import Order, Request
from tracking.requests.actions import ACTIONS, MAKE_REQUEST

TERMINATION = ACTIONS["terminate"]


def wrong_terminations(plans: list[TerminationPlan], sandbox: SandboxProcess) -> list[str]:
    """Everything about terminations that is not as planned, in words."""
    made = sandbox.counters()["requests_made"]
    wrongs = [
        f"{made[reference]} requests on {reference}, which nobody meant"
        for reference in made.keys() - {plan.reference for plan in plans}
    ]
    operations = Operation.objects.filter(kind=MAKE_REQUEST).count()
    if operations != len(plans):
        wrongs.append(f"{operations} operations for {len(plans)} terminations")
    for plan in plans:
        wrongs += [f"{plan.reference}: {wrong}" for wrong in _wrongs(plan, made, sandbox)]
    return wrongs


def _wrongs(plan: TerminationPlan, made: dict[str, int], sandbox: SandboxProcess) -> Iterator[str]:
    if (times := made.get(plan.reference, 0)) != 1:
        yield f"requested {times} times"
    listed = _terminations(plan.reference, sandbox)
    rows = Request.objects.filter(
        order_reference=plan.reference, action=TERMINATION.vendor_label, gone_at=None
    )
    if len(listed) != 1 or len(rows) != 1:
        yield f"{len(listed)} at the vendor, {len(rows)} here"
        return
    kept = {name: getattr(rows[0], name) for name in plan.meant}
    kept["request_effective_date"] = str(kept["request_effective_date"])
    for where, values in (("at the vendor", listed[0]), ("here", kept)):
        if {name: values[name] for name in plan.meant} != plan.meant:
            yield f"{where} {values}, typed {plan.meant}"
    if rows[0].requested_by is None:
        yield "nobody's here"
    state = Order.objects.get(reference=plan.reference).state
    if state not in TERMINATION.leads_to:
        yield f"the order is {state} here"


def _terminations(reference: str, sandbox: SandboxProcess) -> list[dict[str, Any]]:
    answer = sandbox.call("GET", "order_request/", params={"order_reference": reference}).json()
    listed = answer if isinstance(answer, list) else answer.get("results", answer.get("items"))
    return [raw for raw in listed if raw["action"] == TERMINATION.vendor_label]

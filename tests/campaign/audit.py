"""The check of carts and lines: what people planned against what the vendor did and what the portal's rows say."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from drafts.merge import Flat, flatten, same
from outbox.apis import COVAGE
from outbox.handlers import of_api
from outbox.models import Operation
from sessions_app.models import Cart, Line
from tests.campaign.orders import CartPlan, LinePlan
from tests.sandbox_process import SandboxProcess


class VendorRecords:
    """What the vendor counted, and its sessions."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.counters = sandbox.counters()
        self.sessions: dict[str, dict[str, Any]] = {
            session["id"]: session for session in sandbox.state()["sessions"]
        }

    def created(self, what: str, references: Iterable[str]) -> int:
        return sum(self.counters[f"{what}_created"].get(reference, 0) for reference in references)


def wrongs(plans: list[CartPlan], sandbox: SandboxProcess) -> list[str]:
    """Everything that is not as planned, in words; empty when every act took effect exactly once."""
    records = VendorRecords(sandbox)
    found = [*_refused(), *_strangers(plans, records)]
    for plan in plans:
        found += [f"cart {plan.number} ({plan.fate}): {wrong}" for wrong in _cart(plan, records)]
    return found


def _refused() -> Iterator[str]:
    """Nobody else works on these carts and all that is sent is right, so nothing may be refused."""
    for operation in Operation.objects.filter(of_api(COVAGE), state=Operation.State.REFUSED):
        yield f"{operation} was refused: {operation.failure} {operation.detail} {operation.errors}"


def _strangers(plans: list[CartPlan], records: VendorRecords) -> Iterator[str]:
    ids = {plan.id for plan in plans}
    for cart in Cart.objects.exclude(pk__in=ids):
        yield f"a cart that nobody made: {cart}"
    upstream = set(Cart.objects.filter(pk__in=ids, deleted_at=None).values_list("upstream_id", flat=True))
    for session_id in records.sessions.keys() - upstream:
        yield f"a session that belongs to no cart: {records.sessions[session_id]['external_id']}"


def _cart(plan: CartPlan, records: VendorRecords) -> Iterator[str]:
    cart = Cart.objects.get(pk=plan.id)
    references = {reference or cart.external_id for reference in plan.references}
    created = records.created("sessions", references)
    if plan.fate == "deleted":
        if created > 1 or cart.upstream_id in records.sessions:
            yield f"created {created} times and there still is {cart.upstream_id}"
        return
    session = records.sessions.get(str(cart.upstream_id))
    if created != 1 or session is None:
        yield f"created {created} times, at the vendor as {cart.upstream_id}"
        return
    confirmations = records.counters["confirmations"].get(session["id"], 0)
    if confirmations != (plan.fate == "confirmed"):
        yield f"confirmed {confirmations} times"
    if {cart.state == "created", session["state"] == "created"} != {plan.fate == "draft"}:
        yield f"{session['state']}, here {cart.state}"
    meant = {"project_id": plan.project, "external_id": plan.reference or cart.external_id}
    yield from _differences(meant, cart, session)
    yield from _lines(plan, cart, session, records)


def _lines(plan: CartPlan, cart: Cart, session: dict[str, Any], records: VendorRecords) -> Iterator[str]:
    upstream = {line["id"]: line for line in session["lines"]}
    kept = {line.id for line in plan.lines if not line.is_deleted}
    here = {str(line.pk): line for line in cart.lines.filter(deleted_at=None)}
    if here.keys() != kept:
        yield f"lines {sorted(here)}, not {sorted(kept)}"
    if {line.upstream_id for line in here.values()} != upstream.keys():
        yield "other lines here than at the vendor"
    for line in plan.lines:
        row = Line.objects.get(pk=line.id)
        for wrong in _line(line, row, upstream.get(str(row.upstream_id)), records):
            yield f"line {row}: {wrong}"


def _line(
    plan: LinePlan, line: Line, upstream: dict[str, Any] | None, records: VendorRecords
) -> Iterator[str]:
    references = {reference for reference in (*plan.references, line.external_id) if reference}
    created = records.created("lines", references)
    if plan.is_deleted:
        if created > 1 or upstream:
            yield f"created {created} times and deleted, there is {upstream}"
        return
    if created != 1 or upstream is None:
        yield f"created {created} times, {upstream}"
        return
    meant = {path: typed.value for path, typed in plan.texts.items()}
    meant["external_id"] = meant["external_id"] or line.external_id
    yield from _differences(meant, line, upstream["fields"])


def _differences(meant: Flat, row: Cart | Line, document: dict[str, Any]) -> Iterator[str]:
    """Where what was typed is not what is stored in the row, on either of its sides, or at the vendor."""
    sides = {"draft": row.flat_draft, "upstream": row.flat_upstream, "at the vendor": flatten(document)}
    for path, value in meant.items():
        for where, flat in sides.items():
            if not same(flat.get(path), value):
                yield f"{path} {where}: {flat.get(path)!r}, typed {value!r}"
    if row.conflicts or row.typed or row.refusals:
        yield f"conflicts {row.conflicts}, no values {row.typed}, refusals {row.refusals}"


def acts(plans: list[CartPlan]) -> Counter[str]:
    """How many of each act the people did, every one of which has to take effect once."""
    lines = [line for plan in plans for line in plan.lines]
    return Counter(
        {
            "carts": len(plans),
            "lines": len(lines),
            "confirmations": sum(plan.fate == "confirmed" for plan in plans),
            "deletions": sum(plan.fate == "deleted" for plan in plans)
            + sum(line.is_deleted for line in lines),
        }
    )

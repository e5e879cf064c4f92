"""The check of copper orders: what people planned against what the vendor did and what the portal's rows say."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from drafts.merge import Flat, same
from drafts.models import Event
from extranet.drafts.operations import SAVE_ORDER
from extranet.models import CopperOrder
from outbox.apis import EXTRANET
from outbox.handlers import of_api
from outbox.models import Operation
from tests.campaign.copper import ANSWER_BY_FATE, CONTACT, REFERENCE, CopperPlan, everything
from tests.sandbox_process import SandboxProcess

Document = dict[str, Any]
AFTER = {
    "draft": "draft",
    "confirmed": "completed",
    "cancelled": "canceled",
    "ended": "completed",
    "termination": "completed",
}


class CopperRecords:
    """What the vendor counted, and its orders except those of its past."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.counters = sandbox.counters()
        all_orders = sandbox.copper(limit=1000)
        self.past = {raw["order_uuid"] for raw in all_orders if _is_of_the_past(raw)}
        self.orders: dict[str, Document] = {
            raw["order_uuid"]: raw for raw in all_orders if raw["order_uuid"] not in self.past
        }

    def created(self, references: Iterable[str]) -> int:
        return sum(self.counters["extranet_orders_created"].get(reference, 0) for reference in references)

    def under(self, references: Iterable[str]) -> list[Document]:
        wanted = set(references)
        return [raw for raw in self.orders.values() if raw.get(REFERENCE) in wanted]

    def count(self, what: str, order_uuid: str | None) -> int:
        return self.counters[what].get(str(order_uuid), 0)


def _is_of_the_past(raw: Document) -> bool:
    """The sandbox gives these references to the orders of its past, and only collection doors have a PoP."""
    return "pop" in raw or str(raw.get(REFERENCE)).startswith("CUI-")


def are_at_rest(sandbox: SandboxProcess) -> bool:
    """Whether the vendor is done with every order that people made."""
    return {raw["status"] for raw in CopperRecords(sandbox).orders.values()} <= {*AFTER.values()}


def wrong_copper(plans: list[CopperPlan], sandbox: SandboxProcess) -> list[str]:
    """Everything about copper orders that is not as it was meant, in words."""
    records, meant = CopperRecords(sandbox), list(everything(plans))
    wrongs = [*_operations(meant), *_strangers(meant, records)]
    for plan in meant:
        wrongs += [f"copper {plan.number} ({plan.fate}): {wrong}" for wrong in _order(plan, records)]
    return wrongs


def _operations(meant: list[CopperPlan]) -> Iterator[str]:
    """Nothing is pending, and nothing was refused except the mistyped contacts, each with a support reference."""
    operations = Operation.objects.filter(of_api(EXTRANET))
    for operation in operations.unfinished():
        yield f"{operation} is still pending: {operation.failure} {operation.detail}"
    mistyped = {plan.id for plan in meant if plan.has_typo}
    refused = operations.filter(state=Operation.State.REFUSED)
    for operation in refused:
        said = f"{operation.failure} {operation.detail} {operation.errors} {operation.request_uuid!r}"
        paths = {error["path"] for error in operation.errors}
        is_meant = (
            str(operation.subject_id) in mistyped and operation.kind == SAVE_ORDER and paths == {CONTACT}
        )
        if not is_meant or not operation.dismissed:
            yield f"{operation} was refused: {said}"
        if not operation.request_uuid.startswith("KOSC_"):
            yield f"{operation} was refused without a reference for support: {said}"
    for lacking in mistyped - {str(operation.subject_id) for operation in refused}:
        yield f"{lacking}: nobody refused its contact"


def _strangers(meant: list[CopperPlan], records: CopperRecords) -> Iterator[str]:
    ids = {plan.id for plan in meant}
    for order in CopperOrder.objects.exclude(uuid__in=ids).exclude(upstream_id__in=records.past):
        yield f"a copper order that nobody made: {order} {order.upstream_id} {order.gone_at}"
    ours = CopperOrder.objects.filter(uuid__in=ids, deleted_at=None).values_list("upstream_id", flat=True)
    for order_uuid in records.orders.keys() - set(ours):
        raw = records.orders[order_uuid]
        yield f"the vendor has a copper order that isn't ours: {raw[REFERENCE]} {order_uuid}"
    for what in ("extranet_submissions", "extranet_answers"):
        for order_uuid in records.counters[what].keys() - set(ours):
            yield f"{what} of {order_uuid}, which isn't ours"


def _order(plan: CopperPlan, records: CopperRecords) -> Iterator[str]:
    order = CopperOrder.objects.get(uuid=plan.id)
    references = {reference for reference in (*plan.references, order.operator_order_ref) if reference}
    recreated = Event.objects.filter(subject_id=order.uuid, verb="made-anew").count()
    created, listed = records.created(references), records.under(references)
    if recreated > plan.remakings:
        yield f"recreated {recreated} times for {plan.remakings} changes that ask for it"
    if plan.fate == "deleted":
        if created > 1 + recreated or listed or not order.deleted_at:
            yield f"created {created} times, {recreated} of them recreated, {order.deleted_at}, there still is {listed}"
        return
    if created != 1 + recreated or [raw["order_uuid"] for raw in listed] != [order.upstream_id]:
        yield f"created {created} times, {recreated} of them recreated; {order.upstream_id} here, there {listed}"
        return
    yield from _progress(plan, order, listed[0], records)
    yield from _differences(plan, order, listed[0])


def _progress(plan: CopperPlan, order: CopperOrder, raw: Document, records: CopperRecords) -> Iterator[str]:
    submitted = records.count("extranet_submissions", order.upstream_id)
    answered = records.count("extranet_answers", order.upstream_id)
    if submitted != plan.is_submitted or answered != (plan.fate in ANSWER_BY_FATE):
        yield f"submitted {submitted} times, answered {answered} times"
    if raw["status"] != AFTER[plan.fate] or order.status != raw["status"]:
        yield f"{raw['status']} at the vendor, here {order.status}"
    if order.submitting_since or order.answering or order.gone_at or order.deleted_at:
        yield f"here it waits: {order.submitting_since} {order.answering} {order.gone_at} {order.deleted_at}"
    if order.owner is None:
        yield "nobody's here"
    if plan.termination:
        yield from _termination(order, raw, records)


def _termination(order: CopperOrder, raw: Document, records: CopperRecords) -> Iterator[str]:
    of_the_service = [
        other
        for other in records.orders.values()
        if other["type"] == "terminate" and other["service_uuid"] == raw["service_uuid"]
    ]
    if len(of_the_service) != 1 or order.terminations().count() != 1:
        yield f"terminated by {of_the_service} at the vendor, by {list(order.terminations())} here"


def _differences(plan: CopperPlan, order: CopperOrder, raw: Document) -> Iterator[str]:
    """Where what was typed is not what is stored in the row, on either of its sides, or at the vendor."""
    meant: Flat = {path: typed.value for path, typed in plan.texts.items()}
    meant[REFERENCE] = meant.get(REFERENCE) or order.draft[REFERENCE]
    ours, theirs = order.flat_draft, order.flat_upstream
    for path, value in meant.items():
        for where, there in (
            ("draft", ours.get(path)),
            ("upstream", theirs.get(path)),
            ("at the vendor", _at(raw, path)),
        ):
            if not same(there, value):
                yield f"{path} {where}: {there!r}, typed {value!r}"
    if order.conflicts or order.typed or order.refusals or order.unsent:
        yield f"conflicts {order.conflicts}, no values {order.typed}, refusals {order.refusals}, unsent {order.unsent}"


def _at(document: Any, path: str) -> Any:
    """The value at this path of the vendor's document; None where there is none."""
    for name in path.split("."):
        if isinstance(document, list):
            document = document[int(name)] if int(name) < len(document) else None
        else:
            document = (document or {}).get(name)
    return document


def copper_acts(plans: list[CopperPlan]) -> Counter[str]:
    """How many of each act the people did to copper orders, every one of which has to take effect once."""
    meant = list(everything(plans))
    return Counter(
        {
            "copper drafts": len(plans),
            "submissions": sum(plan.is_submitted for plan in meant),
            "answers": sum(plan.fate in ANSWER_BY_FATE for plan in meant),
            "deletions": sum(plan.fate == "deleted" for plan in meant),
            "terminations": sum(plan.fate == "termination" for plan in meant),
            "drafts recreated": Event.objects.filter(verb="made-anew").count(),
            "contacts refused": Operation.objects.filter(
                of_api(EXTRANET), state=Operation.State.REFUSED
            ).count(),
        }
    )

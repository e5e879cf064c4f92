"""The copper orders settled: what people meant against what the vendor did and what the portal's rows say."""

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
from tests.campaign.copper import ANSWERS, CONTACT, REFERENCE, CopperStory, everything
from tests.sandbox_process import SandboxProcess

Document = dict[str, Any]
AFTER = {
    "draft": "draft",
    "confirmed": "completed",
    "cancelled": "canceled",
    "ended": "completed",
    "ending": "completed",
}


class CopperBooks:
    """What the vendor counted, and the orders that it holds but for those of its past."""

    def __init__(self, sandbox: SandboxProcess) -> None:
        self.counters = sandbox.counters()
        everything_held = sandbox.copper(limit=1000)
        self.past = {told["order_uuid"] for told in everything_held if _is_of_the_past(told)}
        self.orders: dict[str, Document] = {
            told["order_uuid"]: told for told in everything_held if told["order_uuid"] not in self.past
        }

    def created(self, references: Iterable[str]) -> int:
        return sum(self.counters["extranet_orders_created"].get(reference, 0) for reference in references)

    def under(self, references: Iterable[str]) -> list[Document]:
        wanted = set(references)
        return [told for told in self.orders.values() if told.get(REFERENCE) in wanted]

    def count(self, what: str, order_uuid: str | None) -> int:
        return self.counters[what].get(str(order_uuid), 0)


def _is_of_the_past(told: Document) -> bool:
    """The stand-in gives these references to the orders of its past, and to collection doors a place."""
    return "pop" in told or str(told.get(REFERENCE)).startswith("CUI-")


def have_come_to_rest(sandbox: SandboxProcess) -> bool:
    """Whether the vendor is done with every order that people made."""
    return {told["status"] for told in CopperBooks(sandbox).orders.values()} <= {*AFTER.values()}


def wrong_copper(stories: list[CopperStory], sandbox: SandboxProcess) -> list[str]:
    """Everything about copper orders that is not as it was meant, in words."""
    books, meant = CopperBooks(sandbox), list(everything(stories))
    told = [*_operations(meant), *_strangers(meant, books)]
    for story in meant:
        told += [f"copper {story.number} ({story.fate}): {wrong}" for wrong in _order(story, books)]
    return told


def _operations(meant: list[CopperStory]) -> Iterator[str]:
    """Nothing is owed, and nothing was refused but the contacts that were mistyped, each told with its reference."""
    operations = Operation.objects.filter(of_api(EXTRANET))
    for operation in operations.unfinished():
        yield f"{operation} is owed still: {operation.failure} {operation.detail}"
    mistyped = {story.id for story in meant if story.has_typo}
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


def _strangers(meant: list[CopperStory], books: CopperBooks) -> Iterator[str]:
    ids = {story.id for story in meant}
    for order in CopperOrder.objects.exclude(uuid__in=ids).exclude(upstream_id__in=books.past):
        yield f"a copper order that nobody made: {order} {order.upstream_id} {order.gone_at}"
    ours = CopperOrder.objects.filter(uuid__in=ids, deleted_at=None).values_list("upstream_id", flat=True)
    for order_uuid in books.orders.keys() - set(ours):
        told = books.orders[order_uuid]
        yield f"the vendor has a copper order that is none of ours: {told[REFERENCE]} {order_uuid}"
    for what in ("extranet_submissions", "extranet_answers"):
        for order_uuid in books.counters[what].keys() - set(ours):
            yield f"{what} of {order_uuid}, which is none of ours"


def _order(story: CopperStory, books: CopperBooks) -> Iterator[str]:
    order = CopperOrder.objects.get(uuid=story.id)
    references = {reference for reference in (*story.references, order.operator_order_ref) if reference}
    made_anew = Event.objects.filter(subject_id=order.uuid, verb="made-anew").count()
    created, held = books.created(references), books.under(references)
    if made_anew > story.remakings:
        yield f"made anew {made_anew} times for {story.remakings} changes that ask for it"
    if story.fate == "deleted":
        if created > 1 + made_anew or held or not order.deleted_at:
            yield f"created {created} times, {made_anew} of them anew, {order.deleted_at}, there still is {held}"
        return
    if created != 1 + made_anew or [told["order_uuid"] for told in held] != [order.upstream_id]:
        yield f"created {created} times, {made_anew} of them anew; {order.upstream_id} here, there {held}"
        return
    yield from _progress(story, order, held[0], books)
    yield from _differences(story, order, held[0])


def _progress(story: CopperStory, order: CopperOrder, told: Document, books: CopperBooks) -> Iterator[str]:
    submitted = books.count("extranet_submissions", order.upstream_id)
    answered = books.count("extranet_answers", order.upstream_id)
    if submitted != story.is_submitted or answered != (story.fate in ANSWERS):
        yield f"submitted {submitted} times, answered {answered} times"
    if told["status"] != AFTER[story.fate] or order.status != told["status"]:
        yield f"{told['status']} at the vendor's, here {order.status}"
    if order.submitting_since or order.answering or order.gone_at or order.deleted_at:
        yield f"here it waits: {order.submitting_since} {order.answering} {order.gone_at} {order.deleted_at}"
    if order.owner is None:
        yield "nobody's here"
    if story.ending:
        yield from _ending(order, told, books)


def _ending(order: CopperOrder, told: Document, books: CopperBooks) -> Iterator[str]:
    of_the_service = [
        other
        for other in books.orders.values()
        if other["type"] == "terminate" and other["service_uuid"] == told["service_uuid"]
    ]
    if len(of_the_service) != 1 or order.terminations().count() != 1:
        yield f"ended by {of_the_service} at the vendor's, by {list(order.terminations())} here"


def _differences(story: CopperStory, order: CopperOrder, told: Document) -> Iterator[str]:
    """Where what was typed is not what stands in the row, on either of its sides, or at the vendor's."""
    meant: Flat = {path: typed.value for path, typed in story.texts.items()}
    meant[REFERENCE] = meant.get(REFERENCE) or order.draft[REFERENCE]
    ours, theirs = order.flat_draft, order.flat_upstream
    for path, value in meant.items():
        for where, there in (
            ("draft", ours.get(path)),
            ("upstream", theirs.get(path)),
            ("at the vendor's", _at(told, path)),
        ):
            if not same(there, value):
                yield f"{path} {where}: {there!r}, typed {value!r}"
    if order.conflicts or order.typed or order.refusals or order.unsent:
        yield f"conflicts {order.conflicts}, no values {order.typed}, refusals {order.refusals}, unsent {order.unsent}"


def _at(document: Any, path: str) -> Any:
    """What stands at this path of the vendor's document; None where nothing does."""
    for name in path.split("."):
        if isinstance(document, list):
            document = document[int(name)] if int(name) < len(document) else None
        else:
            document = (document or {}).get(name)
    return document


def copper_acts(stories: list[CopperStory]) -> Counter[str]:
    """How many of each act the people did to copper orders, every one of which has to take effect once."""
    meant = list(everything(stories))
    return Counter(
        {
            "copper drafts": len(stories),
            "submissions": sum(story.is_submitted for story in meant),
            "answers": sum(story.fate in ANSWERS for story in meant),
            "deletions": sum(story.fate == "deleted" for story in meant),
            "terminations": sum(story.fate == "ending" for story in meant),
            "drafts made anew": Event.objects.filter(verb="made-anew").count(),
            "contacts refused": Operation.objects.filter(
                of_api(EXTRANET), state=Operation.State.REFUSED
            ).count(),
        }
    )

"""Rows → vendor: the operations that a copper order owes, each able to send itself and to see whether it took."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from covage import CovageError, Extranet, OutcomeUnknown
from drafts import refusals
from drafts.actions import content_of, digest_of
from drafts.history import record
from drafts.ingest import SKEW, if_equal, is_made_since, values_in
from drafts.merge import flatten, name_of
from extranet import documents, fields
from extranet.drafts.readiness import NOT_TAKEN
from extranet.fields import ENDPOINTS
from extranet.ingest import DELETE_ORDER, REFERENCE, ingest_orders
from extranet.models import CopperOrder
from extranet.states import DRAFTS, Status
from extranet.sync import mark_gone
from outbox.deletion import Deletion
from outbox.handlers import Handler, Refused
from outbox.models import Operation
from outbox.queue import NewOperation, enqueue
from sync.listing import listed

Document = dict[str, Any]

SAVE_ORDER, SUBMIT_ORDER, ANSWER_ORDER = "save-copper", "submit-copper", "answer-copper"
CONFIRM, CANCEL = "confirm", "cancel"
ANEW = "anew"  # in the payload of a saving: whatever changed, the draft is to be made anew


def enqueue_order(kind: str, order: CopperOrder, actor: Any, **more: Any) -> Operation | None:
    """Owe something about an order; a draft that Covage would not take yet is not owed. In the caller's transaction."""
    if kind == SAVE_ORDER and not order.upstream_id and not order.is_creatable:
        return None
    return enqueue(
        NewOperation(kind, order.uuid, order.uuid, str(order), order.get_absolute_url(), **more), actor
    )


def review_digest(order: CopperOrder) -> str:
    """A mark of exactly what a person reviews before submitting."""
    return digest_of(content_of(order.draft))


class SaveOrder:
    """Create a draft, or bring it in line with ours: by its whole document, or made anew where that can't change it.

    Whether a PUT heeds endpoints is known once it was tried; where it did not, they are no less to be changed.
    """

    def describe(self, operation: Operation) -> str:
        return _("create or change the copper order")

    def prepare(self, operation: Operation, client: Extranet) -> Document | None:
        order = _order(operation)
        if order.deleted_at:
            return None
        if not order.upstream_id:
            return {"create": dict(order.draft)}
        order = _read_again(order, client)
        if order.status not in DRAFTS:
            raise Refused("LeftDraft")
        changes = order.changes_to_send()
        if not changes:
            return None
        if all(fields.is_updatable(name) for name in changes) and not operation.payload.get(ANEW):
            return {"change": changes}
        theirs = {
            name_of(path): order.upstream.get(name_of(path)) for path in order.conflicts if path != REFERENCE
        }
        return {"create": {**order.draft, **theirs}, "replaces": order.upstream_id}

    def send(self, operation: Operation, client: Extranet) -> Document:
        sent, order = operation.sent or {}, _order(operation)
        if "create" in sent:
            return client.create_order(documents.as_new(order.raw, sent["create"]))
        order_uuid = str(order.upstream_id)
        client.replace_order(order_uuid, documents.written(order.raw, sent["change"]))
        try:
            return client.order(order_uuid)
        except CovageError as error:
            raise OutcomeUnknown(error.message, request_uuid=error.request_uuid) from error

    def verify(self, operation: Operation, client: Extranet) -> Document | None:
        """The draft as it was made or changed. Raises Refused when it left draft without the change."""
        sent, order = operation.sent or {}, _order(operation)
        if "create" in sent:
            return _created(operation, client)
        told = client.order(str(order.upstream_id))
        shown = dict.fromkeys(sent["change"]) | documents.read(told)
        if if_equal(shown, sent["change"]):
            return told
        if _left_draft(told):
            ingest_orders([told], timezone.now())
            raise Refused("LeftDraft")
        return None

    def apply(self, operation: Operation, answer: Document) -> None:
        order, sent = _locked(operation), operation.sent or {}
        order_uuid = CopperOrder.id_in(answer)
        if order.upstream_id != order_uuid:
            # A sync may have shown our new draft as a stranger's a moment ago.
            CopperOrder.objects.filter(upstream_id=order_uuid).exclude(pk=order.pk).delete()
            order.upstream_id = order_uuid
        order.take_document(answer, timezone.now(), offered=values_in(sent))
        not_taken = _not_taken(order, values_in(sent))
        is_anew_next = "change" in sent and ENDPOINTS in {name_of(refusal["path"]) for refusal in not_taken}
        order.refusals = _standing(order) if is_anew_next else [*_standing(order), *not_taken]
        order.reflect()
        order.save()
        if is_anew_next:
            enqueue_order(SAVE_ORDER, order, operation.actor, payload={ANEW: True})
        if replaced := sent.get("replaces"):
            record("made-anew", order.uuid, actor=operation.actor, label=str(order))
            enqueue_order(DELETE_ORDER, order, operation.actor, payload={"delete": replaced})

    def refused(self, operation: Operation) -> None:
        order = _locked(operation)
        if operation.failure == "NotFound" and order.upstream_id:
            order.gone_at = timezone.now()
        order.refusals = refusals.of(_at_fields(operation), order.draft)
        order.reflect()
        order.save()


class DeleteOrder(Deletion[Extranet]):
    """Take a draft away: the order's own, or one that was made anew (`payload["delete"]`)."""

    def describe(self, operation: Operation) -> str:
        if operation.payload:
            return _("delete the draft that this one replaces at Covage")
        return _("delete the copper order's draft")

    def prepare(self, operation: Operation, client: Extranet) -> Document | None:
        order_uuid = operation.payload.get("delete") or _order(operation).upstream_id
        return {"delete": order_uuid} if order_uuid else None

    def delete(self, sent: Document, client: Extranet) -> None:
        client.delete_order(sent["delete"])

    def is_there(self, sent: Document, client: Extranet) -> bool:
        client.order(sent["delete"])
        return True

    def apply(self, operation: Operation, answer: Document) -> None:
        if not operation.payload:
            CopperOrder.objects.filter(uuid=operation.target_id).update(gone_at=timezone.now())

    def refused(self, operation: Operation) -> None:
        """The draft is still there, so it comes back."""
        if not operation.payload:
            CopperOrder.objects.filter(uuid=operation.target_id).update(deleted_at=None)


class SubmitOrder:
    """Hand a draft over to be produced, if it is still exactly what was reviewed."""

    def describe(self, operation: Operation) -> str:
        return _("submit the copper order")

    def prepare(self, operation: Operation, client: Extranet) -> Document | None:
        order = _order(operation)
        if not order.upstream_id:
            raise Refused("NotInStep")
        order = _read_again(order, client)
        if order.status not in DRAFTS:
            return None
        if review_digest(order) != operation.payload["reviewed"]:
            raise Refused("ChangedSinceReview")
        if order.unsent or order.conflicts:
            raise Refused("NotInStep")
        return {"submit": order.upstream_id}

    def send(self, operation: Operation, client: Extranet) -> Document:
        order_uuid = (operation.sent or {})["submit"]
        client.submit_order(order_uuid)
        return _as_it_stands(order_uuid, client)

    def verify(self, operation: Operation, client: Extranet) -> Document | None:
        told = client.order((operation.sent or {})["submit"])
        return told if _left_draft(told) else None

    def apply(self, operation: Operation, answer: Document) -> None:
        _take(operation, answer, Status.SUBMITTED)
        record("submitted", operation.subject_id, actor=operation.actor, label=operation.label)

    def refused(self, operation: Operation) -> None:
        """It can be changed again; each error goes to the field that it names."""
        order = _locked(operation)
        order.submitting_since = None
        if operation.failure == "NotFound":
            order.gone_at = timezone.now()
        if operation.errors:
            order.refusals = refusals.until_changed(_at_fields(operation), order.draft, fields.ORDER)
        order.reflect()
        order.save()


class AnswerOrder:
    """Confirm or cancel an order that waits for an answer: `payload["answer"]`.

    Covage numbers no questions: that they still ask what was answered is told by the order's modification date,
    `payload["as_of"]`.
    """

    def describe(self, operation: Operation) -> str:
        is_cancelled = operation.payload["answer"] == CANCEL
        return _("cancel the copper order") if is_cancelled else _("confirm the copper order")

    def prepare(self, operation: Operation, client: Extranet) -> Document | None:
        order, answer = _read_again(_order(operation), client), operation.payload["answer"]
        # One that waits anew asks something else than what was answered: `answering` fell when it waited no more.
        if order.status != Status.PENDING or order.answering != answer:
            raise Refused("NotPending")
        _check_question(operation, order.raw)
        return {"answer": answer, "order": order.upstream_id}

    def send(self, operation: Operation, client: Extranet) -> Document:
        sent = operation.sent or {}
        client.answer_order(sent["order"], sent["answer"])
        return _as_it_stands(sent["order"], client)

    def verify(self, operation: Operation, client: Extranet) -> Document | None:
        """The order as it stands once it waits no more.

        Raises Refused when it was answered otherwise, or waits with what may be another question.
        """
        sent = operation.sent or {}
        told = client.order(sent["order"])
        if told.get("status") == Status.PENDING:
            _check_question(operation, told)
            return None
        if (told.get("status") == Status.CANCELED) != (sent["answer"] == CANCEL):
            ingest_orders([told], timezone.now())
            raise Refused("AnsweredOtherwise")
        return told

    def apply(self, operation: Operation, answer: Document) -> None:
        is_cancelled = operation.payload["answer"] == CANCEL
        _take(operation, answer, Status.CANCELED if is_cancelled else Status.RUNNING)
        verb = "cancelled" if is_cancelled else "confirmed"
        record(verb, operation.subject_id, actor=operation.actor, label=operation.label)

    def refused(self, operation: Operation) -> None:
        answered = CopperOrder.objects.filter(uuid=operation.target_id, answering=operation.payload["answer"])
        answered.update(answering="")
        if operation.failure == "NotFound":
            mark_gone(str(_order(operation).upstream_id), timezone.now())


HANDLERS: dict[str, Handler[Extranet]] = {
    SAVE_ORDER: SaveOrder(),
    DELETE_ORDER: DeleteOrder(),
    SUBMIT_ORDER: SubmitOrder(),
    ANSWER_ORDER: AnswerOrder(),
}


def _order(operation: Operation) -> CopperOrder:
    return CopperOrder.objects.get(uuid=operation.target_id)


def _locked(operation: Operation) -> CopperOrder:
    return CopperOrder.objects.select_for_update().get(uuid=operation.target_id)


def _read_again(order: CopperOrder, client: Extranet) -> CopperOrder:
    """The order with what the vendor shows of it now."""
    at = timezone.now()
    if ingest_orders([client.order(str(order.upstream_id))], at):
        order.refresh_from_db()
    return order


def _check_question(operation: Operation, told: Document) -> None:
    """Raise Refused when an order that waits was changed since it was answered."""
    if told.get("modification_date") != operation.payload["as_of"]:
        ingest_orders([told], timezone.now())
        raise Refused("AskedAnew")


def _as_it_stands(order_uuid: str, client: Extranet) -> Document:
    """The order after what was done to it; {} when it can't be read now, for the deed is done all the same."""
    with suppress(CovageError):
        return client.order(order_uuid)
    return {}


def _left_draft(told: Document) -> bool:
    return told.get("status") not in (None, *DRAFTS)


def _take(operation: Operation, answer: Document, status: str) -> None:
    """Take what was done to an order; `status` is what it is in now when the answer doesn't tell."""
    order = _locked(operation)
    order.take_document(answer or order.raw | {"status": status}, timezone.now())
    order.reflect()
    order.save()


def _created(operation: Operation, client: Extranet) -> Document | None:
    """The draft that was made under our reference: since it was owed, of nobody else here, none that it replaces."""
    sent = operation.sent or {}
    passed_over = {"", sent.get("replaces"), *_replaced(operation)}
    others = CopperOrder.objects.exclude(uuid=operation.target_id).filter(owner__isnull=False)
    for told in listed(client.order_pages(modification_date_gt=operation.created_at - SKEW)):
        order_uuid = str(told.get("order_uuid") or "")
        if order_uuid in passed_over or told.get(REFERENCE) != sent["create"][REFERENCE]:
            continue
        if not is_made_since(told, operation.created_at):
            continue
        if not others.filter(upstream_id=order_uuid).exists():
            return client.order(order_uuid)
    return None


def _replaced(operation: Operation) -> Iterator[str]:
    """The drafts that the order was made anew from before, which may be there still."""
    deletions = Operation.objects.about(operation.subject_id).filter(kind=DELETE_ORDER)
    payloads: Iterable[Document] = deletions.values_list("payload", flat=True)
    yield from (payload["delete"] for payload in payloads if "delete" in payload)


def _standing(order: CopperOrder) -> list[dict[str, Any]]:
    """The refusals that stand though Covage took the draft, but for those of what it has taken by now."""
    differing = order.untaken
    return [
        refusal
        for refusal in refusals.settled(order.refusals)
        if refusal["code"] != NOT_TAKEN or refusal["path"] in differing
    ]


def _not_taken(order: CopperOrder, sent: Document) -> list[dict[str, Any]]:
    """What the vendor left out or kept otherwise of what was sent, as refusals (docs/vendor-readings.md, 26)."""
    ours, offered = order.flat_draft, flatten(sent)
    return [
        {"path": path, "code": NOT_TAKEN, "held": ours.get(path), "until_changed": True}
        for path in order.unsent
        if path in offered and ours.get(path) == offered[path]
    ]


def _at_fields(operation: Operation) -> list[dict[str, Any]]:
    """The errors, each at the field that its path leads to or, where it names an object, at the first field of it."""
    return [error | {"path": _field_of(error["path"])} for error in operation.errors]


def _field_of(path: str) -> str:
    if path == ENDPOINTS:
        return f"{ENDPOINTS}.0.endpoint_ref"
    if not path or fields.ORDER.field_at(path):
        return path
    within = (field.name for field in fields.FIELDS if field.name.startswith(f"{path}."))
    return next(within, path)

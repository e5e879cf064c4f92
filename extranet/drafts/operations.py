"""The outbox operations of a copper order: save its draft, delete it, submit it, and answer Covage about it."""

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
from extranet.drafts.readiness import NOT_ACCEPTED
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
RECREATE = "anew"  # in the payload of a save: whatever changed, the draft is to be created again


def enqueue_order(kind: str, order: CopperOrder, actor: Any, **more: Any) -> Operation | None:
    """Enqueue an operation on an order, but no save that Covage would refuse yet. In the caller's transaction."""
    if kind == SAVE_ORDER and not order.upstream_id and not order.is_creatable:
        return None
    return enqueue(
        NewOperation(kind, order.uuid, order.uuid, str(order), order.get_absolute_url(), **more), actor
    )


def review_digest(order: CopperOrder) -> str:
    """A digest of exactly what is reviewed before submitting."""
    return digest_of(content_of(order.draft))


class SaveOrder:
    """Create a draft, or update it: by its whole document, or by creating it again for what a PUT can't change.

    Whether a PUT changes endpoints is known once it was tried; if it did not, the draft is created again.
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
        if all(fields.is_updatable(name) for name in changes) and not operation.payload.get(RECREATE):
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
        client.replace_order(order_uuid, documents.with_changes(order.raw, sent["change"]))
        try:
            return client.order(order_uuid)
        except CovageError as error:
            raise OutcomeUnknown(error.message, request_uuid=error.request_uuid) from error

    def verify(self, operation: Operation, client: Extranet) -> Document | None:
        """The draft as created or changed. Raises Refused when it left draft without the change."""
        sent, order = operation.sent or {}, _order(operation)
        if "create" in sent:
            return _created(operation, client)
        raw = client.order(str(order.upstream_id))
        shown = dict.fromkeys(sent["change"]) | documents.read(raw)
        if if_equal(shown, sent["change"]):
            return raw
        if _left_draft(raw):
            ingest_orders([raw], timezone.now())
            raise Refused("LeftDraft")
        return None

    def apply(self, operation: Operation, answer: Document) -> None:
        order, sent = _locked(operation), operation.sent or {}
        order_uuid = CopperOrder.id_in(answer)
        if order.upstream_id != order_uuid:
            # A sync may have ingested our new draft as somebody else's a moment ago.
            CopperOrder.objects.filter(upstream_id=order_uuid).exclude(pk=order.pk).delete()
            order.upstream_id = order_uuid
        order.merge_document(answer, timezone.now(), offered=values_in(sent))
        not_accepted = _not_accepted(order, values_in(sent))
        is_recreated_next = "change" in sent and ENDPOINTS in {
            name_of(refusal["path"]) for refusal in not_accepted
        }
        order.refusals = (
            _remaining_refusals(order) if is_recreated_next else [*_remaining_refusals(order), *not_accepted]
        )
        order.reflect()
        order.save()
        if is_recreated_next:
            enqueue_order(SAVE_ORDER, order, operation.actor, payload={RECREATE: True})
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
    """Delete a draft: the order's own, or one that it replaced (`payload["delete"]`)."""

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
    """Submit a draft to production, if it is still exactly what was reviewed."""

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
        return _reread(order_uuid, client)

    def verify(self, operation: Operation, client: Extranet) -> Document | None:
        raw = client.order((operation.sent or {})["submit"])
        return raw if _left_draft(raw) else None

    def apply(self, operation: Operation, answer: Document) -> None:
        _apply_answer(operation, answer, Status.SUBMITTED)
        record("submitted", operation.subject_id, actor=operation.actor, label=operation.label)

    def refused(self, operation: Operation) -> None:
        """The draft can be changed again; each error goes to the field that it names."""
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

    Covage doesn't number its questions: that the question is still the same is seen by the order's modification date,
    `payload["as_of"]`.
    """

    def describe(self, operation: Operation) -> str:
        is_cancelled = operation.payload["answer"] == CANCEL
        return _("cancel the copper order") if is_cancelled else _("confirm the copper order")

    def prepare(self, operation: Operation, client: Extranet) -> Document | None:
        order, answer = _read_again(_order(operation), client), operation.payload["answer"]
        # `answering` was reset when the order stopped waiting: waiting again, it asks something else.
        if order.status != Status.PENDING or order.answering != answer:
            raise Refused("NotPending")
        _check_question(operation, order.raw)
        return {"answer": answer, "order": order.upstream_id}

    def send(self, operation: Operation, client: Extranet) -> Document:
        sent = operation.sent or {}
        client.answer_order(sent["order"], sent["answer"])
        return _reread(sent["order"], client)

    def verify(self, operation: Operation, client: Extranet) -> Document | None:
        """The order once it no longer waits.

        Raises Refused when it was answered otherwise, or waits with what may be another question.
        """
        sent = operation.sent or {}
        raw = client.order(sent["order"])
        if raw.get("status") == Status.PENDING:
            _check_question(operation, raw)
            return None
        if (raw.get("status") == Status.CANCELED) != (sent["answer"] == CANCEL):
            ingest_orders([raw], timezone.now())
            raise Refused("AnsweredOtherwise")
        return raw

    def apply(self, operation: Operation, answer: Document) -> None:
        is_cancelled = operation.payload["answer"] == CANCEL
        _apply_answer(operation, answer, Status.CANCELED if is_cancelled else Status.RUNNING)
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
    """The order with the vendor's current document."""
    at = timezone.now()
    if ingest_orders([client.order(str(order.upstream_id))], at):
        order.refresh_from_db()
    return order


def _check_question(operation: Operation, raw: Document) -> None:
    """Raises Refused when a waiting order was changed since it was answered."""
    if raw.get("modification_date") != operation.payload["as_of"]:
        ingest_orders([raw], timezone.now())
        raise Refused("AskedAnew")


def _reread(order_uuid: str, client: Extranet) -> Document:
    """The order after it was sent something; {} if it can't be read now, which doesn't undo what was sent."""
    with suppress(CovageError):
        return client.order(order_uuid)
    return {}


def _left_draft(raw: Document) -> bool:
    return raw.get("status") not in (None, *DRAFTS)


def _apply_answer(operation: Operation, answer: Document, status: str) -> None:
    """Merge the order as read after an operation; `status` is its status if it could not be read."""
    order = _locked(operation)
    order.merge_document(answer or order.raw | {"status": status}, timezone.now())
    order.reflect()
    order.save()


def _created(operation: Operation, client: Extranet) -> Document | None:
    """The draft created under our reference since the operation: no other order's here, and none that it replaces."""
    sent = operation.sent or {}
    excluded = {"", sent.get("replaces"), *_replaced(operation)}
    others = CopperOrder.objects.exclude(uuid=operation.target_id).filter(owner__isnull=False)
    for raw in listed(client.order_pages(modification_date_gt=operation.created_at - SKEW)):
        order_uuid = str(raw.get("order_uuid") or "")
        if order_uuid in excluded or raw.get(REFERENCE) != sent["create"][REFERENCE]:
            continue
        if not is_made_since(raw, operation.created_at):
            continue
        if not others.filter(upstream_id=order_uuid).exists():
            return client.order(order_uuid)
    return None


def _replaced(operation: Operation) -> Iterator[str]:
    """The drafts that the order replaced before, which may still exist."""
    deletions = Operation.objects.about(operation.subject_id).filter(kind=DELETE_ORDER)
    payloads: Iterable[Document] = deletions.values_list("payload", flat=True)
    yield from (payload["delete"] for payload in payloads if "delete" in payload)


def _remaining_refusals(order: CopperOrder) -> list[dict[str, Any]]:
    """The refusals that remain though Covage accepted the draft, without those of what it has accepted since."""
    differing = order.not_accepted
    return [
        refusal
        for refusal in refusals.remaining(order.refusals)
        if refusal["code"] != NOT_ACCEPTED or refusal["path"] in differing
    ]


def _not_accepted(order: CopperOrder, sent: Document) -> list[dict[str, Any]]:
    """What the vendor left out or changed of what was sent, as refusals (docs/vendor-readings.md, 26)."""
    ours, offered = order.flat_draft, flatten(sent)
    return [
        {"path": path, "code": NOT_ACCEPTED, "held": ours.get(path), "until_changed": True}
        for path in order.unsent
        if path in offered and ours.get(path) == offered[path]
    ]


def _at_fields(operation: Operation) -> list[dict[str, Any]]:
    """The errors, each at the field of its path or, if it names an object, at that object's first field."""
    return [error | {"path": _field_of(error["path"])} for error in operation.errors]


def _field_of(path: str) -> str:
    if path == ENDPOINTS:
        return f"{ENDPOINTS}.0.endpoint_ref"
    if not path or fields.ORDER.field_at(path):
        return path
    within = (field.name for field in fields.FIELDS if field.name.startswith(f"{path}."))
    return next(within, path)

"""The outbox operations of a line: save it at the vendor, and delete it there."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from covage import Covage
from drafts import refusals
from drafts.ingest import if_equal
from drafts.merge import Document
from outbox.deletion import Deletion
from outbox.handlers import Handler, Refused
from outbox.models import Operation
from outbox.queue import NewOperation, enqueue
from sessions_app import fields
from sessions_app.ingest import ITEMS, ingest_answer, keep_line, recount
from sessions_app.lines import readiness
from sessions_app.models import Cart, Line

SAVE_LINE = "save-line"
DELETE_LINE = "delete-line"


def enqueue_line(kind: str, line: Line, actor: Any) -> Operation | None:
    """Enqueue an operation of a line, unless the vendor wouldn't accept the line yet. In the caller's transaction."""
    if kind == SAVE_LINE and not line.upstream_id and not readiness.is_creatable(line.draft):
        return None
    url = reverse("sessions_app:line", args=[line.pk])
    return enqueue(NewOperation(kind, line.cart_id, line.pk, str(line), url), actor)


class SaveLine:
    """Create a line in its session, or update it from the draft."""

    def describe(self, operation: Operation) -> str:
        return _("create or change an order line")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        line = Line.objects.select_related("cart").get(pk=operation.target_id)
        if line.deleted_at or line.cart.deleted_at:
            return None
        if not line.cart.upstream_id:
            raise Refused("CartMissing")
        if not line.upstream_id:
            return {"create": dict(line.draft), "in": line.cart.upstream_id}
        at = timezone.now()
        document = fields.LINE.read(client.line(line.upstream_id))
        # Merged into an unlocked copy first. What is new there is saved with the answer, unless it raises a conflict
        # or nothing has to be sent.
        conflicts = dict(line.conflicts)
        if line.merge_upstream(document, at):
            operation.read = (document, at)
            if line.conflicts != conflicts or not _changes(line):
                line = _merged(operation, document, at)
        changes = _changes(line)
        return {"change": changes, "of": line.upstream_id, "in": line.cart.upstream_id} if changes else None

    def send(self, operation: Operation, client: Covage) -> Document:
        sent = operation.sent or {}
        if "create" in sent:
            return client.create_line(sent["in"], sent["create"])
        return client.update_line(sent["in"], sent["of"], fields.wire_blanks(sent["change"]))

    def verify(self, operation: Operation, client: Covage) -> Document | None:
        line = Line.objects.select_related("cart").get(pk=operation.target_id)
        sent = operation.sent or {}
        if "create" not in sent:
            return if_equal(fields.LINE.read(client.line(str(line.upstream_id))), sent["change"])
        ours = set(line.cart.lines.exclude(pk=line.pk).values_list("upstream_id", flat=True))
        items: list[Document] = client.session(str(line.cart.upstream_id)).get(ITEMS) or []
        for item in items:
            if item.get("external_id") == sent["create"]["external_id"] and str(item["id"]) not in ours:
                return item
        return None

    def apply(self, operation: Operation, answer: Document) -> None:
        line = _locked_line(operation)
        counted = line.counted
        if line.upstream_id != str(answer["id"]):
            # A sync may have shown our new line as a stranger's a moment ago.
            Line.objects.filter(upstream_id=str(answer["id"])).exclude(pk=line.pk).delete()
            line.upstream_id = str(answer["id"])
        if operation.read:
            line.merge_upstream(*operation.read)
        ingest_answer(line, fields.LINE.read(answer), operation)
        keep_line(line, counted)

    def refused(self, operation: Operation) -> None:
        line = _locked_line(operation)
        counted = line.counted
        if operation.failure == "NotFound" and line.upstream_id:
            line.gone_at = timezone.now()
        line.refusals = refusals.of(operation.errors, line.draft)
        keep_line(line, counted)


class DeleteLine(Deletion[Covage]):
    """Delete a line from its session."""

    def describe(self, operation: Operation) -> str:
        return _("delete an order line")

    def prepare(self, operation: Operation, client: Covage) -> Document | None:
        line = Line.objects.select_related("cart").get(pk=operation.target_id)
        return {"delete": line.upstream_id, "from": line.cart.upstream_id} if line.upstream_id else None

    def delete(self, sent: Document, client: Covage) -> None:
        client.delete_line(sent["from"], sent["delete"])

    def is_there(self, sent: Document, client: Covage) -> bool:
        items = client.session(sent["from"]).get(ITEMS) or []
        return any(str(item["id"]) == sent["delete"] for item in items)

    def apply(self, operation: Operation, answer: Document) -> None:
        Line.objects.filter(pk=operation.target_id).update(gone_at=timezone.now())

    def refused(self, operation: Operation) -> None:
        """The line is still there, so it comes back."""
        Cart.objects.select_for_update().get(pk=operation.subject_id)
        Line.objects.filter(pk=operation.target_id).update(deleted_at=None)
        recount([operation.subject_id])


def _changes(line: Line) -> Document:
    """The fields to send, by name: those that differ, but for what can be said at creation only."""
    changes = line.changes_to_send()
    return {name: value for name, value in changes.items() if name not in fields.ONLY_AT_CREATION}


def _locked_line(operation: Operation) -> Line:
    """The line that an operation is about, locked after its cart as everywhere."""
    cart = Cart.objects.select_for_update().get(pk=operation.subject_id)
    line = Line.objects.select_for_update().get(pk=operation.target_id)
    line.cart = cart
    return line


@transaction.atomic
def _merged(operation: Operation, document: Document, at: datetime) -> Line:
    """The line, saved with what the vendor shows of it, true as of `at`."""
    line = _locked_line(operation)
    counted = line.counted
    if line.merge_upstream(document, at):
        keep_line(line, counted)
    return line


HANDLERS: dict[str, Handler[Covage]] = {SAVE_LINE: SaveLine(), DELETE_LINE: DeleteLine()}

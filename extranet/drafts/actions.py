"""What people do to copper orders. Each is one transaction: the change, its event, and its operation in the outbox."""

import re
import uuid
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import timezone

from accounts.ownership import teams_for
from drafts import actions as drafts_actions
from drafts.actions import NotADraft, NotReady, ReviewedOtherwise
from drafts.editing import Posted, SavedEdit, apply_posted
from drafts.history import record
from drafts.merge import Changes, is_blank
from drafts.models import own_reference
from extranet.drafts.completion import completed
from extranet.drafts.operations import (
    ANSWER_ORDER,
    CANCEL,
    CONFIRM,
    SAVE_ORDER,
    SUBMIT_ORDER,
    enqueue_order,
    review_digest,
)
from extranet.fields import CONTACT, SERVICE
from extranet.ingest import DELETE_ORDER, REFERENCE, recount_namesakes
from extranet.models import CopperOrder
from extranet.states import DRAFTS, Type
from outbox import queue
from outbox.models import Operation, OperationQuerySet

if TYPE_CHECKING:
    from accounts.models import Team, User

Values = Mapping[str, Any]

_ALIAS = re.compile(r"S[0-9]+_[0-9]+")
# What belongs to one order alone, and is not copied with it.
_NOT_COPIED = frozenset({REFERENCE, "eligibility_ref", "batch_alias", *SERVICE})


class NotPending(Exception):
    """The order isn't waiting for an answer, or one was given."""


class NotInService(Exception):
    """The order has no service that could be ended."""


@transaction.atomic
def create_order(
    by: "User",
    values: Values,
    typed: Mapping[str, str] | None = None,
    *,
    team: "Team | None" = None,
    key: uuid.UUID | None = None,
) -> CopperOrder:
    """Create an activation. With `key`, the same key again returns the order that it created."""
    return _insert({"type": Type.ACTIVATE.value, **values}, typed or {}, by, team, key, "created")


def edit_order(
    key: uuid.UUID, by: "User", values: Values, typed: Mapping[str, str]
) -> tuple[CopperOrder, dict[str, Any]]:
    """Save what was typed: `values` by path, and by path what isn't a valid value (`typed`).

    Returns the order and what changed, {path: [before, after]}. Values of locked fields are ignored. Raises
    NotADraft.
    """
    with transaction.atomic():
        order = lock_draft(key)
        if is_blank(values.get(REFERENCE, "unchanged")):
            values = {**values, REFERENCE: own_reference(order.uuid)}
        changes = drafts_actions.edit(order, values, typed)
        _save_edited(order, by, [changes])
    recount_namesakes(*changes.get(REFERENCE, ()))
    return order, changes


def save_order(key: uuid.UUID, by: "User", posted: Posted) -> tuple[CopperOrder, SavedEdit]:
    """Save what a draft's form sent. Returns the order, and what was typed into it. Raises NotADraft."""
    with transaction.atomic():
        order = lock_draft(key)
        saved = apply_posted(order, posted, completed)
        _save_edited(order, by, saved.changes)
    recount_namesakes(*(reference for changes in saved.changes for reference in changes.get(REFERENCE, ())))
    return order, saved


@transaction.atomic
def hand_over(key: uuid.UUID, by: "User", *, owner: "User | None", team: "Team | None") -> CopperOrder:
    """Change an order's owner and team, whatever its status."""
    order = CopperOrder.objects.select_for_update().get(uuid=key)
    if changes := drafts_actions.hand_over(order, owner, team):
        order.save(update_fields=["owner", "team"])
        record("edited", order.uuid, actor=by, label=str(order), changes=changes)
    return order


@transaction.atomic
def take_order(key: uuid.UUID, by: "User") -> CopperOrder:
    """Make the user the owner of an order that has none yet."""
    order = CopperOrder.objects.select_for_update().get(uuid=key)
    drafts_actions.take_over(order, by)
    return order


def delete_order(key: uuid.UUID, by: "User") -> None:
    """Delete a draft, here at once and upstream if it is there. Raises NotADraft."""
    with transaction.atomic():
        order = lock_draft(key)
        order.deleted_at = timezone.now()
        order.save(update_fields=["deleted_at"])
        record("deleted", order.uuid, actor=by, label=str(order))
        queue.withdraw_waiting(order.uuid, but=DELETE_ORDER)
        enqueue_order(DELETE_ORDER, order, by)
    recount_namesakes(order.operator_order_ref)


@transaction.atomic
def settle_conflict(key: uuid.UUID, by: "User", path: str, *, ours: bool) -> CopperOrder:
    """End a conflict as a person decided. A path without a conflict is left as it is. Raises NotADraft."""
    order = lock_draft(key)
    if changes := drafts_actions.settle(order, path, ours=ours):
        order.reflect()
        order.save()
        record("conflict-settled", order.uuid, actor=by, label=str(order), changes=changes)
        if order.unsent:
            enqueue_order(SAVE_ORDER, order, by)
    return order


@transaction.atomic
def submit_order(key: uuid.UUID, by: "User", reviewed: str) -> CopperOrder:
    """Enqueue the submission of a draft, once, if its content still has the digest `reviewed`.

    An order that is being submitted or was submitted is returned as it is. Raises NotADraft, NotReady,
    ReviewedOtherwise.
    """
    order = CopperOrder.objects.select_for_update().get(uuid=key)
    if order.submitting_since or order.status not in DRAFTS:
        return order
    if not order.is_draft:
        raise NotADraft
    if review_digest(order) != reviewed:
        raise ReviewedOtherwise
    if order.missing():
        raise NotReady
    if order.unsent or not order.upstream_id:
        enqueue_order(SAVE_ORDER, order, by)
    order.submitting_since = timezone.now()
    order.save(update_fields=["submitting_since"])
    # Once each time that it is a draft: Covage may make it one again.
    operations = Operation.objects.about(order.uuid)
    accepted = operations.filter(kind=SUBMIT_ORDER, state=Operation.State.SUCCEEDED)
    once = f"{SUBMIT_ORDER}:{order.uuid}:{accepted.count()}"
    enqueue_order(SUBMIT_ORDER, order, by, payload={"reviewed": reviewed}, once=once)
    record("submission-asked", order.uuid, actor=by, label=str(order))
    return order


@transaction.atomic
def answer_order(key: uuid.UUID, by: "User", answer: str, *, form: uuid.UUID | None = None) -> CopperOrder:
    """Enqueue the answer ("confirm" or "cancel") to an order that waits for one, once. Raises NotPending, ValueError.

    The same `form` again gives no second answer: its user has seen no other question.
    """
    if answer not in (CONFIRM, CANCEL):
        raise ValueError("An order is answered by confirm or cancel.")
    order = CopperOrder.objects.select_for_update().get(uuid=key)
    if order.answering == answer or (form and answers_of(key, form).exists()):
        return order
    if not order.is_pending:
        raise NotPending
    order.answering = answer
    order.save(update_fields=["answering"])
    payload = {"answer": answer, "as_of": order.raw.get("modification_date")}
    enqueue_order(ANSWER_ORDER, order, by, payload=payload | ({"form": str(form)} if form else {}))
    record(f"{answer}-asked", order.uuid, actor=by, label=str(order))
    return order


def answers_of(key: uuid.UUID, form: uuid.UUID) -> OperationQuerySet:
    """The answers to an order given by a form, without withdrawn ones."""
    given = Operation.objects.about(key).filter(kind=ANSWER_ORDER, payload__form=str(form))
    return given.exclude(state=Operation.State.WITHDRAWN)


@transaction.atomic
def terminate_service(key: uuid.UUID, by: "User", *, form: uuid.UUID | None = None) -> CopperOrder:
    """Create a draft that ends the service of a completed order, with its contact, or return the one there is.

    Raises NotInService.
    """
    order = CopperOrder.objects.select_for_update().get(uuid=key)
    if not order.is_in_service:
        raise NotInService
    if termination := order.terminations().first():
        return termination
    values = {"type": Type.TERMINATE.value, "operator_order_name": order.operator_order_name}
    names = (*SERVICE, CONTACT, "product.code")
    values |= {name: order.upstream[name] for name in names if order.upstream.get(name)}
    values |= {name: value for name, value in order.upstream.items() if name.startswith("owner.")}
    return _insert(values, {}, by, order.team, form, "termination-begun")


@transaction.atomic
def terminate_unknown(reference: str, by: "User", *, form: uuid.UUID | None = None) -> CopperOrder:
    """Create a draft that ends a service which no order known here delivered, or return the one there is."""
    if termination := termination_of(reference):
        return termination
    values = {"type": Type.TERMINATE.value, **_service_named(reference)}
    return _insert(values, {}, by, None, form, "termination-begun")


def termination_of(reference: str) -> CopperOrder | None:
    """The order that ends the service with exactly this reference, if there is one."""
    return CopperOrder(**_service_named(reference)).terminations().first()


def _service_named(reference: str) -> dict[str, str]:
    """A service's reference by its field's name: an alias as extranet-orders.txt spells one, else a uuid."""
    is_alias = _ALIAS.fullmatch(reference.upper())
    return {"service_alias": reference.upper()} if is_alias else {"service_uuid": reference}


@transaction.atomic
def duplicate_order(key: uuid.UUID, by: "User", *, form: uuid.UUID | None = None) -> CopperOrder:
    """Create a draft with the values of an activation, except what belongs to one order alone.

    It gets the same team if that is one of the user's. Raises CopperOrder.DoesNotExist.
    """
    source = CopperOrder.objects.get(uuid=key)
    values = {name: value for name, value in source.shown.items() if name not in _NOT_COPIED}
    team = source.team if source.team in teams_for(by) else None
    return _insert({**values, "type": Type.ACTIVATE.value}, {}, by, team, form, "duplicated")


def may_be_withdrawn(operation: Operation) -> bool:
    """Whether users may withdraw an operation that was never sent: not a deletion that only follows another one."""
    return operation.kind != DELETE_ORDER or not operation.payload


def withdraw(operation: Operation, by: "User") -> bool:
    """Withdraw an operation before anything was sent. The draft stays as it is. Returns whether it was possible.

    The deletion of a replaced draft can't be withdrawn: it would come back as an order of its own.
    """
    if not may_be_withdrawn(operation):
        return False
    with transaction.atomic():
        orders = CopperOrder.objects.select_for_update().filter(uuid=operation.subject_id)
        order = orders.first()
        if order is None or not queue.withdraw(operation):
            return False
        if operation.kind == SUBMIT_ORDER:
            orders.update(submitting_since=None)
        if operation.kind == ANSWER_ORDER:
            orders.update(answering="")
        if operation.kind == DELETE_ORDER:
            orders.update(deleted_at=None)
        record("withdrawn", order.uuid, actor=by, label=operation.label)
    recount_namesakes(order.operator_order_ref)
    return True


def lock_draft(key: uuid.UUID) -> CopperOrder:
    """A draft, locked. Raises NotADraft."""
    return drafts_actions.lock_draft(CopperOrder, uuid=key)


def _save_edited(order: CopperOrder, by: "User", steps: Sequence[Changes]) -> None:
    """Save a draft as edited in these steps, record each in its history, and enqueue it."""
    order.reflect()
    order.save()
    for changes in filter(None, steps):
        record("edited", order.uuid, actor=by, label=str(order), changes=changes)
    # Even what equals the vendor's last document is enqueued: something else may be on its way there.
    if any(steps) or order.unsent:
        enqueue_order(SAVE_ORDER, order, by)


def _insert(
    values: Values,
    typed: Mapping[str, str],
    by: "User",
    team: "Team | None",
    key: uuid.UUID | None,
    verb: str,
) -> CopperOrder:
    if key and (created := CopperOrder.objects.filter(uuid=key, owner=by).first()):
        return created
    order = CopperOrder(uuid=key or uuid.uuid4(), owner=by, team=team)
    order.edit(values, typed)
    if not drafts_actions.insert(order):
        return CopperOrder.objects.get(uuid=order.uuid, owner=by)
    record(verb, order.uuid, actor=by, label=str(order))
    enqueue_order(SAVE_ORDER, order, by)
    recount_namesakes(values.get(REFERENCE))
    return order
